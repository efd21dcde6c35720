package org.pagewheel.backend.heap.internal;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.RingView.PageView;
import org.pagewheel.backend.heap.internal.Frame.State;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;
import org.pagewheel.spi.CountedPage;
import org.pagewheel.spi.CpuAccount;

/** The reader's side of the ring of one CPU. */
final class CpuReader {
  // A complete page is finished in place, with the lock held, and then its frame leaves the stream.
  // Otherwise (another page, discarded events, a copy) bytes are copied without the lock, so that
  // no writer waits for a copy: a Part is marked out under the lock, copied, finished and counted
  // without it, and then checked under the lock: the frame must not have been given to another page
  // meanwhile. If it has, what was copied may be torn; it is thrown away and the next oldest page
  // tried. Each retry means that the writers went round the whole ring during one copy.
  //
  // A page with open reservations holds back the pages after it. In mode DISCARD a copy of the page
  // leaves out all old reservations (see Patience), and a page with no other open ones holds back
  // nothing; the taker then parks it, if anything committed waits. Such a part ends with a
  // committed event, so none of the reservations in it is the last of its page, whose room could be
  // reused: if all are still open afterwards, the records of the copy are those of the page.
  //
  // Whatever can fail comes before the page is consumed, the allocation of its object too. An error
  // on the way leaves the page in the ring, and the frame meant for the copy to the next take.

  private final CpuRing ring;

  /**
   * The ring's {@link CpuRing#changes changes} when there was nothing to take, by {@code open}: a
   * caller that polls does not take the lock from the writers. Only the one taker uses it.
   */
  private final long[] nothingAt = {-1, -1};

  /** Whether a page was found that will be taken once its open reservations are old. */
  private boolean waits;

  private final Patience patience;

  /** The page that was taken last; for drawing. */
  private Frame taken;

  CpuReader(CpuRing ring) {
    this.ring = ring;
    this.patience = new Patience(ring);
  }

  // ---- consuming

  Page take(boolean open) {
    long changes = ring.changes();
    int kind = open ? 1 : 0;
    if (nothingAt[kind] == changes) {
      return null;
    }
    Page page = find(open);
    if (page == null) {
      nothingAt[kind] = waits ? -1 : changes;
      ring.tellIfDue();
    }
    return page;
  }

  private Page find(boolean open) {
    while (true) {
      Part part;
      Frame spare;
      boolean entered = ring.lock.enter();
      try {
        waits = false;
        Frame oldest = oldest();
        if (oldest == null || !ring.pages.maySpare() && ring.spare == null) {
          return null;
        }
        if (oldest.isComplete() && !oldest.discards && oldest.readBytes == 0) {
          return takeWhole(oldest);
        }
        part = open || oldest.isComplete() ? mark(oldest, true) : null;
        part = part == null ? markPassing(oldest, open) : part;
        if (part == null) {
          return null;
        }
        if (part.to == part.from) { // nothing on the page itself
          ring.pages.passFirst(ring.account);
          ring.changes++;
          continue;
        }
        if (ring.spare == null) {
          ring.spare = ring.pages.holdFree();
        }
        spare = ring.spare;
      } catch (VirtualMachineError full) {
        throw full;
      } catch (Throwable broken) {
        ring.breakDown(broken);
        return null;
      } finally {
        if (entered) {
          ring.lock.owner = 0;
        }
      }
      Page copy = takeCopy(part, spare);
      if (copy != null || part.withheld) {
        return copy;
      }
    }
  }

  /** The oldest page with anything that is or will be unread, or null. */
  private Frame oldest() {
    if (ring.pages == null || ring.closed) {
      return null;
    }
    ring.dropConsumed();
    return ring.pages.first();
  }

  /**
   * Finishes a page in place. An error can leave this half done: it is then done again, and it
   * touches nothing that copies read.
   */
  private Page takeWhole(Frame frame) {
    long missed = ring.account.untold();
    Page page = new CountedPage(ring.cpu, frame.sequence, 0, frame.segment, frame);
    PageEncoder.finish(frame.segment, 0, ring.pageSize, frame.used, missed, false);
    ring.pages.holdFirst(ring.account, missed);
    taken = frame;
    return page;
  }

