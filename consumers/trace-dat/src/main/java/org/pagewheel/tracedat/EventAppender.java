package org.pagewheel.tracedat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/**
 * Fills the pages of one CPU with events that are copied from others of the same form, and hands
 * full ones to a writer. For one thread.
 */
public final class EventAppender {
  private final TraceFileWriter writer;
  private final int buffer;
  private final int cpu;
  private final PageFormat format;
  private final ValueLayout.OfInt ints;
  private final ValueLayout.OfLong longs;
  private final MemorySegment page;
  private int end;
  private long last;

  /** Of events that were lost before the page, or before the first one if there is none yet. */
  private long missed;

  /**
   * Begins without a page.
   *
   * @param writer takes the pages
   * @param buffer the number of the buffer there
   * @param cpu its CPU
   * @param format how the pages are written, with the page size of the buffer
   */
  public EventAppender(TraceFileWriter writer, int buffer, int cpu, PageFormat format) {
    this.writer = writer;
    this.buffer = buffer;
    this.cpu = cpu;
    this.format = format;
    this.ints = format.intLayout();
    this.longs = format.longLayout();
    this.page = MemorySegment.ofArray(new long[format.pageSize() / Long.BYTES]);
    this.end = format.data();
  }

  /**
   * Adds an event.
   *
   * @param time its time, as it stands on its page
   * @param lost events that were lost before it; 0 if none, −1 if unknown: it begins a page then
   * @param from the page that it is on
   * @param at where its payload begins there
   * @param length bytes of its payload, a multiple of 4
   * @throws IOException if a page cannot be written
   */
  public void add(long time, long lost, MemorySegment from, int at, int length) throws IOException {
    long delta = time - last;
    boolean isFar = delta < 0 || delta > RecordLayout.MAX_DELTA;
    int size = RecordLayout.size(length) + (isFar ? RecordLayout.EXTEND_SIZE : 0);
    boolean isFull = end + size + PageLayout.MISSED_ROOM > format.pageSize();
    if (end > format.data() && (lost != 0 || isFull)) {
      flush();
    }
    missed = PageLayout.sumOfMissed(missed, lost);
    if (end == format.data()) {
      page.set(longs, PageLayout.TIME, time);
      delta = 0;
    } else if (isFar) {
      stamp(time);
      delta = 0;
    }
    end = header((int) delta, length);
    MemorySegment.copy(from, at, page, end, length);
    end += length;
    last = time;
  }

  /** An absolute time: of a clock that went back, too. */
  private void stamp(long time) {
    int low = (int) time & RecordLayout.MAX_DELTA;
    page.set(ints, end, format.word(RecordLayout.TIME_STAMP, low));
    page.set(ints, end + 4L, (int) (time >>> RecordLayout.DELTA_BITS));
    end += RecordLayout.EXTEND_SIZE;
  }

  private int header(int delta, int length) {
    if (length <= RecordLayout.MAX_SMALL && length > 0) {
      page.set(ints, end, format.word(length / RecordLayout.WORD, delta));
      return end + RecordLayout.WORD;
    }
    page.set(ints, end, format.word(0, delta));
    page.set(ints, end + 4L, length + RecordLayout.WORD);
    return end + 2 * RecordLayout.WORD;
  }

  /**
   * Writes the page that is begun, if there is one.
   *
   * @throws IOException if it cannot be written
   */
  public void flush() throws IOException {
    if (end == format.data()) {
      return;
    }
    page.set(ints, format.commit(), end - format.data());
    writer.write(buffer, cpu, page, missed);
    page.fill((byte) 0);
    end = format.data();
    missed = 0;
  }
}
