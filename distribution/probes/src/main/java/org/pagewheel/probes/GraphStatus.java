package org.pagewheel.probes;

import java.util.List;
import java.util.Optional;

/**
 * A function graph as it is.
 *
 * @param buffer the name of the buffer that it is recorded in
 * @param options what was asked for
 * @param classes how many classes have methods that are recorded
 * @param methods how many methods are recorded
 * @param calls how often they were called, about: threads that call at once may count once
 * @param nanos what its calls have taken so far, about
 * @param turnedOff why it has turned itself off; empty if it records
 * @param leftAlone what was meant and cannot be recorded: a line for each reason
 */
public record GraphStatus(
    String buffer,
    GraphOptions options,
    int classes,
    int methods,
    long calls,
    long nanos,
    Optional<String> turnedOff,
    List<String> leftAlone) {
  /**
   * Copies.
   *
   * @param leftAlone lines
   */
  public GraphStatus {
    leftAlone = List.copyOf(leftAlone);
  }
}
