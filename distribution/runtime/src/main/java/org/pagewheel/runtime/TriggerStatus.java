package org.pagewheel.runtime;

import java.util.Optional;

/**
 * How a trigger does.
 *
 * @param buffer the buffer whose events it watches
 * @param event the pattern of the events, {@code system:event}; of latencies a span, or {@code
 *     FIRST SECOND by KEY}
 * @param action what it does: {@code traceoff}, {@code snapshot}, {@code log}, {@code stacktrace},
 *     or {@code keep} and how much
 * @param filter what must hold for the event's fields or for latencies; empty if nothing must
 * @param fired how often it has done so
 * @param left how often it still will; −1 for ever
 * @param missed how often it would have: within its cool-down, after its count, or while too much
 *     was to be saved
 * @param observed what was met of the latencies it asks for, one line; empty if it asks for none
 * @param problem why it cannot work, or what went wrong the last time, one line
 */
public record TriggerStatus(
    String buffer,
    String event,
    String action,
    Optional<String> filter,
    long fired,
    long left,
    long missed,
    Optional<String> observed,
    Optional<String> problem) {
  /**
   * One of which no more is known.
   *
   * @param buffer the buffer whose events it watches
   * @param event the pattern of the events
   * @param action what it does
   * @param filter what must hold; empty if nothing must
   * @param fired how often it has done so
   * @param left how often it still will; −1 for ever
   * @param problem what went wrong
   */
  public TriggerStatus(
      String buffer,
      String event,
      String action,
      Optional<String> filter,
      long fired,
      long left,
      Optional<String> problem) {
    this(buffer, event, action, filter, fired, left, 0, Optional.empty(), problem);
  }
}
