package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;
import org.pagewheel.spi.Refusal;

/**
 * The words of one CPU, by name, each access with the ordering that its name says: Acquire and
 * Release as in {@link VarHandle}, {@code cas} is a volatile compare-and-exchange, {@code add} a
 * volatile atomic addition. Nothing else touches the words. Each method says what it pairs with;
 * the argument is in the design page, section "Weak memory".
 */
final class RingMemory {
  private static final VarHandle LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final VarHandle INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  // For plain accesses on the hot path: these handles do not check the alignment, which is right.
  private static final VarHandle PLAIN_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final VarHandle PLAIN_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  final MemorySegment segment;
  final RingLayout layout;

  /** Whether its addresses may be used while the segment is reachable. */
  final boolean kept;

  private final long firstPageWord;

  RingMemory(MemorySegment segment, RingLayout layout) {
    this(segment, layout, false);
  }

  /**
   * The same, where it may be {@link KeptMemory}.
   *
   * @param kept whether it is
   */
  RingMemory(MemorySegment segment, RingLayout layout, boolean kept) {
    this(segment, layout, kept, layout.bytes());
  }

  /** The words alone, without the pages. */
  static RingMemory ofWords(MemorySegment words, RingLayout layout) {
    return new RingMemory(words, layout, false, layout.wordBytes());
  }

  private RingMemory(MemorySegment segment, RingLayout layout, boolean kept, long bytes) {
    if (segment.byteSize() < bytes) {
      throw new IllegalArgumentException(
          "a ring of %d bytes does not fit in memory of %d".formatted(bytes, segment.byteSize()));
    }
    this.segment = segment;
    this.kept = kept;
    this.layout = layout;
    this.firstPageWord = layout.firstPageWord;
  }

  // ---- the hot path, which passes the segment: see Writer

  /** Of a page word, see getPageWordAcquire. */
  static long getLongAcquire(MemorySegment words, long offset) {
    return (long) LONG.getAcquire(words, offset);
  }

  /**
   * Of a page's time: as getTimeOpaque, for a caller that does a compare-and-exchange in any case.
   */
  static long getLongPlain(MemorySegment words, long offset) {
    return (long) PLAIN_LONG.get(words, offset);
  }

  /** Of a page word, see casPageWord. */
  static boolean casLong(MemorySegment words, long offset, long expected, long word) {
    return LONG.compareAndSet(words, offset, expected, word);
  }

  /** Of a record's first word, see getHeaderPlain. */
  static int getIntPlain(MemorySegment words, long offset) {
    return (int) PLAIN_INT.get(words, offset);
  }

  /** Of a record's first word, see setHeaderRelease. */
  static void setIntRelease(MemorySegment words, long offset, int word) {
    INT.setRelease(words, offset, word);
  }

  // ---- the current word

  /**
   * Pairs with casCurrent: a thread that sees a page as current sees its slot live and its word
   * emptied.
   */
  long getCurrentAcquire() {
    return (long) LONG.getAcquire(segment, RingLayout.CURRENT);
  }

  /** Pairs with getCurrentAcquire. */
  boolean casCurrent(long expected, long word) {
    return LONG.compareAndSet(segment, RingLayout.CURRENT, expected, word);
  }

  // ---- slot words

  /** Pairs with casSlot: a thread that sees a page in a slot sees what was done to it before. */
  long getSlotAcquire(long sequence) {
    return (long) LONG.getAcquire(segment, layout.slot(sequence));
  }

  /**
   * Whether everything read since {@link #getSlotAcquire} came from the page that the slot held
   * then: the reads before cannot sink below this one. Pairs with casSlot.
   */
  boolean isSlotStill(long sequence, long word) {
    VarHandle.acquireFence(); // keeps the earlier loads before the next one
    return (long) LONG.getOpaque(segment, layout.slot(sequence)) == word;
  }

  /** Pairs with getSlotAcquire and isSlotStill. */
  boolean casSlot(long sequence, long expected, long word) {
    return LONG.compareAndSet(segment, layout.slot(sequence), expected, word);
  }

  /**
   * To be called by a thread that has taken a page from its slot by casSlot, before it writes to
   * the page: a thread that sees what it writes, and looks at the slot again, sees that the page
   * was taken. The exchange alone does not ensure that where it is one instruction of ARM64: later
   * stores may be seen before its own. Pairs with isSlotStill.
   */
  static void fenceTaken() {
    VarHandle.storeStoreFence();
  }

  // ---- page words

  /**
   * Pairs with casPageWord (a thread that sees a page open sees it zeroed and its time set; one
   * that sees it closed sees how much is reserved) and with setPageWordRelease.
   */
  long getPageWordAcquire(int page) {
    return (long) LONG.getAcquire(segment, firstPageWord + 16L * page);
  }

