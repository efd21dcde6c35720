package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Reservation;

/** A small ring of one CPU, with what the jcstress tests do to it. */
class StressRing {
  /** Two events of this length fill a page, so that races at the turn of a page are common. */
  static final int HALF_PAGE = 2000;

  /** Three of them do. */
  static final int THIRD_PAGE = 1300;

  static final int SMALL = 20;

  private static final int PAGE_SIZE = PageLayout.MIN_PAGE_SIZE;

  final CpuRing ring;
  final AtomicInteger wakeUps = new AtomicInteger();
  private final RingMemory memory;

  /** The events read, in order, one digit each; 9 behind a torn one or a time that ran back. */
  private int read;

  private long lastTime = Long.MIN_VALUE;

  StressRing(Mode mode) {
    RingLayout layout = new RingLayout(mode, 2, 3, PAGE_SIZE);
    long[] words = new long[(int) (layout.bytes() / Long.BYTES)];
    memory = new RingMemory(MemorySegment.ofArray(words), layout);
    memory.format();
    ring =
        new CpuRing(
            0,
            memory,
            Clock.MONO,
            wakeUps::incrementAndGet,
            () -> {},
            fault -> {
              throw new AssertionError(fault);
            });
  }

  long reserve(int id, int length) {
    long at = ring.writer.reserve(length);
    if (at >= 0) {
      fill(at, id, length);
    }
    return at;
  }

  /** The first and the last bytes of a payload tell whether it is whole. */
  void fill(long at, int id, int length) {
    long offset = Reservation.offset(at);
    ring.writer.segment.set(PageLayout.INT, offset, id);
    ring.writer.segment.set(PageLayout.INT, offset + length - Integer.BYTES, id);
  }

  /** Writes an event; 0, or the refusal. */
  long write(int id, int length) {
    long at = reserve(id, length);
    if (at < 0) {
      return at;
    }
    ring.writer.commit(at);
    return 0;
  }

  /** Takes one page and notes its events; how many, −1 if there is no page. */
  int take(boolean open) {
    Page page = ring.reader.take(open);
    if (page == null) {
      return -1;
    }
    int events = note(page.memory());
    page.release();
    return events;
  }

  /** Takes all there is, the open page too; all events read so far, as digits. */
  int takeAll() {
    while (take(true) >= 0) {
      // noted
    }
    return read;
  }

  /** Copies the oldest page; its events as digits, 0 if there are none. */
  int copy() {
    MemorySegment into = MemorySegment.ofArray(new long[PAGE_SIZE / Long.BYTES]);
    Page page = ring.copy(0, into);
    int before = read;
    read = 0;
    int events = page == null ? 0 : note(page.memory());
    int digits = events == 0 ? 0 : read;
    read = before;
    lastTime = Long.MIN_VALUE;
    return digits;
  }

  private int note(MemorySegment page) {
    int events = 0;
    try {
      PageCursor cursor = new PageCursor(PageFormat.of(PAGE_SIZE)).reset(page);
      while (cursor.next()) {
        int id = page.get(PageLayout.INT, cursor.payloadOffset());
        int end = cursor.payloadOffset() + cursor.payloadLength();
        boolean whole = page.get(PageLayout.INT, end - Integer.BYTES) == id;
        boolean ordered = cursor.time() >= lastTime;
        lastTime = cursor.time();
        read = read * 10 + (whole && ordered ? id : 9);
        events++;
      }
    } catch (DamagedPageException e) {
      read = read * 10 + 9;
    }
    return events;
  }

  /** The events lost by overwriting, as the counters say. */
  int overrun() {
    return (int) ring.account().counters().overrun();
  }

  int unread() {
    return (int) ring.account().counters().unread();
  }
}
