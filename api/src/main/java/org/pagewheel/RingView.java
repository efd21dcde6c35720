package org.pagewheel;

import java.util.List;

/**
 * How one CPU's ring looks, to draw it. For monitoring only: the parts are read one after the other
 * while writers write and need not fit together. Immutable.
 */
public final class RingView {
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

  /** One page. Immutable. */
  public static final class PageView {
    /** A page without a number in which nothing is. */
    public static final PageView EMPTY = new PageView(-1, State.EMPTY, 0, 0);

    private final long sequence;
    private final State state;
    private final int used;
    private final int entries;

    private PageView(long sequence, State state, int used, int entries) {
      this.sequence = sequence;
      this.state = state;
      this.used = used;
      this.entries = entries;
    }

    /**
     * A page.
     *
     * @param sequence its number in the CPU's stream, or −1
     * @param state what it is doing, not null
     * @param used bytes of records in it
     * @param entries committed events in it
     * @return the page
     */
    public static PageView of(long sequence, State state, int used, int entries) {
      return new PageView(sequence, state, used, entries);
    }

    /**
     * The page's number in the CPU's stream.
     *
     * @return a number of at least 0, or −1 if it has none
     */
    public long sequence() {
      return sequence;
    }

    /**
     * What it is doing.
     *
     * @return never null
     */
    public State state() {
      return state;
    }

    /**
     * Bytes of records in it.
     *
     * @return a number of at least 0
     */
    public int used() {
      return used;
    }

    /**
     * Committed events in it.
     *
     * @return a number of at least 0
     */
    public int entries() {
      return entries;
    }

    @Override
    public String toString() {
      return "page %d %s, %d bytes, %d events".formatted(sequence, state, used, entries);
    }
  }

  private final int cpu;
  private final int capacity;
  private final List<PageView> pages;
  private final PageView reader;
  private final int head;
  private final int tail;
  private final int commit;

  private RingView(Builder from) {
    cpu = from.cpu;
    capacity = from.capacity;
    pages = List.copyOf(from.pages);
    reader = from.reader;
    head = from.head;
    tail = from.tail;
    commit = from.commit < 0 ? from.tail : from.commit;
  }

  /**
   * Begins a view of a ring in which nothing is.
   *
   * @param cpu the CPU
   * @param capacity bytes of records that a page holds
   * @param pages the pages of the ring, by slot; copied
   * @return a builder
   */
  public static Builder builder(int cpu, int capacity, List<PageView> pages) {
    return new Builder(cpu, capacity, pages);
  }

  /**
   * The CPU.
   *
   * @return a number of at least 0
   */
  public int cpu() {
    return cpu;
  }

  /**
   * How much a page holds.
   *
   * @return bytes of records
   */
  public int capacity() {
    return capacity;
  }

  /**
   * The pages of the ring, by slot.
   *
   * @return an immutable list
   */
  public List<PageView> pages() {
    return pages;
  }

  /**
   * The page that the reader holds outside the ring.
   *
   * @return the page, or null if it has none
   */
  public PageView reader() {
    return reader;
  }

  /**
   * The slot of the oldest page, where the next read begins.
   *
   * @return a slot; −1 if all are empty
   */
  public int head() {
    return head;
  }

  /**
   * The slot of the page that is being written.
   *
   * @return a slot
   */
  public int tail() {
    return tail;
  }

  /**
   * The slot of the oldest page with an event still being written.
   *
   * @return a slot; the tail if there is none
   */
  public int commit() {
    return commit;
  }

  /** Makes a view. For one thread. */
  public static final class Builder {
    private final int cpu;
    private final int capacity;
    private final List<PageView> pages;
    private PageView reader;
    private int head = -1;
    private int tail;
    private int commit = -1;

    private Builder(int cpu, int capacity, List<PageView> pages) {
      this.cpu = cpu;
      this.capacity = capacity;
      this.pages = pages;
    }

    /**
     * Sets the page that the reader holds outside the ring.
     *
     * @param value the page, or null if it has none, as at first
     * @return this
     */
    public Builder reader(PageView value) {
      reader = value;
      return this;
    }

    /**
     * Sets the slot of the oldest page.
     *
     * @param value a slot; −1 if all are empty, as at first
     * @return this
     */
    public Builder head(int value) {
      head = value;
      return this;
    }

    /**
     * Sets the slot of the page that is being written.
     *
     * @param value a slot; 0 at first
     * @return this
     */
    public Builder tail(int value) {
      tail = value;
      return this;
    }

    /**
     * Sets the slot of the oldest page with an event still being written.
     *
     * @param value a slot; −1 if there is none, as at first
     * @return this
     */
    public Builder commit(int value) {
      commit = value;
      return this;
    }

    /**
     * Makes the view.
     *
     * @return as it was set until now
     */
    public RingView build() {
      return new RingView(this);
    }
  }
}
