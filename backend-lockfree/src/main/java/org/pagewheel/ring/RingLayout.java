package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import org.pagewheel.Mode;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Reservation;

/**
 * The layout of one CPU's ring in its memory. All words have 8 bytes, are aligned to 8 and are
 * little endian.
 *
 * <pre>
 *  byte 0     +--------------------------------------------------------------------+
 *             | current      which page is being written               CurrentWord | read at
 *             |                                                                    | each event
 *       128   +--------------------------------------------------------------------+
 *             | loss | loss halves | carry                                LossWord | at turning
 *             |                                                                    | a page
 *       256   +--------------------------------------------------------------------+
 *             | dropped | commit overrun | disabled | too long | recursion |       | at refusals
 *             | discarded | pages written | pages lost                             |
 *       384   +--------------------------------------------------------------------+
 *             | head | told | read | pages read | late                             | the reader
 *       512   +--------------------------------------------------------------------+
 *             | slot word 0 | slot word 1 | … | slot word slots-1         SlotWord |
 *             +--------------------------------------------------------------------+
 *             | page word 0 | memo 0 | page word 1 | memo 1 | …  PageWord, MemoWord|
 *             | … page word of no page: always closed                              |
 *             +--------------------------------------------------------------------+
 *             | of each frame that is held: frame + 1 | sequence |   HELD… | the reader
 *             | read | events | lost | told | … as many as spares                  |
 *             +---------- next multiple of 4096 -----------------------------------+
 *             | page 0                                        PageLayout, Records  |
 *             | page 1                                                             |
 *             | … page frames-1                                                    |
 *             | a page that nobody uses                                            |
 *             +--------------------------------------------------------------------+
 * </pre>
 *
 * <p>There are as many slots as pages in the ring; in mode {@link Mode#OVERWRITE} one more, because
 * the page ahead of the writers is emptied before they need it. There are as many page frames as
 * slots and spares: a frame that is in no slot is the reader's. After the last one there is room
 * for one more page: if the file that holds the ring is emptied, the page word of no page looks
 * open, and what is written there does no harm.
 */
public final class RingLayout {
  /** Which page is being written: a {@link CurrentWord}. */
  public static final long CURRENT = 0;

  /** The low bits of the number of events lost by overwriting: a {@link LossWord}. */
  public static final long LOSS = 128;

  /** How many halves of the range of {@link #LOSS} are full, or one less. */
  public static final long LOSS_HALVES = LOSS + 8;

  /** The time of the last event of the last page that the writers left; only rises. */
  public static final long CARRY = LOSS + 16;

  /**
   * Refused: full, in mode DISCARD. In this and the other counts of refusals the highest bit says
   * that the ring is sealed and the count final.
   */
  public static final long DROPPED = 256;

  /** Refused: events still being written were in the way. */
  public static final long COMMIT_OVERRUN = DROPPED + 8;

  /** Refused: recording was off. */
  public static final long DISABLED = DROPPED + 16;

  /** Refused: longer than the largest event. */
  public static final long TOO_LONG = DROPPED + 24;

  /** Refused: the ring's own clock or CPU number wrote an event. */
  public static final long RECURSION = DROPPED + 32;

  /** Discarded by the writer. */
  public static final long DISCARDED = DROPPED + 40;

  /** Pages that the writers left with records in them. */
  public static final long PAGES_WRITTEN = DROPPED + 48;

  /** Pages given up with unread events. */
  public static final long PAGES_LOST = DROPPED + 56;

  /** The sequence at which the next read begins; the reader's. */
  public static final long HEAD = 384;

  /** How many of the lost events pages have reported; the reader's. */
  public static final long TOLD = HEAD + 8;

  /** Events consumed; the reader's. */
  public static final long READ = HEAD + 16;

  /** Pages consumed; the reader's. */
  public static final long PAGES_READ = HEAD + 24;

  /** Events committed after the reader had passed their page, and counted; the reader's. */
  public static final long LATE = HEAD + 32;

  /** In an entry for a frame that a reader holds: its number plus 1; 0 in a free entry. */
  static final long HELD_FRAME = 0;

  /** The sequence of its page. */
  static final long HELD_SEQUENCE = 8;

  /** The value of {@link #READ} before its first event. */
  static final long HELD_READ = 16;

  /** How many events it was handed out with. */
  static final long HELD_EVENTS = 24;

  /** All events lost before it. */
  static final long HELD_LOST = 32;

  /** How many of them it reports, because no earlier page did. */
  static final long HELD_TOLD = 40;

  private static final long HELD_WORDS = 48;

  private static final long SLOTS = 512;
  static final long PAGE_WORDS = 16;
  private static final long MEMO = 8;

  /** The most page frames that a slot word can number. */
  public static final int MAX_FRAMES = CurrentWord.MAX_PAGES - 1;

