package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.Objects;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;

/** Reserve, commit and discard on the ring of one CPU: the hot path, and what leaves it. */
final class Writer {
  // An event costs: read the clock, the page word of the page that was last open and the page's
  // time; one compare-and-exchange of the page word; the record's first word; and to commit, the
  // same word again with release. All else is done once a page, in slowly(), and so is what follows
  // a lost race: the less code reserve() is, the sooner the compiler puts it into its callers. Each
  // access of a segment is some 15 instructions that check its bounds and life, fewer where nothing
  // since the last access could have changed them, that is, behind a plain one. Where memory is
  // kept, the accesses of each event go through the segment of all memory instead, a constant, of
  // which nothing is left to check. That they stay in the ring is the layout's doing, and commit's,
  // which checks what it is given; that the ring's memory stays is the fences', which keep this
  // object, hence the segment, reachable until the last access is done.
  //
  // The clock is read where it is because that is the cheapest place by 1 to 3 ns: the processor
  // does what stands before it while the exchange of the event before is still under way, and what
  // is known before it must be kept over the call.
  //
  // Rejected for the commit: an atomic add on a commit word of the page (variant.commit-word of the
  // benchmarks). It costs the same, tells a complete page without a walk, but cannot tell which
  // events are committed while one is not; so neither could a reader of an open page, nor one of
  // the file of a killed process.

  /** The bit of a reservation's own that says that its record has two header words. */
  static final int LONG_RECORD = 1;

  private static final long LONG_BIT = Reservation.of(LONG_RECORD, 0);

  private static final int WORD = RecordLayout.WORD;

  final CpuRing ring;
  final MemorySegment segment;
  private final RingMemory memory;
  private final RingLayout layout;
  private final PageWord pageWords;
  private final Mover mover;
  private final Unfinished unfinished;
  private final Amends amends;
  private final GivingBack giveBack;

  /** Whether room that is used a second time makes no event look old: see {@link Patience}. */
  private final boolean givesBack;

  private final Clock clock;
  private final boolean kept;

  // Where things lie in words(), in which the ring does not begin at 0 if it is all memory.
  private final long firstPageWord;
  private final long firstPage;
  private final long firstRecord;

  /** Added to an address in words(), it gives the offset in the segment, with our own bits. */
  private final long ownBits;

  /** The offset in the segment of what is behind the first word of page 0. */
  private final long firstPayload;

  /** Where in the pages no record begins any more. */
  private final long endOfRecords;

  private final int usedMask;
  private final int limit;

  /** Of a page's number, and of the time in a page word. */
  private final int shift;

  /**
   * The page that was last seen open; a hint, hence plain. If it is still open it is the current
   * one and the ring is not sealed; else all is looked up. A commit on it does not look whether the
   * page is closed: who closes it takes the hint away, and then looks.
   */
  private int lastOpen;

  Writer(CpuRing ring, Mover mover, Clock clock, int own) {
    this.ring = ring;
    this.memory = ring.memory;
    this.segment = memory.segment;
    this.layout = memory.layout;
    this.kept = memory.kept;
    this.pageWords = layout.pageWords;
    this.mover = mover;
    this.unfinished = mover.unfinished;
    this.clock = clock;
    this.lastOpen = layout.frames;
    long begin = kept ? segment.address() : 0;
    this.firstPageWord = begin + layout.firstPageWord;
    this.firstPage = begin + layout.firstPage;
    this.firstRecord = firstPage + PageLayout.DATA;
    this.ownBits = Reservation.of(own, 0) - begin;
    this.usedMask = layout.pageWords.usedMask;
    this.limit = PageLayout.capacity(layout.pageSize) - PageLayout.MISSED_ROOM;
    this.shift = layout.pageShift;
    this.firstPayload = layout.firstPage + WORD;
    this.endOfRecords = layout.bytes() - layout.firstPage - WORD + 1;
    this.amends = new Amends(this, mover, firstPage);
    this.giveBack = new GivingBack(memory, unfinished, firstPage);
    this.givesBack = layout.mode == Mode.OVERWRITE || Patience.isTimed(clock);
  }

  private long now() {
    return clock == Clock.MONO ? System.nanoTime() : clock.now();
  }

  /** A constant where memory is kept, as long as writers of this process have met no other kind. */
  MemorySegment words() {
    return kept ? KeptMemory.ALL : segment;
  }

  /** Reserves; the length has been checked. If an error is thrown, nothing is reserved. */
  long reserve(int length) {
    return reserve(words(), RecordLayout.size(length), now());
  }

  /** The same at a time that the ring's clock has just given. */
  long reserve(int length, long now) {
    return reserve(words(), RecordLayout.size(length), now);
  }

