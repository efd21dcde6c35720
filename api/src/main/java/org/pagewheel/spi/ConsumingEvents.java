package org.pagewheel.spi;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;

/**
 * The consuming reader's state on one CPU. It belongs to the buffer and outlives the readers: the
 * next reader continues a page that one left half read.
 *
 * <p>The source counts a page's events as read when it is taken; {@link #rest} are those that no
 * reader has returned yet. Only the one consuming reader changes this object; counters and
 * snapshots look at it from other threads, hence the lock around changing pages, and around asking
 * the source for its account: so what has been counted as read stays so.
 *
 * <p>When the source is cleared, what is left of a page taken earlier is from that moment no longer
 * {@link #rest}, but cleared; the reader drops it when it comes to it.
 */
final class ConsumingEvents extends CpuEvents {
  /** The events of the current page that have not been returned, cleared or not. */
  private final AtomicInteger left = new AtomicInteger();

  /** The number of that page: written before {@link #left}, and read after it. */
  private volatile long sequence;

  /** The unread rest of cleared pages. Written with the lock held. */
  private volatile long dropped;

  /** Taken from the source and not entered yet; kept when an error comes between. */
  private Page taken;

  ConsumingEvents(PageSource source, int cpu) {
    super(source, cpu);
  }

  /** Events of the current page still to be returned. */
  int rest() {
    int now = left.getAcquire(); // pairs with the stores of left: its page is seen
    return isCleared() ? 0 : now;
  }

  /** The source's account, in which an event counts as read once it was returned. */
  synchronized Counters counters() {
    long begin;
    Counters c;
    do {
      begin = source.clearedBefore(cpu);
      int rest = rest();
      c = source.counters(cpu);
      c = c.toBuilder().set(Counter.READ, c.read() - rest).build();
    } while (begin != source.clearedBefore(cpu)); // else the rest may belong to another account
    return c;
  }

  /**
   * The same for everything there was. What is left of a cleared page is unread until its reader
   * has dropped it: an event of it may be on its way out.
   */
  synchronized Counters totals() {
    int now = left.getAcquire(); // first: what is returned meanwhile must not be doubled
    Counters c = source.totals(cpu);
    return c.toBuilder()
        .set(Counter.READ, c.read() - now - dropped)
        .set(Counter.CLEARED, c.cleared() + dropped)
        .build();
  }

  private boolean isCleared() {
    return sequence < source.clearedBefore(cpu);
  }

  @Override
  boolean dropIfCleared() {
    if (!isCleared()) {
      return false;
    }
    drop();
    return true;
  }

  private synchronized void drop() {
    forget();
    int rest = left.getPlain();
    if (page != null) {
      page.release(); // if that throws, nothing is dropped
      page = null;
      dropped += rest; // with its page, so that it counts once
    }
    left.setRelease(0); // pairs with rest() and totals(); an error leaves it to the next fetch
  }

  /** Whether anything is left of a page that was taken. */
  synchronized boolean isHolding() {
    dropIfCleared();
    return taken != null || rest() > 0;
  }

  @Override
  synchronized boolean fetch() throws DamagedPageException {
    leave();
    if (taken == null) {
      taken = source.take(cpu, true);
    }
    enterTaken();
    return page != null;
  }

  /** Enters a page that was taken. If an error is thrown, the next call goes on with it. */
  private void enterTaken() throws DamagedPageException {
    if (taken == null) {
      return;
    }
    try {
      int count = cursorFor(taken).count(taken.memory());
      sequence = taken.sequence();
      left.setRelease(count); // pairs with rest() and totals()
      enterTelling(taken);
    } catch (DamagedPageException e) {
      taken.release();
      taken = null;
      throw e;
    }
    taken = null;
  }

  @Override
  void returned() {
    left.setRelease(left.getPlain() - 1); // pairs with rest() and totals()
  }

  private void leave() {
    if (page != null) {
      page.release(); // if that throws, the page is still held
      page = null;
    }
    left.setRelease(0);
  }

  /**
   * The reader closes. What it left of its page waits for the next reader, which may come late or
   * never: so it is copied to other memory, and the ring gets its page back.
   */
  synchronized void keepRest() throws DamagedPageException {
    enterTaken();
    if (dropIfCleared()) {
      return;
    }
    int rest = left.getPlain();
    if (rest == 0) {
      leave();
      return;
    }
    Page own = copyOfRest(rest);
    leave();
    enter(own);
    again();
    left.setRelease(rest); // pairs with rest() and totals()
  }

  /** What is left of a half-read page, as a separate page; null if there is none. */
  synchronized Page takeRest() throws DamagedPageException {
    enterTaken();
    if (dropIfCleared()) {
      return null;
    }
    try {
      int rest = left.getPlain();
      return rest == 0 ? null : copyOfRest(rest);
    } finally {
      forget();
      leave();
    }
  }

  /** The same without consuming it. */
  synchronized Page copyRest() {
    try {
      int rest = rest(); // read once: the reader goes on meanwhile
      return rest == 0 || page == null ? null : copyOfRest(rest);
    } catch (DamagedPageException e) {
      return null; // its reader will meet the damage and report it
    }
  }

  /** A separate cursor walks to where the reader is, for the reader's own may be moving. */
  private Page copyOfRest(int rest) throws DamagedPageException {
    int pageSize = (int) page.memory().byteSize();
    MemorySegment memory = newPage(pageSize).copyFrom(page.memory());
    PageCursor walk = new PageCursor(PageFormat.of(pageSize));
    int skip = walk.count(memory) - rest;
    walk.reset(memory);
    for (int i = 0; i <= skip; i++) {
      walk.next();
    }
    int used = PageLayout.used(memory);
    int end = PageLayout.DATA + used;
    int bytes = PageEncoder.keepFrom(memory, 0, walk.recordOffset(), end, walk.time());
    long missed = skip == 0 ? walk.missed() : 0;
    PageEncoder.finish(memory, 0, pageSize, bytes, missed, false);
    return new CountedPage(cpu, page.sequence(), page.firstEntry() + skip, memory, done -> {});
  }
}