  /** Pairs with getPageWordAcquire. */
  boolean casPageWord(int page, long expected, long word) {
    return LONG.compareAndSet(segment, firstPageWord + 16L * page, expected, word);
  }

  /** For the one thread that owns the page. Pairs with getPageWordAcquire. */
  void setPageWordRelease(int page, long word) {
    LONG.setRelease(segment, layout.pageWord(page), word);
  }

  /**
   * Its tag says whether it is current. Pairs with setMemoRelease: a thread that relies on it sees
   * the records that were found complete, and hands them out without looking at their first words.
   */
  long getMemoAcquire(int page) {
    return (long) LONG.getAcquire(segment, layout.memo(page));
  }

  /**
   * For a thread that has seen all records finished, see getHeaderAcquire. Pairs with
   * getMemoAcquire.
   */
  void setMemoRelease(int page, long memo) {
    LONG.setRelease(segment, layout.memo(page), memo);
  }

  // ---- the page's time

  /**
   * The time at which a page begins. To be read after its page word: it was set before the word
   * became open, and a compare-and-exchange that finds the page word unchanged proves that the time
   * is that page's.
   */
  long getTimeOpaque(int page) {
    return (long) LONG.getOpaque(segment, layout.page(page) + PageLayout.TIME);
  }

  /** Once in a page's life; ordered before the page's opening by casPageWord. */
  boolean casTime(int page, long expected, long time) {
    return LONG.compareAndSet(segment, layout.page(page) + PageLayout.TIME, expected, time);
  }

  /** For the one thread that owns the page; published by setPageWordRelease. */
  void setTimePlain(int page, long time) {
    LONG.set(segment, layout.page(page) + PageLayout.TIME, time);
  }

  // ---- losses and the carried time

  /** Pairs with casLoss. */
  long getLossAcquire() {
    return (long) LONG.getAcquire(segment, RingLayout.LOSS);
  }

  /** Pairs with getLossAcquire. */
  boolean casLoss(long expected, long word) {
    return LONG.compareAndSet(segment, RingLayout.LOSS, expected, word);
  }

  /** Pairs with casCarry. */
  long getCarryAcquire() {
    return (long) LONG.getAcquire(segment, RingLayout.CARRY);
  }

  /** Pairs with getCarryAcquire; ordered before the page turns by casSlot. */
  boolean casCarry(long expected, long time) {
    return LONG.compareAndSet(segment, RingLayout.CARRY, expected, time);
  }

  // ---- records

  /**
   * A record's first word. Pairs with setHeaderRelease: a thread that sees it committed sees its
   * bytes.
   */
  int getHeaderAcquire(long offset) {
    return (int) INT.getAcquire(segment, offset);
  }

  /** For the reservation's owner. */
  int getHeaderPlain(long offset) {
    return (int) INT.get(segment, offset);
  }

  /**
   * Announces a record. The fence keeps the payload after it; a crash must not reverse that order.
   */
  static void announce(MemorySegment words, long offset, int header) {
    PLAIN_INT.set(words, offset, header);
    VarHandle.storeStoreFence(); // pairs with the acquire of a thread that finds a later word
  }

  /** Writes a time extend, in one store, so that a crash leaves all or nothing of it. */
  static void announceExtend(MemorySegment words, long offset, long delta) {
    long second = delta >>> RecordLayout.DELTA_BITS;
    int first = RecordLayout.word(RecordLayout.TIME_EXTEND, (int) delta & RecordLayout.MAX_DELTA);
    words.set(PageLayout.LONG, offset, second << Integer.SIZE | first & 0xffffffffL);
    VarHandle.storeStoreFence(); // pairs with the acquire of the event's header after it
  }

  /** Commits. Pairs with getHeaderAcquire. */
  void setHeaderRelease(long offset, int header) {
    INT.setRelease(segment, offset, header);
  }

  /** Zeroes the first bytes of a page's records; for the one thread that owns the page. */
  void zeroRecords(int page, int used) {
    segment.asSlice(layout.page(page) + PageLayout.DATA, used).fill((byte) 0);
  }

  // ---- counters

  /** A counter. Pairs with add and setCounterRelease. */
  long getCounterAcquire(long offset) {
    return (long) LONG.getAcquire(segment, offset);
  }

  /** Pairs with getCounterAcquire. */
  void add(long offset, long value) {
    LONG.getAndAdd(segment, offset, value);
  }

  /** Pairs with getCounterAcquire. */
  void casCounter(long offset, long expected, long value) {
    LONG.compareAndSet(segment, offset, expected, value);
  }

  /** For the reader's own counters. Pairs with getCounterAcquire. */
  void setCounterRelease(long offset, long value) {
    LONG.setRelease(segment, offset, value);
  }

  // ---- frames that a reader holds

