package org.pagewheel.shell.internal.print;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.pagewheel.format.PageCursor;
import org.pagewheel.tracedat.EventText;
import org.pagewheel.tracedat.PageStream;
import org.pagewheel.tracedat.TraceFile;

/** The events of a trace file's first buffer, of all CPUs, merged by time. */
public final class FileEvents {
  /** One CPU, before an event or at its end. */
  private static final class Stream {
    private final int cpu;
    private final PageStream pages;
    private final PageCursor cursor;
    private MemorySegment page;

    Stream(int cpu, PageStream pages) throws IOException {
      this.cpu = cpu;
      this.pages = pages;
      this.cursor = new PageCursor(pages.format());
      page = pages.next();
      if (page != null) {
        cursor.reset(page);
        advance();
      }
    }

    void advance() throws IOException {
      while (page != null && !cursor.next()) {
        page = pages.next();
        if (page != null) {
          cursor.reset(page);
        }
      }
    }
  }

  private FileEvents() {}

  /**
   * The first lines of a file, narrow, on demand.
   *
   * @param file a trace.dat file
   * @param wanted gets line by line, and returns whether it wants more
   */
  public static void read(Path file, Predicate<EventLines.Line> wanted) throws IOException {
    try (TraceFile trace = TraceFile.open(file)) {
      EventLines text =
          new EventLines(
              new EventText(
                  trace.metadata().formats(),
                  trace.metadata().pageFormat(),
                  trace.metadata().kallsyms()),
              trace.metadata().threadNames(),
              ShownTimes.of(trace.buffers().getFirst().clock(), trace.metadata().scale()),
              EventLines.Style.NARROW,
              null);
      List<Stream> streams = new ArrayList<>();
      for (int cpu = 0; cpu < trace.buffers().getFirst().cpus(); cpu++) {
        streams.add(new Stream(cpu, trace.pages(0, cpu)));
      }
      Stream next = earliest(streams);
      while (next != null && give(next, text, wanted)) {
        next.advance();
        next = earliest(streams);
      }
    }
  }

  private static Stream earliest(List<Stream> streams) {
    Stream earliest = null;
    for (Stream stream : streams) {
      if (stream.page != null
          && (earliest == null || stream.cursor.time() < earliest.cursor.time())) {
        earliest = stream;
      }
    }
    return earliest;
  }

  private static boolean give(Stream stream, EventLines text, Predicate<EventLines.Line> wanted) {
    PageCursor cursor = stream.cursor;
    boolean more = true;
    if (cursor.index() == 0 && cursor.missed() != 0) {
      more = wanted.test(EventLines.loss(stream.cpu, cursor.missed()));
    }
    return more
        && wanted.test(
            text.event(
                stream.cpu,
                cursor.time(),
                stream.page,
                cursor.payloadOffset(),
                cursor.payloadLength()));
  }
}