  /** What a full ring does. */
  final Mode mode;

  /** Pages that hold events at once. */
  final int pages;

  final int slots;
  final int frames;
  final int pageSize;
  final int pageShift;
  final long firstPageWord;
  private final long firstHeld;
  final long firstPage;
  final SlotWord slotWord;
  final PageWord pageWords;
  final LossWord lossWord;

  /**
   * How many bits the numbers that wrap round have; tests use few.
   *
   * @param offset of an offset in the memory, in a reservation
   * @param sequence of the sequence in a slot word, at most
   * @param losses of the count in a loss word
   */
  record Widths(int offset, int sequence, int losses) {
    static final Widths USUAL = new Widths(Reservation.OFFSET_BITS, Long.SIZE, LossWord.COUNT_BITS);
  }

  /**
   * Plans a ring.
   *
   * @param mode what it does when it is full
   * @param pages how many pages hold events, at least 2
   * @param spares how many more pages a reader can hold at once, at least 1
   * @param pageSize bytes of a page, a power of two
   * @throws IllegalArgumentException if a number is out of range; the message says which
   */
  public RingLayout(Mode mode, int pages, int spares, int pageSize) {
    this(mode, pages, spares, pageSize, Widths.USUAL);
  }

  RingLayout(Mode mode, int pages, int spares, int pageSize, Widths widths) {
    this.mode = mode;
    this.pages = pages;
    this.pageSize = PageLayout.checkPageSize(pageSize);
    this.slots = mode == Mode.OVERWRITE ? pages + 1 : pages;
    this.frames = slots + spares;
    if (pages < 2 || spares < 1 || frames > MAX_FRAMES) {
      throw new IllegalArgumentException(
          ("pages = %d and spares = %d: a CPU has at least 2 and 1, and at most %d in all:"
                  + " take larger pages")
              .formatted(pages, spares, MAX_FRAMES - 1));
    }
    this.pageShift = Integer.numberOfTrailingZeros(pageSize);
    this.firstPageWord = SLOTS + 8L * slots;
    this.firstHeld = firstPageWord + PAGE_WORDS * (frames + 1L);
    long words = firstHeld + HELD_WORDS * spares;
    this.firstPage =
        Math.ceilDiv(words, (long) PageLayout.MIN_PAGE_SIZE) * PageLayout.MIN_PAGE_SIZE;
    if (bytes() > 1L << widths.offset) {
      throw new IllegalArgumentException(
          ("pages = %d of page-size = %d and spares = %d: a CPU's ring has at most %,d MiB:"
                  + " take fewer or smaller pages")
              .formatted(pages, pageSize, spares, (1L << widths.offset) >> 20));
    }
    this.slotWord = new SlotWord(pageSize, widths.sequence);
    this.lossWord = new LossWord(widths.losses);
    this.pageWords = new PageWord(pageSize);
  }

  /**
   * How much memory one CPU needs.
   *
   * @return bytes, a multiple of 4096
   */
  public long bytes() {
    return firstPage + (frames + 1L << pageShift);
  }

  /**
   * How much of that is words; the pages follow.
   *
   * @return bytes, a multiple of 4096
   */
  public long wordBytes() {
    return firstPage;
  }

  /**
   * The offset of a slot word.
   *
   * @param sequence the sequence of the page that is, was or will be in the slot
   * @return an offset in the memory
   */
  long slot(long sequence) {
    return SLOTS + 8 * slotIndex(sequence);
  }

  /** The slot of the page of a sequence, from 0 to slots − 1. */
  long slotIndex(long sequence) {
    return Long.remainderUnsigned(sequence, slots);
  }

  /**
   * The offset of a page word.
   *
   * @param page from 0 to frames; the last is the word of no page
   * @return an offset in the memory
   */
  long pageWord(int page) {
    return firstPageWord + PAGE_WORDS * page;
  }

  /**
   * The offset of a page's memo.
   *
   * @param page from 0 to frames − 1
   * @return an offset in the memory
   */
  long memo(int page) {
    return firstPageWord + PAGE_WORDS * page + MEMO;
  }

  /**
   * The offset of a word in the entry of a held frame.
   *
   * @param entry from 0 to frames − slots − 1
   * @param word one of the constants {@code HELD…}
   * @return an offset in the memory
   */
  long held(int entry, long word) {
    return firstHeld + HELD_WORDS * entry + word;
  }

  /**
   * The offset of a page.
   *
   * @param page from 0 to frames − 1
   * @return an offset in the memory
   */
  long page(int page) {
    return firstPage + ((long) page << pageShift);
  }

  /** The memory of a page alone. */
  MemorySegment segmentOf(MemorySegment memory, int page) {
    return memory.asSlice(page(page), pageSize);
  }
}
