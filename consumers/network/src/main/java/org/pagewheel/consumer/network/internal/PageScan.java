package org.pagewheel.consumer.network.internal;

import java.lang.foreign.MemorySegment;
import org.pagewheel.event.CommonFields;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.tracedat.Losses;

/** Walks over a page: how many events would be lost with it, and what its header must contain. */
final class PageScan {
  static final int NONE = -1;

  private PageCursor cursor;
  private int pageSize;
  private long count;
  private long events;
  private int newType;
  private int newThread;

  /** Consecutive events are mostly of one thread: one look-up per change is enough. */
  private int lastThread;

  /**
   * Walks.
   *
   * @param page the page
   * @param header what may lack a type or a thread of this page, or null to only count
   */
  void scan(MemorySegment page, Header header) {
    if (pageSize != page.byteSize()) {
      pageSize = (int) page.byteSize();
      cursor = new PageCursor(PageFormat.of(pageSize));
    }
    newType = NONE;
    newThread = NONE;
    lastThread = NONE;
    try {
      count = header == null ? cursor.count(page) : walk(page, header);
      events = Losses.sum(cursor.missed(), count);
    } catch (DamagedPageException e) {
      count = Losses.UNKNOWN;
      events = Losses.UNKNOWN;
    }
  }

  private int walk(MemorySegment page, Header header) throws DamagedPageException {
    cursor.reset(page);
    while (cursor.next()) {
      if (cursor.payloadLength() >= CommonFields.SIZE) {
        look(page, header);
      }
    }
    return cursor.index() + 1;
  }

  private void look(MemorySegment page, Header header) {
    long fields = page.get(PageLayout.LONG, cursor.payloadOffset());
    int type = CommonFields.type(fields);
    if (newType == NONE && !header.types().get(type)) {
      newType = type;
    }
    int thread = CommonFields.pid(fields);
    if (newThread == NONE && thread != lastThread && !header.threads().contains(thread)) {
      newThread = thread;
    }
    lastThread = thread;
  }

  /** The events on the page, or {@link Losses#UNKNOWN}. */
  long count() {
    return count;
  }

  /** The events on the page and those it reports as lost before it, or {@link Losses#UNKNOWN}. */
  long events() {
    return events;
  }

  /** The first event type that the header does not describe, or {@link #NONE}. */
  int newType() {
    return newType;
  }

  /** The first thread that the header does not name, or {@link #NONE}. */
  int newThread() {
    return newThread;
  }
}
