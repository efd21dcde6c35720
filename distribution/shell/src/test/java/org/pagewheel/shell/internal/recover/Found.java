package org.pagewheel.shell.internal.recover;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.BitSet;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageCursor;
import org.pagewheel.tracedat.PageStream;
import org.pagewheel.tracedat.TraceFile;

/** What traces have of the events of {@link KillVictim}. */
final class Found {
  /** By thread. */
  final BitSet[] numbers = new BitSet[KillVictim.THREADS];

  /** How many are reported as lost. */
  long reported;

  Found() {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = new BitSet();
    }
  }

  /** Adds the events of a file, of which none is there twice. */
  void add(Path path) throws IOException {
    Found inFile = new Found();
    try (TraceFile trace = TraceFile.open(path)) {
      int type =
          trace.metadata().formats().stream()
              .filter(format -> format.system().equals("kill"))
              .mapToInt(EventFormat::id)
              .findFirst()
              .orElse(-1);
      for (int cpu = 0; cpu < trace.buffers().getFirst().cpus(); cpu++) {
        PageStream pages = trace.pages(0, cpu);
        PageCursor cursor = new PageCursor(pages.format());
        for (MemorySegment page = pages.next(); page != null; page = pages.next()) {
          cursor.reset(page);
          assertTrue(cursor.missed() >= 0, "a number of lost events that is unknown");
          reported += cursor.missed();
          while (cursor.next()) {
            inFile.add(cursor.payload(), type, path);
          }
        }
      }
    }
    for (int i = 0; i < numbers.length; i++) {
      numbers[i].or(inFile.numbers[i]);
    }
  }

  private void add(MemorySegment payload, int type, Path path) {
    if ((payload.get(ValueLayout.JAVA_SHORT_UNALIGNED, 0) & 0xffff) == type) {
      BitSet ofThread = numbers[(int) payload.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)];
      int number = (int) payload.get(ValueLayout.JAVA_LONG_UNALIGNED, 16);
      assertTrue(!ofThread.get(number), path + " has event " + number + " twice");
      ofThread.set(number);
    }
  }
}
