package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.tracedat.PageStream;
import org.pagewheel.tracedat.TraceFile;

/** What has come out: per CPU in order, and each count of each writer once. */
final class Account {
  private final long[] lastTime;
  private final long[][] lastCount;
  private final BitSet[] seen = new BitSet[SwapUnderFireTest.THREADS];
  private final long[] base = new long[SwapUnderFireTest.THREADS];
  private long events;
  private long missed;

  Account(int cpus) {
    lastTime = new long[cpus];
    lastCount = new long[cpus][SwapUnderFireTest.THREADS];
    Arrays.fill(lastTime, Long.MIN_VALUE);
    for (long[] counts : lastCount) {
      Arrays.fill(counts, -1);
    }
    Arrays.setAll(seen, i -> new BitSet());
  }

  void add(Path path) throws Exception {
    try (TraceFile file = TraceFile.open(path)) {
      assertEquals(List.of(), file.warnings());
      for (int cpu = 0; cpu < lastTime.length; cpu++) {
        PageStream pages = file.pages(0, cpu);
        for (MemorySegment page = pages.next(); page != null; page = pages.next()) {
          add(cpu, new PageCursor(PageFormat.of((int) page.byteSize())).reset(page), page);
        }
      }
    }
    for (int i = 0;
        i < SwapUnderFireTest.THREADS;
        i++) { // what is whole needs no memory: an hour is long
      int whole = seen[i].nextClearBit(0);
      seen[i] = seen[i].get(whole, Math.max(whole, seen[i].length()));
      base[i] += whole;
    }
  }

  private void add(int cpu, PageCursor cursor, MemorySegment page) throws Exception {
    missed += Math.abs(cursor.missed());
    while (cursor.next()) {
      assertTrue(cursor.time() >= lastTime[cpu], "time runs backwards on CPU " + cpu);
      lastTime[cpu] = cursor.time();
      if ((page.get(ValueLayout.JAVA_SHORT_UNALIGNED, cursor.payloadOffset()) & 0xffff)
          != SwapUnderFireTest.SHOT.id()) {
        continue;
      }
      int writer = (int) page.get(ValueLayout.JAVA_LONG_UNALIGNED, cursor.payloadOffset() + 8);
      long count = page.get(ValueLayout.JAVA_LONG_UNALIGNED, cursor.payloadOffset() + 16);
      String what = "event " + count + " of writer " + writer + " on CPU " + cpu;
      assertTrue(count > lastCount[cpu][writer], what + " is out of order");
      lastCount[cpu][writer] = count;
      int index = Math.toIntExact(count - base[writer]);
      assertFalse(index < 0 || seen[writer].get(index), what + " came twice");
      seen[writer].set(index);
      events++;
    }
  }

  void assertComplete(long written) {
    String gaps = "";
    for (int i = 0; i < SwapUnderFireTest.THREADS; i++) {
      if (!seen[i].isEmpty()) {
        gaps += " writer " + i + " from " + (base[i] + seen[i].nextClearBit(0));
      }
    }
    assertEquals("", gaps, "missing");
    assertEquals(written, events);
    assertEquals(0, missed);
  }
}
