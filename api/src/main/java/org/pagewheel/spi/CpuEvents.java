package org.pagewheel.spi;

import java.lang.foreign.MemorySegment;
import org.pagewheel.Page;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;

/**
 * The events of one CPU, one after another. A cursor is at the next event, so that several CPUs can
 * be merged by time.
 */
abstract class CpuEvents {
  final PageSource source;
  final int cpu;

  /** For pages of the last size seen: a replaced ring may have had pages of another size. */
  PageCursor cursor;

  private long pageSize;

  /** The page the cursor is in, or null. */
  Page page;

  /** Whether the cursor is at an event that has not been returned. */
  private boolean ready;

  /** The losses to report with the next event: a count, or −1 if some but unknown. */
  private long missed;

  CpuEvents(PageSource source, int cpu) {
    this.source = source;
    this.cpu = cpu;
    this.pageSize = source.pageSize();
    this.cursor = new PageCursor(PageFormat.of(source.pageSize()));
  }

  /**
   * Puts the cursor into a page with events not returned yet, with {@link #enter}; or returns
   * false.
   */
  abstract boolean fetch() throws DamagedPageException;

  /** Called when the cursor has left its event. */
  abstract void returned();

  /**
   * Drops what is left of the page if it has been cleared.
   *
   * @return whether it is no longer at an event
   */
  abstract boolean dropIfCleared();

  /** Moves to the next event, if there is one. */
  final boolean peek() throws DamagedPageException {
    while (!ready) {
      if (page != null && cursor.next()) {
        ready = true;
      } else if (!fetch()) {
        return false;
      }
    }
    return true;
  }

  /** Takes the event of the last {@link #peek}; the cursor stays on it until the next peek. */
  final long take() {
    ready = false;
    returned();
    long told = missed;
    missed = 0;
    return told;
  }

  /** The cursor, made for pages of this size; at an end if it had to be made anew. */
  final PageCursor cursorFor(Page next) {
    long size = next.memory().byteSize();
    if (size != pageSize) {
      cursor = new PageCursor(PageFormat.of((int) size));
      pageSize = size;
    }
    return cursor;
  }

  final void enter(Page next) throws DamagedPageException {
    cursorFor(next).reset(next.memory());
    page = next;
  }

  final void addMissed(long lost) {
    missed = PageLayout.sumOfMissed(missed, lost);
  }

  /** The same in one step, with the losses before it: an error leaves the page as it was. */
  final void enterTelling(Page next) throws DamagedPageException {
    cursorFor(next).reset(next.memory());
    long sum = PageLayout.sumOfMissed(missed, cursor.missed());
    // From here on nothing is called and nothing is made.
    missed = sum;
    page = next;
  }

  /** Has entered a page that begins with its current event. */
  final void again() {
    ready = false;
  }

  /** Forgets its current event and the losses before it: the page is consumed another way. */
  final void forget() {
    ready = false;
    missed = 0;
  }

  /** A copy of a page's memory that is not the page's own. */
  static MemorySegment newPage(int pageSize) {
    return MemorySegment.ofArray(new long[pageSize / Long.BYTES]);
  }
}
