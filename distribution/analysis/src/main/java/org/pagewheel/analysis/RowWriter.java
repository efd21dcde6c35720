package org.pagewheel.analysis;

/** Writes events as lines. */
interface RowWriter {
  /** What comes first; null if nothing does. */
  String header();

  /** A line for the event that a lane is at. */
  String row(LaneEvents at);

  /** Whether losses have lines of their own. */
  boolean hasLosses();

  /** A line for what was lost before or after it, if losses have lines. */
  String loss(LaneEvents at, long missed);
}
