package org.pagewheel;

/** What a full ring does with the next event. */
public enum Mode {
  /**
   * The flight recorder: the oldest page is given up for the newest event. What it held unread is
   * counted as {@link Counters#overrun() overrun} and reported in the next page that is read.
   */
  OVERWRITE,

  /**
   * Producer and consumer: the newest event is refused and counted as {@link Counters#dropped()
   * dropped}; what was recorded stays until it is read.
   */
  DISCARD
}
