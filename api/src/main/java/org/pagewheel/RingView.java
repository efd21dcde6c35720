package org.pagewheel;

import java.util.List;

/**
 * How one CPU's ring looks, to draw it. For monitoring only: the parts are read one after the other
 * while writers write and need not fit together.
 *
 * @param cpu the CPU
 * @param capacity bytes of records that a page holds
 * @param pages the pages of the ring, by slot
 * @param reader the page the reader holds outside the ring, or null if it has none
 * @param head the slot of the oldest page, where the next read begins; −1 if all are empty
 * @param tail the slot of the page that is being written
 * @param commit the slot of the oldest page with an event still being written, else the tail
 */
public record RingView(
    int cpu, int capacity, List<PageView> pages, PageView reader, int head, int tail, int commit) {

  /** What a page is doing. */
  public enum State {
    /** Nothing to read in it. */
    EMPTY,
    /** Being written. */
    OPEN,
    /** Left by the writers, all its events committed. */
    FULL,
    /** Left by the writers, with an event still being written in it. */
    PENDING,
    /** Outside the ring. */
    READER
  }

  /**
   * One page.
   *
   * @param sequence its number in the CPU's stream, or −1
   * @param state what it is doing
   * @param used bytes of records in it
   * @param entries committed events in it
   */
  public record PageView(long sequence, State state, int used, int entries) {}

  /**
   * Copies the list of pages.
   *
   * @throws NullPointerException if {@code pages} is null
   */
  public RingView {
    pages = List.copyOf(pages);
  }
}
