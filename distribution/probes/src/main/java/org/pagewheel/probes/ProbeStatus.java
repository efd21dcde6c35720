package org.pagewheel.probes;

import java.util.List;
import java.util.Optional;

/**
 * A probe as it is.
 *
 * @param buffer the name of the buffer that it is recorded in
 * @param event its event, {@code probe:orders_place}
 * @param options what was asked for
 * @param classes how many classes have methods with it
 * @param methods how many methods have it
 * @param hits how often it was met, about: threads that meet it at once may count once
 * @param nanos what its calls have taken so far, about, also those that were no hit because they
 *     did not last; the time that stacks take is measured
 * @param turnedOff why it has turned itself off; empty if it records
 * @param leftAlone what was meant and cannot have it: a line for each reason
 */
public record ProbeStatus(
    String buffer,
    String event,
    ProbeOptions options,
    int classes,
    int methods,
    long hits,
    long nanos,
    Optional<String> turnedOff,
    List<String> leftAlone) {
  /**
   * Copies.
   *
   * @param leftAlone lines
   */
  public ProbeStatus {
    leftAlone = List.copyOf(leftAlone);
  }
}
