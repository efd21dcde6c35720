package org.pagewheel.analysis;

/** Writes events as lines. */
interface RowWriter {
  /** The beginning; null if there is none. */
  String header();

  /** A line for the lane's current event. */
  String row(LaneEvents at);

  /** Whether losses have lines of their own. */
  boolean hasLosses();

  /** A line for what was lost before or after it, if losses have lines. */
  String loss(LaneEvents at, long missed);
}