  /** Makes a page of copied records; the first event becomes its first record. */
  private void finishRest(MemorySegment memory, long time, int used, long missed) {
    int rest = used;
    PageEncoder.open(memory, 0, time);
    PageEncoder.setMissed(memory, 0, ring.pageSize, used, 0);
    try {
      PageCursor cursor = new PageCursor(PageFormat.of(ring.pageSize)).reset(memory);
      if (cursor.next()) {
        int end = PageLayout.DATA + used;
        rest = PageEncoder.keepFrom(memory, 0, cursor.recordOffset(), end, cursor.time());
      }
    } catch (DamagedPageException broken) {
      breakDown(broken);
    }
    settle(memory, rest, missed, true);
  }

  /** The last step on a page; it is handed out whatever was written over it. */
  private void settle(MemorySegment memory, int used, long missed, boolean discards) {
    try {
      PageEncoder.finish(memory, 0, ring.pageSize, used, missed, discards);
    } catch (IllegalStateException broken) {
      breakDown(broken);
    }
  }

  private void breakDown(Exception broken) {
    boolean entered = ring.lock.enter();
    try {
      ring.breakDown(broken);
    } finally {
      if (entered) {
        ring.lock.owner = 0;
      }
    }
  }

  /** Copies a part and consumes it; null if the writers were faster, or it is empty. */
  private Page takeCopy(Part part, Frame spare) {
    Page page = null;
    boolean copied = copy(part, spare.segment) || isDamaged(part) && takeDamaged(part);
    if (copied && part.entries > 0) {
      finishRest(spare.segment, part.time, part.to - part.from, part.missed);
      page = new CountedPage(ring.cpu, part.sequence, part.firstEntry, spare.segment, spare);
    }
    boolean entered = ring.lock.enter();
    try {
      Frame frame = part.frame;
      CpuAccount account = ring.account;
      Pages pages = ring.pages;
      if (ring.spare != spare) {
        return null; // the ring was closed
      }
      copied = copied && part.isStillToTake(pages);
      if (copied && part.passes) {
        pages.passFirst(account);
      }
      // From here on nothing is called and nothing is made.
      ring.spare = null;
      if (copied && !part.passes) {
        frame.readBytes = part.to;
        frame.readEntries += part.entries;
        frame.readTime = part.endTime;
        account.read += part.entries;
        account.bytes -= part.to - part.from;
      }
      if (copied && page != null) {
        account.told += part.missed;
        taken = spare;
        return page;
      }
      pages.held--;
      spare.state = State.FREE;
      pages.free[pages.freeCount++] = spare;
      return null;
    } finally {
      if (entered) {
        ring.lock.owner = 0;
      }
    }
  }

  /**
   * Whether the copy of a part is not a page although the part is still in place: then the page
   * itself was overwritten from outside, each further copy fails too, and the CPU is disabled.
   */
  private boolean isDamaged(Part part) {
    boolean entered = ring.lock.enter();
    try {
      boolean there = ring.pages != null && part.isIntact(ring.pages);
      if (part.damage == null || !there || part.frame.readBytes != part.from) {
        return false;
      }
      ring.breakDown(part.damage);
      return true;
    } finally {
      if (entered) {
        ring.lock.owner = 0;
      }
    }
  }

  /**
   * Takes all of a damaged page, so that its reader meets the damage. Where its events end is
   * unknown, so this waits until the last one is finished.
   */
  private boolean takeDamaged(Part part) {
    boolean entered = ring.lock.enter();
    try {
      Frame frame = part.frame;
      part.withheld = frame.open > 0;
      part.entries = frame.unread();
      part.endTime = part.time;
      return !part.withheld && part.to == frame.used;
    } finally {
      if (entered) {
        ring.lock.owner = 0;
      }
    }
  }

