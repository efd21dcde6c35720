package org.pagewheel.analysis;

/** Writes events as lines. */
interface RowWriter {
  /** What comes first; null if nothing does. */
  String header();

  /** A line for the event that a lane is at. */
  String row(LaneEvents at);

  /** A line for what was lost before it; null if the events themselves are all that is wanted. */
  String loss(LaneEvents at);
}
