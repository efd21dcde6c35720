package org.pagewheel.spi;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.pagewheel.Page;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;

/**
 * The consuming reader's state on one CPU. It belongs to the buffer and outlives the readers: a
 * page that a reader has left half read is gone on with by the next one.
 *
 * <p>The source counts a page's events as read when it is taken; {@link #rest} are those that no
 * reader has returned yet. Only the one consuming reader changes this object; counters and
 * snapshots look at it from other threads, hence the lock around changing pages.
 */
final class ConsumingEvents extends CpuEvents {
  private final AtomicInteger rest = new AtomicInteger();

  /** Taken from the source and not entered yet; kept when an error comes between. */
  private Page taken;

  ConsumingEvents(PageSource source, int cpu) {
    super(source, cpu);
  }

  /** Events of the current page that have not been returned. */
  int rest() {
    return rest.getAcquire();
  }

  /** Whether anything is left of a page that was taken. */
  synchronized boolean isHolding() {
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
      rest.setRelease(count); // pairs with rest()
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
    rest.setRelease(rest.getPlain() - 1); // pairs with rest()
  }

  private void leave() {
    if (page != null) {
      page.release(); // if that throws, the page is still held
      page = null;
    }
    rest.setRelease(0);
  }

  /**
   * The reader goes. What it has left of its page waits for the next one, who may come late or
   * never: so it waits in memory of its own, and the ring gets its page back.
   */
  synchronized void keepRest() throws DamagedPageException {
    enterTaken();
    int left = rest();
    if (left == 0) {
      leave();
      return;
    }
    Page own = copyOfRest(left);
    leave();
    enter(own);
    again();
    rest.setRelease(left); // pairs with rest()
  }

  /** What is left of a half-read page, as a page of its own; null if there is none. */
  synchronized Page takeRest() throws DamagedPageException {
    enterTaken();
    try {
      int left = rest();
      return left == 0 ? null : copyOfRest(left);
    } finally {
      forget();
      leave();
    }
  }

  /** The same without consuming it. */
  synchronized Page copyRest() {
    try {
      int left = rest(); // read once: the reader goes on meanwhile
      return left == 0 || page == null ? null : copyOfRest(left);
    } catch (DamagedPageException e) {
      return null; // its reader will meet the damage and tell it
    }
  }

  /** A cursor of its own walks to where the reader is, for that one's may be moving. */
  private Page copyOfRest(int left) throws DamagedPageException {
    int pageSize = (int) page.memory().byteSize();
    MemorySegment memory = newPage(pageSize).copyFrom(page.memory());
    PageCursor walk = new PageCursor(PageFormat.of(pageSize));
    int skip = walk.count(memory) - left;
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