  /**
   * Notes that a reader takes a frame out of the ring, and where its events stand in the stream;
   * for the reader, before the compare-and-exchange that takes it. The words are for saving the
   * ring of a dead process, so a frame out of the ring has them whenever the process dies.
   */
  void hold(int page, long sequence, long events, long lost) {
    int entry = 0;
    while (getHeldAcquire(entry, RingLayout.HELD_FRAME) != 0) {
      if (++entry == layout.frames - layout.slots) {
        return; // at most as many as the spares are held, so the memory was overwritten
      }
    }
    LONG.set(segment, layout.held(entry, RingLayout.HELD_SEQUENCE), sequence);
    LONG.set(segment, layout.held(entry, RingLayout.HELD_READ), getCounterAcquire(RingLayout.READ));
    LONG.set(segment, layout.held(entry, RingLayout.HELD_EVENTS), events);
    LONG.set(segment, layout.held(entry, RingLayout.HELD_LOST), lost);
    long told = Math.max(0, lost - getCounterAcquire(RingLayout.TOLD));
    LONG.set(segment, layout.held(entry, RingLayout.HELD_TOLD), told);
    // After the others; pairs with the acquire of salvaging.
    LONG.setRelease(segment, layout.held(entry, RingLayout.HELD_FRAME), page + 1L);
  }

  /** Notes that a frame is no longer held, before anything is done to it. */
  void letGo(int page) {
    for (int entry = 0; entry < layout.frames - layout.slots; entry++) {
      if (getHeldAcquire(entry, RingLayout.HELD_FRAME) == page + 1) {
        LONG.setRelease(segment, layout.held(entry, RingLayout.HELD_FRAME), 0L);
      }
    }
    VarHandle.storeStoreFence(); // a process that dies while it zeroes the page no longer holds it
  }

  /** One of the words of {@link #hold}. Pairs with hold and letGo. */
  long getHeldAcquire(int entry, long word) {
    return (long) LONG.getAcquire(segment, layout.held(entry, word));
  }

  // ---- refusals

  private static final long[] REFUSALS = {
    RingLayout.DROPPED,
    RingLayout.COMMIT_OVERRUN,
    RingLayout.DISABLED,
    RingLayout.TOO_LONG,
    RingLayout.RECURSION
  };

  /** Set in a count of refusals that is final. */
  private static final long ENDED = Long.MIN_VALUE;

  private static long counterOf(long refusal) {
    return switch ((int) refusal) {
      case (int) Refusal.DROPPED -> RingLayout.DROPPED;
      case (int) Refusal.COMMIT_OVERRUN -> RingLayout.COMMIT_OVERRUN;
      case (int) Refusal.DISABLED -> RingLayout.DISABLED;
      case (int) Refusal.TOO_LONG -> RingLayout.TOO_LONG;
      default -> RingLayout.RECURSION;
    };
  }

  /**
   * Counts a refusal and returns it; after the end of counting returns SEALED, and the next ring
   * counts the event. So an account taken after a seal has every refusal that the ring gave. Pairs
   * with endRefusals and getRefusedAcquire.
   */
  long refuse(long refusal) {
    long counter = counterOf(refusal);
    while (true) {
      long count = (long) LONG.getVolatile(segment, counter);
      if (count < 0) {
        return Refusal.SEALED;
      }
      if (LONG.compareAndSet(segment, counter, count, count + 1)) {
        return refusal;
      }
    }
  }

  /** Makes the counts of refusals final. Pairs with refuse. */
  void endRefusals() {
    for (long counter : REFUSALS) {
      LONG.getAndBitwiseOr(segment, counter, ENDED);
    }
  }

  /** How many were refused for a reason. Pairs with refuse. */
  long getRefusedAcquire(long refusal) {
    return (long) LONG.getAcquire(segment, counterOf(refusal)) & ~ENDED;
  }

  /** Puts a new ring into zeroed memory, before another thread sees it. */
  void format() {
    int slots = layout.slots;
    for (int i = 0; i < slots; i++) {
      LONG.set(segment, layout.slot(i), layout.slotWord.of(i, i, SlotWord.FREE, 0));
      emptied(i, i + (long) slots);
    }
    for (int page = slots; page <= layout.frames; page++) {
      LONG.set(segment, layout.pageWord(page), PageWord.CLOSED);
    }
    LONG.set(segment, RingLayout.LOSS, layout.lossWord.word(slots - 1, 0));
    LONG.set(segment, RingLayout.CARRY, Long.MIN_VALUE);
    LONG.set(segment, RingLayout.HEAD, (long) slots);
    LONG.setRelease(segment, RingLayout.CURRENT, CurrentWord.of(slots - 1, layout.frames));
  }

  /** Makes a zeroed page that only the caller uses ready for a sequence. */
  void emptied(int page, long sequence) {
    setTimePlain(page, untimed(sequence));
    setPageWordRelease(page, PageWord.emptied(sequence));
  }

  /** A page's time until it is set: earlier than any clock reads. */
  static long untimed(long sequence) {
    return Long.MIN_VALUE | sequence;
  }
}
