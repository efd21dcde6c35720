package org.pagewheel.analysis;

import java.io.IOException;
import java.util.List;

/** Writes events in another tool's format, in the order of their times. */
interface EventSink {
  /** Writes the beginning. */
  void begin() throws IOException;

  /**
   * Writes the lane's current event.
   *
   * @throws IOException if it cannot be written
   */
  void event(LaneEvents at) throws IOException;

  /**
   * Writes what was lost before the lane's current event, or after its last one.
   *
   * @param missed how many; −1 if the number is unknown
   */
  void lost(LaneEvents at, long missed) throws IOException;

  /** Writes the end, including refused events, which are in no lane. */
  void end() throws IOException;

  /** What the format could not express, one line each. */
  default List<String> notes() {
    return List.of();
  }
}