  private long reserve(MemorySegment words, int size, long now) {
    int page = lastOpen;
    long at = firstPageWord + RingLayout.PAGE_WORDS * page;
    long record = firstRecord + ((long) page << shift);
    long word = RingMemory.getLongAcquire(words, at);
    int used = (int) word & usedMask;
    if (PageWord.isOpen(word) && used + size <= limit) {
      long time = RingMemory.getLongPlain(words, record - PageLayout.DATA) + (word >>> shift);
      long delta = now - time;
      long after = word + (delta << shift) + size;
      if (Long.compareUnsigned(delta, Records.MAX_DELTA) <= 0 && after >= 0) {
        long reservation = claim(words, at, word, after, record + used, size, 0, delta);
        if (reservation > 0) {
          return reservation;
        }
      }
    }
    return slowly(size, now);
  }

  /** The compare-and-exchange that reserves, with what must follow it; 0 if it fails. */
  private long claim(
      MemorySegment words,
      long at,
      long word,
      long after,
      long record,
      int size,
      int extend,
      long delta) {
    boolean mine = false;
    try {
      mine = RingMemory.casLong(words, at, word, after);
      if (!mine) {
        return 0;
      }
      int small = (int) delta;
      if (extend > 0) {
        RingMemory.announceExtend(words, record, delta);
        small = 0;
      }
      long reservation = announce(words, record + extend, size, small);
      Reference.reachabilityFence(this);
      return reservation;
    } catch (Throwable e) {
      if (mine) {
        synchronized (unfinished) { // without a call: see there
          int i = unfinished.count;
          if (i < Unfinished.MAX) {
            unfinished.kinds[i] = Unfinished.RECORD;
            unfinished.firsts[i] = extend > 0 ? size | Unfinished.EXTENDED : size;
            unfinished.seconds[i] = record;
            unfinished.times[i] = delta;
            unfinished.count = i + 1;
          }
        }
        lastOpen = layout.frames; // so that the next writer looks
      }
      throw e;
    }
  }

  private long announce(MemorySegment words, long record, int size, int delta) {
    int payload = size - WORD;
    if (payload <= RecordLayout.MAX_SMALL) {
      RingMemory.announce(
          words, record, Records.PENDING | RecordLayout.word(payload / WORD, delta));
      return ownBits + record + WORD;
    }
    RingMemory.announce(words, record, Records.PENDING | RecordLayout.word(0, delta));
    RingMemory.announce(words, record + WORD, payload);
    return ownBits + LONG_BIT + record + 2 * WORD;
  }

  // ---- off the hot path

