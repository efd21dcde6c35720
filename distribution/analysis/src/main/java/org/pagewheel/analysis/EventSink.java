package org.pagewheel.analysis;

import java.io.IOException;

/** Writes events in another tool's format, in the order of their times. */
interface EventSink {
  /** What comes first. */
  void begin() throws IOException;

  /**
   * The event that a lane is at.
   *
   * @throws IOException if it cannot be written
   */
  void event(LaneEvents at) throws IOException;

  /**
   * What was lost before the event that a lane is at, or after its last one.
   *
   * @param missed how many; −1 if the number is unknown
   */
  void lost(LaneEvents at, long missed) throws IOException;

  /** What comes last; what was refused and is in no lane included. */
  void end() throws IOException;
}