  // ---- copying

  Page copy(long from, MemorySegment into) {
    if (into.byteSize() != ring.pageSize) {
      throw new IllegalArgumentException(
          "a copy takes memory of " + ring.pageSize + " bytes, not of " + into.byteSize());
    }
    long wanted = from;
    while (true) {
      Part part;
      boolean entered = ring.lock.enter();
      try {
        part = markFrom(wanted);
      } finally {
        if (entered) {
          ring.lock.owner = 0;
        }
      }
      if (part == null) {
        return null;
      }
      boolean copied = copy(part, into);
      entered = ring.lock.enter();
      try {
        copied &= ring.pages != null && part.isIntact(ring.pages);
      } finally {
        if (entered) {
          ring.lock.owner = 0;
        }
      }
      if (copied && part.entries > 0) {
        finishRest(into, part.time, part.to - part.from, part.missed);
        return new CountedPage(ring.cpu, part.sequence, part.firstEntry, into, page -> {});
      }
      if (copied || isDamaged(part)) {
        wanted = part.sequence + 1; // nothing but discarded events, or no longer a page
      }
    }
  }

  /** The first part in a page of at least this sequence that nothing holds back, or null. */
  private Part markFrom(long sequence) {
    Frame oldest = oldest();
    if (oldest == null) {
      return null;
    }
    int first = Math.clamp(sequence - oldest.sequence, 0, ring.pages.inStream());
    for (int place = 0; place < first && ring.pages.incomplete > 0; place++) {
      Frame page = ring.pages.get(place);
      if (page.open > 0 && (ring.overwrites || !markOld(page, false, false).whole)) {
        return null;
      }
    }
    for (int place = first; place < ring.pages.inStream(); place++) {
      Frame page = ring.pages.get(place);
      if (page.open > 0 && !ring.overwrites) {
        Part part = markOld(page, place == 0, false);
        if (part.to > part.from) {
          return part;
        }
        if (!part.whole) {
          return null;
        }
        continue;
      }
      Part part = mark(page, place == 0);
      if (part != null || page.open > 0) {
        return part;
      }
    }
    return null;
  }

  // ---- parts

  /** What can be read of a page, or null if nothing can. */
  private Part mark(Frame page, boolean oldest) {
    int to = page.used;
    if (page.open > 0) {
      int from = PageLayout.DATA + page.readBytes;
      to = ring.pages.firstUncommitted(page, from) - PageLayout.DATA;
    }
    return to == page.readBytes || page.unread() == 0
        ? null
        : new Part(page, to, oldest, ring.account.untold());
  }

  /**
   * For the taker: all of a page except its old open reservations, if it has no other open ones;
   * the writers have left the page by then. Null if the page is not to be passed, now or at all.
   */
  private Part markPassing(Frame page, boolean open) {
    boolean asked =
        page != ring.tail || open; // the tail, until it is full, is only for callers that ask
    if (ring.overwrites || !asked || page.open == 0 || !isWaitedFor(page)) {
      return null;
    }
    waits = true;
    Part part = markOld(page, true, true);
    if (!part.whole || ring.pages.parked + 1 >= ring.pages.slots) {
      return null;
    }
    part.passes = true;
    if (page == ring.tail) {
      ring.closeTail();
    }
    return part;
  }

  /** Whether this page or a later one has anything to read, or the writers need its room. */
  private boolean isWaitedFor(Frame page) {
    Pages pages = ring.pages;
    boolean waited = page.unread() > 0 || ring.tail == null && !pages.hasRoom();
    for (int place = 1; !waited && place < pages.inStream(); place++) {
      waited = pages.get(place).unread() > 0;
    }
    return waited;
  }