  /** The same with all its cases: another page, a time extend, the largest events, refusals. */
  private long slowly(int size, long begun) {
    if (unfinished.count > 0) {
      amend();
    }
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
          return memory.refuse(step);
        }
        stepped += (int) step;
      } else {
        long at = reserveOpen(CurrentWord.sequence(current), page, word, size, now);
        if (at > 0) {
          int left = lastOpen;
          try {
            moveOn(current, page, opened);
          } catch (Throwable e) { // the event is reserved all the same
            synchronized (unfinished) { // without a call: see there
              int i = unfinished.count;
              if (i < Unfinished.MAX) {
                unfinished.kinds[i] = Unfinished.LOOK;
                unfinished.firsts[i] = left;
                unfinished.count = i + 1;
              }
            }
          }
          return at;
        }
        now = at == CLOSED ? now : now();
      }
    }
  }

  /** What follows a reserve on a page that was not the last one seen open, or that was opened. */
  private void moveOn(long current, int page, boolean opened) {
    long sequence = CurrentWord.sequence(current);
    if (page != lastOpen) {
      leave(sequence - 1, lastOpen, page);
    }
    if (opened) {
      mover.prepare(sequence + 1);
    }
  }

  private static final long CLOSED = 0;
  private static final long LOST_RACE = -1;

  /** One attempt on an open page: the reservation, CLOSED or LOST_RACE. */
  private long reserveOpen(long sequence, int page, long word, int size, long now) {
    Objects.checkIndex(page, layout.frames); // a mapped file's words could be changed by others
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
    long record = firstRecord + ((long) page << shift) + used;
    long at = firstPageWord + RingLayout.PAGE_WORDS * page;
    long reservation = claim(words(), at, word, after, record, size, extend, delta);
    return reservation > 0 ? reservation : LOST_RACE;
  }

  private long refuseForGood(long current) {
    if ((current & CurrentWord.SEALED) != 0) {
      mover.closeForGood(current); // before the caller goes on to the next ring
      ring.sealMet();
      return Refusal.SEALED;
    }
    return memory.refuse(Refusal.DISABLED);
  }

  // ---- finishing

  /** Commits. If an error is thrown, the reservation is still open. */
  void commit(long reservation) {
    commit(words(), reservation);
  }

  private void commit(MemorySegment words, long reservation) {
    long inPages = inPages(reservation);
    long record = firstPage + inPages;
    int header = RingMemory.getIntPlain(words, record);
    if (header >= 0) {
      finishedBefore(reservation, inPages);
      return;
    }
    int page = (int) (inPages >>> shift);
    boolean done = false;
    try {
      RingMemory.setIntRelease(words, record, header & ~Records.PENDING);
      done = true;
      if (page != lastOpen) {
        finished(page);
      }
      Reference.reachabilityFence(this);
    } catch (IllegalStateException e) {
      wasTheLast(e);
    } catch (Error e) {
      if (!done) {
        throw e;
      }
      synchronized (unfinished) { // without a call: see there
        int i = unfinished.count;
        if (i < Unfinished.MAX) {
          unfinished.kinds[i] = Unfinished.LOOK;
          unfinished.firsts[i] = page;
          unfinished.count = i + 1;
        }
      }
    }
  }

  /** Takes an event back. If an error is thrown, the reservation is still open. */
  void discard(long reservation) {
    long inPages = inPages(reservation);
    long record = layout.firstPage + inPages; // in the segment, which checks each access
    int header = memory.getHeaderPlain(record);
    if (header >= 0) {
      finishedBefore(reservation, inPages);
      return;
    }
    int page = (int) (inPages >>> shift);
    boolean counted = false;
    boolean done = false;
    try {
      memory.add(RingLayout.DISCARDED, 1); // before the last event of a closed ring is finished
      counted = true;
      if (givesBack && giveBack.tryIt(inPages, page, header)) {
        return;
      }
      int type = RecordLayout.type(header);
      if (type != 0) {
        RingMemory.announce(
            segment, record + WORD, type * WORD); // the length, where a long record has it already
      }
      int delta = RecordLayout.delta(header & ~Records.PENDING);
      memory.setHeaderRelease(record, RecordLayout.word(RecordLayout.PADDING, delta));
      done = true;
      finished(page);
    } catch (IllegalStateException e) {
      wasTheLast(e);
    } catch (Error e) {
      if (counted) {
        synchronized (unfinished) { // without a call: see there
          int i = unfinished.count;
          if (i < Unfinished.MAX) {
            unfinished.kinds[i] = done ? Unfinished.LOOK : Unfinished.COUNT;
            unfinished.firsts[i] = done ? page : RingLayout.DISCARDED;
            unfinished.seconds[i] = -1;
            unfinished.count = i + 1;
          }
        }
      }
      if (!done) {
        throw e;
      }
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

  /** What a caller gets who commits or discards something else. */
  static IllegalStateException noReservation(long reservation, Throwable cause) {
    boolean refusal = reservation < 0 && reservation >= Refusal.SEALED;
    return new IllegalStateException(
        refusal
            ? "nothing was reserved: " + Refusal.text(reservation)
            : "not a reservation of this ring: " + reservation,
        cause);
  }

  /** Where the record begins, counted from the first page. */
  private long inPages(long reservation) {
    int second = WORD * (Reservation.own(reservation) & LONG_RECORD);
    return Objects.checkIndex(
        Reservation.offset(reservation) - second - firstPayload, endOfRecords);
  }

  /**
   * The record does not say that it is pending: an error of the caller's, or the record is gone.
   */
  private void finishedBefore(long reservation, long inPages) {
    boolean isLong = (Reservation.own(reservation) & LONG_RECORD) != 0;
    if (!Wiping.isGone(memory, layout.firstPage + inPages, isLong)) {
      throw new IllegalStateException("this reservation was committed or discarded already");
    }
    ring.wiped();
  }

  /** A page that was left before its last event was committed can be taken now. */
  void finished(int page) {
    long word = memory.getPageWordAcquire(page);
    if (!PageWord.isOpen(word)) {
      mover.finishedOnClosedPage(page, word);
    }
  }

  /**
   * A page was left: commits on it look from now on whether they complete it; those before, which
   * did not, are looked after here. The same of the next page, if it has been left meanwhile: then
   * who left it may have been here before, and have set the hint that is overwritten now.
   *
   * @param next the page that is open now, or was; or the number of no page
   */
  void leave(long sequence, int page, int next) {
    hint(next);
    if (!mover.isKnownComplete(sequence, page)) {
      finished(page);
    }
    if (next != layout.frames && !PageWord.isOpen(memory.getPageWordAcquire(next))) {
      hint(layout.frames);
      finished(next);
    }
  }

  /** The page that is current was closed. */
  void left() {
    hint(layout.frames);
  }

  private void hint(int page) {
    lastOpen = page;
    VarHandle.fullFence(); // before the look; pairs with nothing in commit, which must stay cheap
  }

  /** Finishes what threads that met an error have left. */
  void amend() {
    amends.finish();
  }
}
