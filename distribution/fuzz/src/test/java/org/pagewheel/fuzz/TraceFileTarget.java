package org.pagewheel.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pagewheel.format.PageCursor;
import org.pagewheel.tracedat.EventText;
import org.pagewheel.tracedat.PageStream;
import org.pagewheel.tracedat.TraceBuffer;
import org.pagewheel.tracedat.TraceFile;

/**
 * Any bytes as a trace.dat: it is refused with one line, or read to its end, its events as text
 * included.
 */
public final class TraceFileTarget {
  private static final Path FILE = file();

  private TraceFileTarget() {}

  private static Path file() {
    try {
      Path file = Files.createTempFile("pagewheel-fuzz", ".dat");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    Files.write(FILE, data);
    try (TraceFile file = TraceFile.open(FILE)) {
      EventText text = new EventText(file.metadata().formats(), file.metadata().pageFormat());
      file.metadata().threadNames();
      file.metadata().clock();
      for (int buffer = 0; buffer < file.buffers().size(); buffer++) {
        TraceBuffer one = file.buffers().get(buffer);
        for (int cpu = 0; cpu < one.cpus(); cpu++) {
          read(file.pages(buffer, cpu), text);
        }
      }
    } catch (IOException e) {
      if (e.getMessage() == null || e.getMessage().isBlank() || e.getMessage().contains("\n")) {
        throw new AssertionError("not one clear line", e);
      }
    }
  }

  private static void read(PageStream pages, EventText text) throws IOException {
    PageCursor cursor = new PageCursor(pages.format());
    for (MemorySegment page = pages.next(); page != null; page = pages.next()) {
      cursor.reset(page);
      while (cursor.next()) {
        text.text(page, cursor.payloadOffset(), cursor.payloadLength());
      }
    }
  }
}
