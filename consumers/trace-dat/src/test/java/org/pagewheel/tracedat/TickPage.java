package org.pagewheel.tracedat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.consumer.testing.TickPages;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;

/** Pages with events {@code tick} that hold one number each, of thread 4251. */
final class TickPage {
  static final int ID = 30_001;

  static final EventFormat TICK = TickPages.format(ID, "tick");

  private static final int PAYLOAD = 12;
  private static final int PID = TickPages.PID;

  private TickPage() {}

  static TraceMetadata metadata(int pageSize) {
    return TraceMetadata.builder(PageFormat.of(pageSize))
        .format(TICK)
        .threadName(PID, "worker")
        .option(TraceOption.clock("mono"))
        .build();
  }

  static TraceBuffer buffer(String name, int pageSize, int cpus) {
    return new TraceBuffer(name, "mono", pageSize, cpus);
  }

  /** A native page with one event for each number, a nanosecond apart. */
  static MemorySegment page(int pageSize, long time, long missed, int... numbers) {
    MemorySegment page = Arena.ofAuto().allocate(pageSize, Long.BYTES);
    PageEncoder.open(page, 0, time);
    int at = PageLayout.DATA;
    int delta = 0;
    for (int number : numbers) {
      int payload = PageEncoder.putData(page, 0, at, delta, PAYLOAD);
      page.set(ValueLayout.JAVA_INT, payload, ID);
      page.set(ValueLayout.JAVA_INT, payload + 4, PID);
      page.set(ValueLayout.JAVA_INT, payload + 8, number);
      at = payload + PAYLOAD;
      delta = 1;
    }
    PageEncoder.finish(page, 0, pageSize, at - PageLayout.DATA, missed, false);
    return page;
  }

  /**
   * The numbers in a stream, and before a page's first one what is told lost, as {@code lost n}.
   */
  static List<String> read(TraceFile file, int buffer, int cpu) throws Exception {
    List<String> read = new ArrayList<>();
    PageStream pages = file.pages(buffer, cpu);
    PageCursor cursor = new PageCursor(pages.format());
    for (MemorySegment page = pages.next(); page != null; page = pages.next()) {
      cursor.reset(page);
      if (cursor.missed() != 0) {
        read.add("lost " + cursor.missed());
      }
      while (cursor.next()) {
        read.add("" + page.get(pages.format().intLayout(), cursor.payloadOffset() + 8));
      }
    }
    return read;
  }
}
