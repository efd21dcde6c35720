package org.pagewheel;

import java.util.Locale;
import org.pagewheel.internal.RefusalCode;

/**
 * What is counted of each CPU of a ring. A new counter is one constant here: accounts and their
 * sums, the shell's table and JMX take it from there, and a new refusal or loss also the metrics
 * and the events of the stats consumer. A backend that does not know it leaves it at 0.
 */
public enum Counter {
  /** Events committed. */
  WRITTEN(Unit.EVENTS, "committed"),

  /** Events consumed. */
  READ(Unit.EVENTS, "consumed"),

  /** Events that were overwritten, or given up with their page, before they were read. */
  OVERRUN(Unit.EVENTS, "overwritten or given up before they were read"),

  /** Refused: the ring was full, in mode {@link Mode#DISCARD}. */
  DROPPED(RefusalCode.DROPPED, "refused: the ring is full"),

  /** Refused: the ring had come round to events still being written. */
  COMMIT_OVERRUN(RefusalCode.COMMIT_OVERRUN, "refused: the ring is full of events being written"),

  /** Refused: recording was off, or the CPU's ring was disabled by an error of its own. */
  DISABLED(RefusalCode.DISABLED, "refused: recording is off"),

  /** Refused: longer than {@link org.pagewheel.spi.RingWriter#maxEventSize}. */
  TOO_LONG(RefusalCode.TOO_LONG, "refused: too long for a page"),

  /** Refused: the ring's own clock or CPU number tried to write to it. */
  RECURSION(RefusalCode.RECURSION, "refused: the clock or the CPU number wrote an event"),

  /** Taken back by the writer; not among the attempts. */
  DISCARDED(Unit.EVENTS, "taken back by their writers"),

  /**
   * Events that {@link Buffer#clear} dropped unread: no loss. Only in {@link Buffer#totals}; rings
   * leave it at 0.
   */
  CLEARED(Unit.EVENTS, "dropped unread when the buffer was cleared"),

  /** Unread bytes, with record headers and padding. */
  BYTES(Unit.BYTES, "unread, with record headers and padding"),

  /** Pages that the writers have left full or flushed. */
  PAGES_WRITTEN(Unit.PAGES, "left full, or flushed"),

  /** Pages that were consumed. */
  PAGES_READ(Unit.PAGES, "consumed"),

  /** Pages that were overwritten, or given up, with unread events. */
  PAGES_LOST(Unit.PAGES, "overwritten or given up with unread events"),

  /** The time of the oldest unread event, or {@link Counters#NONE}. */
  OLDEST(Unit.NANOSECONDS, "the time of the oldest unread event");

  /** What a counter counts in. */
  public enum Unit {
    /** Events. */
    EVENTS,
    /** Pages. */
    PAGES,
    /** Bytes. */
    BYTES,
    /** Times of the ring's clock. */
    NANOSECONDS
  }

  private final Unit unit;
  private final String meaning;

  /**
   * What {@link org.pagewheel.spi.RingWriter#reserve} answers when it raises the counter; 0 if it
   * never does.
   */
  private final long refusal;

  Counter(Unit unit, String meaning) {
    this(unit, 0, meaning);
  }

  Counter(long refusal, String meaning) {
    this(Unit.EVENTS, refusal, meaning);
  }

  Counter(Unit unit, long refusal, String meaning) {
    this.unit = unit;
    this.refusal = refusal;
    this.meaning = meaning;
  }

  /**
   * The name as a table shows it.
   *
   * @return lower-case words, such as {@code commit overrun}
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /**
   * What it counts.
   *
   * @return events, pages, bytes or nanoseconds
   */
  public Unit unit() {
    return unit;
  }

  /**
   * What is counted, in words that go on after the {@link #unit}.
   *
   * @return such as {@code overwritten or given up before they were read}
   */
  public String meaning() {
    return meaning;
  }

  /**
   * Whether it counts events that a ring refused: they are attempts, but were not written.
   *
   * @return true for one cause of {@link Counters#refused}
   */
  public boolean isRefusal() {
    return refusal != 0;
  }

  /**
   * The refusal that raises it.
   *
   * @return a negative result of {@link org.pagewheel.spi.RingWriter#reserve}, or 0 if it is no
   *     {@link #isRefusal refusal}
   */
  public long refusal() {
    return refusal;
  }

  /**
   * Whether it counts events that nobody can read any more, or ever could.
   *
   * @return true for {@link #OVERRUN} and each refusal
   */
  public boolean isLoss() {
    return this == OVERRUN || isRefusal();
  }

  private boolean isTime() {
    return unit == Unit.NANOSECONDS;
  }

  /** Its value where nothing has happened. */
  long none() {
    return isTime() ? Counters.NONE : 0;
  }

  /** Its value of two CPUs, or rings, together. */
  long together(long one, long other) {
    if (!isTime()) {
      return one + other;
    }
    return one == Counters.NONE ? other : other == Counters.NONE ? one : Math.min(one, other);
  }
}
