package org.pagewheel.benchmarks;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/**
 * The path of an event in the lock-free ring of one CPU, mode overwrite, in steps that can be
 * measured one by one, and with more than one way to commit. Any number of threads may write. It
 * has no readers: its content is checked when there are no writers.
 *
 * <p>Each event does what {@code org.pagewheel.ring.Writer} does at each event, on the same format
 * with the same orderings. What is done once a page is plain instead: it holds a lock, and a page
 * also ends where a time extend would be due.
 */
abstract class TrialRing {
  // The page word is [ nanoseconds from the page's time | reserved bytes ], and CLOSED in bit 0,
  // which the bytes leave free. Pages are opened with the monitor held, one after the other, and
  // only when they are complete: no room is given twice. The current page is always open.

  /** Nothing was reserved: events still being written are in the way. */
  static final long REFUSED = -1;

  static final VarHandle LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  static final VarHandle INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private static final int PAGE_SIZE = BufferUnderTest.PAGE_SIZE;
  private static final int PAGE_SHIFT = Integer.numberOfTrailingZeros(PAGE_SIZE);
  private static final int LIMIT = PageLayout.capacity(PAGE_SIZE) - PageLayout.MISSED_ROOM;
  private static final int USED_MASK = PAGE_SIZE - RecordLayout.WORD;
  private static final long CLOSED = 1;

  /** Bytes of a page's two words, the page word and one of the kind of commit. */
  static final long WORDS = 16;

  private static final long SECOND = 8;

  private final MemorySegment segment;

  /** Where the ring begins in it. */
  private final long base;

  private final int pages;
  private final long firstPage;
  private final long firstRecord;

  /** The page that is written: a hint, for its word says whether it still is. */
  private int current;

  private long lost;

  /**
   * Makes an empty one.
   *
   * @param memory of {@link #bytes}, all zero
   * @param base where it begins in {@link #segment()}
   * @param pages how many, at least 2
   * @param now the time
   */
  TrialRing(MemorySegment memory, long base, int pages, long now) {
    this.segment = memory;
    this.base = base;
    this.pages = pages;
    this.firstPage = base + wordBytes(pages);
    this.firstRecord = firstPage + PageLayout.DATA;
    for (int page = 1; page < pages; page++) {
      LONG.set(memory, word(page) - base, CLOSED);
    }
    LONG.set(memory, firstPage - base + PageLayout.TIME, now);
  }

  private static long wordBytes(int pages) {
    return Math.ceilDiv(WORDS * pages, (long) PAGE_SIZE) * PAGE_SIZE;
  }

  /** How much memory so many pages need. */
  static long bytes(int pages) {
    return wordBytes(pages) + ((long) pages << PAGE_SHIFT);
  }

  private long word(int page) {
    return base + WORDS * page;
  }

  /** What all accesses go through. */
  MemorySegment segment() {
    return segment;
  }

  // ---- the steps of an event, each with those before it

  /** How long after the last event of the page: what there is to be read before the exchange. */
  final long look(long now) {
    int page = current;
    long word = (long) LONG.getAcquire(segment(), word(page));
    long record = firstRecord + ((long) page << PAGE_SHIFT);
    return Math.max(0, now - time(record, word)) + (word & USED_MASK);
  }

  /** The page's time is its first word. */
  private long time(long firstRecord, long word) {
    return (long) LONG.getOpaque(segment(), firstRecord - PageLayout.DATA) + (word >>> PAGE_SHIFT);
  }

  /**
   * Finds room, and fixes the event's time.
   *
   * @param size of the record
   * @param now the time
   * @param announced whether the record's first word is written, too
   * @return where the record begins, or {@link #REFUSED}
   */
  final long room(int size, long now, boolean announced) {
    long time = now;
    while (true) {
      int page = current;
      long word = (long) LONG.getAcquire(segment(), word(page));
      int used = (int) word & USED_MASK;
      long record = firstRecord + ((long) page << PAGE_SHIFT);
      long delta = Math.max(0, time - time(record, word));
      long after = word + (delta << PAGE_SHIFT) + size;
      boolean closed = (word & CLOSED) != 0;
      if (closed || used + size > LIMIT || delta > RecordLayout.MAX_DELTA >>> 1 || after < 0) {
        if (!closed && !turn(page, time)) { // a closed page is the current one no more
          return REFUSED;
        }
      } else if (LONG.compareAndSet(segment(), word(page), word, after)) {
        if (announced) {
          announce(
              segment(),
              record + used,
              RecordLayout.word(size / RecordLayout.WORD - 1, (int) delta));
        }
        return record + used;
      } else {
        time = System.nanoTime();
      }
    }
  }

  /**
   * Reserves room for an event.
   *
   * @param length at most {@link RecordLayout#MAX_SMALL}, a multiple of 4
   * @param now the time
   * @return where its payload begins in {@link #memory}, or {@link #REFUSED}
   */
  final long reserve(int length, long now) {
    long record = room(RecordLayout.size(length), now, true);
    return record == REFUSED ? REFUSED : record + RecordLayout.WORD;
  }

  final MemorySegment memory() {
    return segment();
  }

  /** Publishes an event; its payload is visible to whoever sees its page complete. */
  final void commit(long payload, int length) {
    int page = (int) (payload - firstPage >>> PAGE_SHIFT);
    commit(segment(), word(page) + SECOND, payload - RecordLayout.WORD, RecordLayout.size(length));
  }

