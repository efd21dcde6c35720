package org.pagewheel.runtime;

import java.util.Optional;

/**
 * How a trigger does.
 *
 * @param buffer the buffer whose events it watches
 * @param event the pattern of the events, {@code system:event}
 * @param action what it does: {@code traceoff} or {@code snapshot}
 * @param filter what must hold for the event's fields; empty if nothing must
 * @param fired how often it has done so
 * @param left how often it still will; −1 for ever
 * @param problem why it cannot work, or what went wrong the last time, one line
 */
public record TriggerStatus(
    String buffer,
    String event,
    String action,
    Optional<String> filter,
    long fired,
    long left,
    Optional<String> problem) {}
