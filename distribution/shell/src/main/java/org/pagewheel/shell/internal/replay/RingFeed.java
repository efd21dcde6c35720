package org.pagewheel.shell.internal.replay;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.pagewheel.Page;
import org.pagewheel.PageReader;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.RecordLayout;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.RingWriter;
import org.pagewheel.spi.WritableBuffer;
import org.pagewheel.tracedat.PageStream;

/**
 * Splits the pages of one CPU of the input, writes their events to a ring, and hands on the pages
 * that come out of it. For one thread, which is the ring's only writer and reader.
 *
 * <p>How it works: pages are taken out before the ring can be full. Where the input reports a loss,
 * the ring's page is ended and everything taken out; the next event then begins a page, and the
 * loss is reported on the first page that comes out from then on.
 */
final class RingFeed {
  /** The destination of the pages that come out. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes a page.
     *
     * @param page valid until the call returns
     */
    void accept(MemorySegment page) throws IOException;
  }

  private final WritableBuffer buffer;
  private final PageReader reader;
  private final ReplayTime time;
  private final PageExport export;
  private final Sink sink;
  private final int cpu;
  private final long budget;
  private final PageCursor out;

  private Loss loss = Loss.NONE;
  private long since;
  private long eventsOut;

  RingFeed(
      WritableBuffer buffer,
      PageReader reader,
      ReplayTime time,
      PageExport export,
      Sink sink,
      int cpu) {
    this.buffer = buffer;
    this.reader = reader;
    this.time = time;
    this.export = export;
    this.sink = sink;
    this.cpu = cpu;
    // However large the events, at least every second page is half full: this many bytes touch no
    // more pages than the ring has.
    this.budget = (buffer.config().pages() - 1L) * buffer.config().pageSize() / 2;
    this.out = new PageCursor(PageFormat.of(buffer.config().pageSize()));
  }

  /** Feeds a CPU's pages through the ring, up to the last. */
  void run(PageStream input) throws IOException, ReplayException {
    PageCursor cursor = new PageCursor(input.format());
    for (MemorySegment page = input.next(); page != null; page = input.next()) {
      cursor.reset(page);
      Loss before = Loss.of(cursor, page, input.format());
      if (!before.isNone()) {
        flush();
        loss = before;
      }
      while (cursor.next()) {
        write(cursor);
      }
      if (!before.isNone() && cursor.index() < 0) {
        sink.accept(export.empty(cursor.time(), before)); // it has no event to report it with
        loss = Loss.NONE;
      }
    }
    flush();
  }

  private void write(PageCursor event) throws IOException, ReplayException {
    int length = event.payloadLength();
    int size = RecordLayout.size(length) + RecordLayout.EXTEND_SIZE;
    if (since + size > budget) {
      drain(false);
    }
    since += size;
    time.set(cpu, event.time());
    RingWriter ring = buffer.writer();
    long at = ring.reserve(length);
    while (at == Refusal.SEALED) {
      ring = buffer.successor(ring);
      at = ring.reserve(length);
    }
    if (at < 0) {
      throw new ReplayException(
          "the ring refused an event of " + length + " bytes: " + Refusal.text(at));
    }
    MemorySegment memory = ring.memory(at);
    long offset = Reservation.offset(at);
    MemorySegment.copy(event.payload(), 0, memory, offset, length);
    int stored = RecordLayout.size(length) - RecordLayout.headerSize(length);
    memory
        .asSlice(offset + length, stored - length)
        .fill((byte) 0); // the bytes that rounding up adds
    ring.commit(at);
  }

  private void flush() throws IOException {
    reader.flush(cpu);
    drain(true);
  }

  private void drain(boolean open) throws IOException {
    for (Page page = reader.take(cpu, open); page != null; page = reader.take(cpu, open)) {
      try {
        eventsOut += out.count(page.memory());
        sink.accept(export.page(page.memory(), loss));
        loss = Loss.NONE;
      } finally {
        page.release();
      }
    }
    since = 0;
  }

  /** Events that have come out. */
  long eventsOut() {
    return eventsOut;
  }
}
