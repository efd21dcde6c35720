package org.pagewheel.event;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.Clock;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.RingWriter;

/**
 * One stream of real pages for the tests of events: room is found under a lock, and when all pages
 * are full it begins again with the first one.
 */
class PageRing implements RingWriter {
  static final int PAGE_SIZE = 4096;

  private final MemorySegment memory;
  private final int pages;
  private int page;
  private int used;
  private long last;
  private long attempts;
  private boolean sealed;
  private int open;
  private int discarded;

  PageRing(int pages) {
    this.pages = pages;
    memory = Arena.ofAuto().allocate((long) pages * PAGE_SIZE, 8);
  }

  @Override
  public synchronized long reserve(int length) {
    if (sealed) {
      return Refusal.SEALED;
    }
    attempts++;
    if (length > maxEventSize()) {
      return Refusal.TOO_LONG;
    }
    long now = Clock.MONO.now();
    int size = RecordLayout.size(length);
    boolean extend = used > 0 && now - last > RecordLayout.MAX_DELTA;
    if (!PageLayout.fits(PAGE_SIZE, used, size + (extend ? RecordLayout.EXTEND_SIZE : 0))) {
      page++;
      used = 0;
      extend = false;
    }
    long base = (long) (page % pages) * PAGE_SIZE;
    int at = PageLayout.DATA + used;
    if (used == 0) {
      PageEncoder.open(memory, base, now);
      last = now;
    } else if (extend) {
      at = PageEncoder.putExtend(memory, base, at, now - last);
      last = now;
    }
    int payload = PageEncoder.putData(memory, base, at, (int) (now - last), length);
    used = at + size - PageLayout.DATA;
    last = now;
    PageEncoder.setMissed(memory, base, PAGE_SIZE, used, 0);
    open++;
    return Reservation.of(at, base + payload);
  }

  @Override
  public MemorySegment memory(long reservation) {
    return memory;
  }

  @Override
  public synchronized void commit(long reservation) {
    open--;
  }

  @Override
  public synchronized void discard(long reservation) {
    long base = Reservation.offset(reservation) / PAGE_SIZE * PAGE_SIZE;
    PageEncoder.discard(memory, base, Reservation.own(reservation));
    open--;
    discarded++;
  }

  @Override
  public int maxEventSize() {
    return PageLayout.maxEventSize(PAGE_SIZE) - PageLayout.MISSED_ROOM;
  }

  synchronized void seal() {
    sealed = true;
  }

  synchronized int discarded() {
    return discarded;
  }

  synchronized int openReservations() {
    return open;
  }

  synchronized long attempts() {
    return attempts;
  }

  /** The pages written so far. */
  synchronized List<byte[]> pages() {
    List<byte[]> all = new ArrayList<>();
    for (int i = 0; i <= page; i++) {
      byte[] bytes = new byte[PAGE_SIZE];
      MemorySegment.copy(memory, (long) i * PAGE_SIZE, MemorySegment.ofArray(bytes), 0, PAGE_SIZE);
      all.add(bytes);
    }
    return all;
  }

  /** The payloads written so far, in their order. */
  List<MemorySegment> events() throws DamagedPageException {
    List<MemorySegment> events = new ArrayList<>();
    PageCursor cursor = new PageCursor(PageFormat.of(PAGE_SIZE));
    for (byte[] bytes : pages()) {
      cursor.reset(MemorySegment.ofArray(bytes));
      while (cursor.next()) {
        events.add(cursor.payload());
      }
    }
    return events;
  }
}
