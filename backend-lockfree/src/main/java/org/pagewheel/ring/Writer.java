package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import org.pagewheel.Clock;
import org.pagewheel.Refusal;
import org.pagewheel.Reservation;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/** Reserve, commit and discard on the ring of one CPU: the hot path, and what leaves it. */
final class Writer {
  // An event costs: read the clock, the page word of the page that was last open and the page's
  // time; one compare-and-exchange of the page word; the record's first word; and to commit, the
  // same word again with release. All else is done once a page, in slowly(), and so is what follows
  // a lost race: the less code reserve() is, the sooner the compiler puts it into its callers. Each
  // access of the segment is some 15 instructions that check its bounds and life, fewer where
  // nothing since the last access could have changed them, that is, behind a plain one.
  //
  // Rejected for the commit: an atomic add on a commit word of the page (variant.commit-word of the
  // benchmarks). It costs the same, tells a complete page without a walk, but cannot tell which
  // events are committed while one is not; so neither could a reader of an open page, nor one of
  // the file of a killed process.

  /** The bit of a reservation's own that says that its record has two header words. */
  static final int LONG_RECORD = 1;

  private static final long LONG_BIT = Reservation.of(LONG_RECORD, 0);

  private static final int WORD = RecordLayout.WORD;

  final MemorySegment segment;
  private final RingMemory memory;
  private final RingLayout layout;
  private final PageWord pageWords;
  private final Mover mover;
  private final Clock clock;
  private final long ownBits;
  private final long firstPageWord;
  private final int timeShift;
  private final int usedMask;
  private final int limit;
  private final int pageShift;
  private final long firstPage;

  /** Where the first record of page 0 lies. */
  private final long firstRecord;

  /**
   * The page that was last seen open; a hint, hence plain. If it is still open it is the current
   * one and the ring is not sealed; else all is looked up. A commit on it does not look whether the
   * page is closed: who leaves the page looks after that.
   */
  private int lastOpen;

  Writer(RingMemory memory, Mover mover, Clock clock, int own) {
    this.memory = memory;
    this.segment = memory.segment;
    this.layout = memory.layout;
    this.pageWords = layout.pageWords;
    this.mover = mover;
    this.clock = clock;
    this.ownBits = Reservation.of(own, 0);
    this.lastOpen = layout.frames;
    this.firstPageWord = layout.firstPageWord;
    this.timeShift = layout.pageWords.timeShift;
    this.usedMask = layout.pageWords.usedMask;
    this.limit = PageLayout.capacity(layout.pageSize) - PageLayout.MISSED_ROOM;
    this.pageShift = layout.pageShift;
    this.firstPage = layout.firstPage;
    this.firstRecord = layout.firstPage + PageLayout.DATA;
  }

  private long now() {
    return clock == Clock.MONO ? System.nanoTime() : clock.now();
  }

  /** Reserves; the length has been checked. */
  long reserve(int length) {
    int size = RecordLayout.size(length);
    long now = now();
    int page = lastOpen;
    MemorySegment words = segment;
    long at = firstPageWord + RingLayout.PAGE_WORDS * page;
    long record = firstRecord + ((long) page << pageShift);
    long word = RingMemory.getLongAcquire(words, at);
    int used = (int) word & usedMask;
    if (PageWord.isOpen(word) && used + size <= limit) {
      long time = RingMemory.getLongPlain(words, record - PageLayout.DATA) + (word >>> timeShift);
      long delta = Math.max(0, now - time);
      long after = word + (delta << timeShift) + size;
      if (delta <= Records.MAX_DELTA && after >= 0 && RingMemory.casLong(words, at, word, after)) {
        return announce(words, record + used, size, (int) delta);
      }
    }
    return slowly(size, now);
  }

  private long announce(MemorySegment words, long record, int size, int delta) {
    int payload = size - WORD;
    if (payload <= RecordLayout.MAX_SMALL) {
      RingMemory.announce(
          words, record, Records.PENDING | RecordLayout.word(payload / WORD, delta));
      return ownBits | record + WORD;
    }
    RingMemory.announce(words, record, Records.PENDING | RecordLayout.word(0, delta));
    RingMemory.announce(words, record + WORD, payload);
    return ownBits | LONG_BIT | record + 2 * WORD;
  }

  // ---- off the hot path

  /** The same with all its cases: another page, a time extend, the largest events, refusals. */
  private long slowly(int size, long begun) {
    long now = begun;
    int stepped = 0;
    boolean opened = false;
    while (true) {
      long current = memory.getCurrentAcquire();
      if ((current & CurrentWord.FLAGS) != 0) {
        return refuseForGood(current);
      }
      int page = CurrentWord.page(current);
      long word = memory.getPageWordAcquire(page);
      if (word == PageWord.emptied(CurrentWord.sequence(current))) {
        opened |= mover.open(CurrentWord.sequence(current), page, word, now);
      } else if (!PageWord.isOpen(word)) {
        long step = mover.turn(current, stepped);
        if (step < 0) {
          return refuse(step);
        }
        stepped += (int) step;
      } else {
        long at = reserveOpen(CurrentWord.sequence(current), page, word, size, now);
        if (at > 0) {
          long sequence = CurrentWord.sequence(current);
          if (page != lastOpen) {
            leave(sequence - 1, lastOpen, page);
          }
          if (opened) {
            mover.prepare(sequence + 1);
          }
          return at;
        }
        now = at == CLOSED ? now : now();
      }
    }
  }