  // ---- what the ways to commit differ in

  /** Writes the record's first word, or what stands there until it is committed. */
  abstract void announce(MemorySegment memory, long record, int header);

  abstract void commit(MemorySegment memory, long second, long record, int size);

  /** Whether all events are committed on a page that is closed. */
  abstract boolean isComplete(MemorySegment memory, long second, long record, int used);

  /** Makes a complete page ready for the next lap; its page word still says that it is closed. */
  abstract void empty(MemorySegment memory, long second, long record, int used);

  // ---- once a page

  /** Goes on to the next page. False if that has events which are still being written. */
  private synchronized boolean turn(int page, long now) {
    if (current != page) {
      return true; // somebody else has
    }
    int next = (page + 1) % pages;
    long nextWord = (long) LONG.getAcquire(segment(), word(next));
    int used = (int) nextWord & USED_MASK;
    long record = firstRecord + ((long) next << PAGE_SHIFT);
    if (!isComplete(segment(), word(next) + SECOND, record, used)) {
      return false;
    }
    long word = (long) LONG.getAndBitwiseOr(segment(), word(page), CLOSED);
    long last = time(firstRecord + ((long) page << PAGE_SHIFT), word);
    lost += used;
    empty(segment(), word(next) + SECOND, record, used);
    LONG.setOpaque(segment(), record - PageLayout.DATA, Math.max(last, now));
    LONG.setRelease(segment(), word(next), 0L); // pairs with the getAcquire of writers
    current = next;
    return true;
  }

  // ---- for the test, while nobody writes

  /** Bytes of records that were overwritten. */
  final synchronized long lost() {
    return lost;
  }

  /** A copy of a page as it would be handed out; the oldest first. */
  final synchronized MemorySegment page(int nth) {
    int page = (current + 1 + nth) % pages;
    int used = (int) (long) LONG.getAcquire(segment(), word(page)) & USED_MASK;
    byte[] bytes = new byte[PAGE_SIZE];
    MemorySegment copy = MemorySegment.ofArray(bytes);
    copy.copyFrom(
        segment().asSlice(firstPage + ((long) page << PAGE_SHIFT), PageLayout.DATA + used));
    copy.set(PageLayout.LONG, PageLayout.COMMIT, used);
    return copy;
  }

  /** The record's first word says itself whether it is committed; each access is checked. */
  static class HeaderCommit extends TrialRing {
    private static final int PENDING = 1 << 31;

    HeaderCommit(MemorySegment memory, int pages, long now) {
      this(memory, 0, pages, now);
    }

    HeaderCommit(MemorySegment memory, long base, int pages, long now) {
      super(memory, base, pages, now);
    }

    @Override
    void announce(MemorySegment memory, long record, int header) {
      INT.set(memory, record, PENDING | header);
      VarHandle.storeStoreFence();
    }

    @Override
    void commit(MemorySegment memory, long second, long record, int size) {
      int header = (int) INT.get(memory, record);
      if (header >= 0) {
        throw new IllegalStateException("committed before");
      }
      INT.setRelease(memory, record, header & ~PENDING); // pairs with isComplete
    }

    @Override
    boolean isComplete(MemorySegment memory, long second, long record, int used) {
      long at = record;
      while (at < record + used) {
        int header = (int) INT.getAcquire(memory, at);
        if (header <= 0) { // pending, or reserved a moment ago
          return false;
        }
        at += RecordLayout.WORD * (1L + RecordLayout.type(header));
      }
      return true;
    }

    @Override
    void empty(MemorySegment memory, long second, long record, int used) {
      memory.asSlice(record, used).fill((byte) 0);
    }
  }

  /**
   * The losing variant: an atomic addition to a word of the page counts the committed bytes. It
   * needs no zeroed page and no walk, but cannot tell which events of an open page are committed.
   */
  static final class WordCommit extends TrialRing {
    WordCommit(MemorySegment memory, int pages, long now) {
      super(memory, 0, pages, now);
    }

    @Override
    void announce(MemorySegment memory, long record, int header) {
      INT.set(memory, record, header);
    }

    @Override
    void commit(MemorySegment memory, long second, long record, int size) {
      LONG.getAndAdd(memory, second, (long) size); // pairs with isComplete
    }

    @Override
    boolean isComplete(MemorySegment memory, long second, long record, int used) {
      return (long) LONG.getAcquire(memory, second) == used;
    }

    @Override
    void empty(MemorySegment memory, long second, long record, int used) {
      LONG.set(memory, second, 0L);
    }
  }

  /**
   * The same in one segment of all memory, in a constant: the compiler leaves out the checks of its
   * bounds and its life. Pagewheel does so with its own words, in memory that only the collector
   * frees; here the payload is written so, too, which an application could write anywhere then.
   */
  static final class Unchecked extends HeaderCommit {
    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    Unchecked(MemorySegment memory, int pages, long now) {
      super(memory, memory.address(), pages, now);
    }

    @Override
    MemorySegment segment() {
      return ALL;
    }
  }

  /** Nothing is committed and nobody minds, for the steps before that; for one thread alone. */
  static final class NoCommit extends HeaderCommit {
    NoCommit(MemorySegment memory, int pages, long now) {
      super(memory, pages, now);
    }

    @Override
    void commit(MemorySegment memory, long second, long record, int size) {}

    @Override
    boolean isComplete(MemorySegment memory, long second, long record, int used) {
      return true;
    }
  }
}