  /**
   * What can be read of a page with open reservations, leaving out the old ones: up to the last
   * committed event before one that is not old. It may be empty.
   */
  private Part markOld(Frame page, boolean oldest, boolean consuming) {
    long old = patience.oldBefore(consuming);
    int[] leftOut = new int[page.open];
    int count = 0;
    int inside = 0;
    int from = PageLayout.DATA + page.readBytes;
    int end = PageLayout.DATA + page.used;
    int to = from;
    int at = from;
    long time = page.readTime;
    try {
      while (at < end) {
        int word = page.segment.get(PageLayout.INT, at);
        int type = RecordLayout.type(word);
        int size = RecordLayout.sizeAt(page.segment, 0, at, end);
        time += RecordLayout.delta(word);
        if (type == RecordLayout.TIME_EXTEND) {
          long second = page.segment.get(PageLayout.INT, at + RecordLayout.WORD) & 0xffffffffL;
          time += second << RecordLayout.DELTA_BITS;
        } else if (ring.pages.isUncommitted(page, at)) {
          if (time >= old || type >= RecordLayout.PADDING) {
            break;
          }
          leftOut[count++] = at;
        } else if (type < RecordLayout.PADDING) {
          to = at + size;
          inside = count;
        }
        at += size;
      }
    } catch (DamagedPageException broken) {
      at = from; // something wrote over it: read up to here and no further
    }
    return new Part(
        page,
        to - PageLayout.DATA,
        oldest,
        ring.account.untold(),
        Arrays.copyOf(leftOut, inside),
        at == end);
  }

  /** Copies and counts without the lock; false if the copy is not a page. */
  private boolean copy(Part part, MemorySegment into) {
    MemorySegment source = part.frame.segment;
    int length = part.to - part.from;
    MemorySegment.copy(source, PageLayout.DATA + part.from, into, PageLayout.DATA, length);
    VarHandle.acquireFence(); // reads the bytes before checking that they are still the page's
    PageEncoder.open(into, 0, part.time);
    PageEncoder.setMissed(into, 0, ring.pageSize, length, 0);
    PageCursor cursor = new PageCursor(PageFormat.of(ring.pageSize));
    try {
      part.leaveOut(into);
      part.entries = cursor.count(into);
      part.endTime = cursor.time();
      return true;
    } catch (DamagedPageException | IllegalStateException torn) {
      part.damage = torn;
      return false;
    }
  }

  // ---- drawing

  RingView view(int slots) {
    int capacity = PageLayout.capacity(ring.pageSize);
    List<PageView> views = new ArrayList<>();
    for (int slot = 0; slot < slots; slot++) {
      views.add(PageView.EMPTY);
    }
    boolean entered = ring.lock.enter();
    try {
      Pages pages = ring.pages;
      if (pages == null) {
        return RingView.builder(ring.cpu, capacity, views).build();
      }
      int last = Math.max(0, pages.inStream() - 1);
      int tail = pages.slot(ring.tail == null ? pages.inStream() % slots : last);
      int head = -1;
      int commit = -1;
      for (int place = 0; place < pages.inStream(); place++) {
        Frame page = pages.get(place);
        int slot = pages.slot(place);
        views.set(slot, view(page, page == ring.tail ? RingView.State.OPEN : stateOf(page)));
        head = head < 0 && page.unread() > 0 ? slot : head;
        commit = commit < 0 && page.open > 0 ? slot : commit;
      }
      for (int i = 0; i < pages.parked; i++) { // they take away the last places
        views.set(pages.slot(slots - 1 - i), PageView.of(-1, RingView.State.PENDING, 0, 0));
      }
      PageView reader =
          taken != null && taken.state == State.HELD ? view(taken, RingView.State.READER) : null;
      return RingView.builder(ring.cpu, capacity, views)
          .reader(reader)
          .head(head)
          .tail(tail)
          .commit(commit)
          .build();
    } finally {
      if (entered) {
        ring.lock.owner = 0;
      }
    }
  }

  private static RingView.State stateOf(Frame page) {
    return page.open > 0 ? RingView.State.PENDING : RingView.State.FULL;
  }

  private static PageView view(Frame page, RingView.State state) {
    return PageView.of(page.sequence, state, page.used, page.committed);
  }
}