  private static final long CLOSED = 0;
  private static final long LOST_RACE = -1;

  /** One attempt on an open page: the reservation, CLOSED or LOST_RACE. */
  private long reserveOpen(long sequence, int page, long word, int size, long now) {
    int used = pageWords.used(word);
    long delta = Math.max(0, now - (memory.getTimeOpaque(page) + pageWords.time(word)));
    int extend = delta > Records.MAX_DELTA ? RecordLayout.EXTEND_SIZE : 0;
    boolean fits = PageLayout.fits(layout.pageSize, used, size + extend);
    // A page does not begin with a time extend (a loss told in its header would not be seen), and
    // its time in the word has an end.
    boolean inTime = delta <= Long.MAX_VALUE >>> pageWords.timeShift;
    long after = word + (delta << pageWords.timeShift) + size + extend;
    if (!fits || !inTime || after < 0 || extend > 0 && used == 0) {
      return mover.close(sequence, page, word) ? CLOSED : LOST_RACE;
    }
    if (!memory.casPageWord(page, word, after)) {
      return LOST_RACE;
    }
    long record = firstRecord + ((long) page << pageShift) + used;
    if (extend == 0) {
      return announce(segment, record, size, (int) delta);
    }
    memory.announceExtend(record, delta);
    return announce(segment, record + extend, size, 0);
  }

  private long refuse(long refusal) {
    memory.add(refusal == Refusal.DROPPED ? RingLayout.DROPPED : RingLayout.COMMIT_OVERRUN, 1);
    return refusal;
  }

  private long refuseForGood(long current) {
    if ((current & CurrentWord.SEALED) != 0) {
      mover.closeForGood(current); // before the caller goes on to the next ring
      return Refusal.SEALED;
    }
    memory.add(RingLayout.DISABLED, 1);
    return Refusal.DISABLED;
  }

  // ---- finishing

  /**
   * Commits.
   *
   * @param words the segment, from where {@link PageRing#memory} takes it, too: what the compiler
   *     has checked for the payload it need not check again
   */
  void commit(MemorySegment words, long reservation) {
    long record = recordOf(reservation);
    int header = RingMemory.getIntPlain(words, record);
    if (header >= 0) {
      throw finishedBefore();
    }
    int page = (int) (record - firstPage >>> pageShift);
    try {
      RingMemory.setIntRelease(words, record, header & ~Records.PENDING);
      if (page != lastOpen) {
        finished(page);
      }
    } catch (IllegalStateException e) {
      wasTheLast(e);
    }
  }

  void discard(long reservation) {
    long record = recordOf(reservation);
    int header = memory.getHeaderPlain(record);
    if (header >= 0) {
      throw finishedBefore();
    }
    int type = RecordLayout.type(header);
    if (type != 0) {
      RingMemory.announce(
          segment, record + WORD, type * WORD); // the length, where a long record has it already
    }
    int delta = RecordLayout.delta(header & ~Records.PENDING);
    memory.add(RingLayout.DISCARDED, 1);
    try {
      memory.setHeaderRelease(record, RecordLayout.word(RecordLayout.PADDING, delta));
      finished((int) (record - firstPage >>> pageShift));
    } catch (IllegalStateException e) {
      wasTheLast(e);
    }
  }

  /**
   * With the last commit of a closed ring somebody else may free the memory. The thread that made
   * it is told so even before it has left the store, which is done: nobody frees before.
   */
  private void wasTheLast(IllegalStateException e) {
    if (segment.scope().isAlive()) {
      throw e;
    }
  }

  private static long recordOf(long reservation) {
    int header = WORD + WORD * (Reservation.own(reservation) & LONG_RECORD);
    return Reservation.offset(reservation) - header;
  }

  private static IllegalStateException finishedBefore() {
    return new IllegalStateException("this reservation was committed or discarded already");
  }

  /** A page that was left before its last event was committed can be taken now. */
  private void finished(int page) {
    long word = memory.getPageWordAcquire(page);
    if (!PageWord.isOpen(word)) {
      mover.finishedOnClosedPage(page, word);
    }
  }

  /**
   * A page was left: commits on it look from now on whether they complete it; those before, which
   * did not, are looked after here.
   *
   * @param next the page that is open now, or the number of no page
   */
  void leave(long sequence, int page, int next) {
    lastOpen = next;
    if (!mover.isKnownComplete(sequence, page)) {
      finished(page);
    }
  }
}
