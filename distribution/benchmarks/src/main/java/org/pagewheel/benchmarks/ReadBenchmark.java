package org.pagewheel.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.EventReader;
import org.pagewheel.Page;
import org.pagewheel.PageReader;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageLayout;

/** Reading a filled ring, by event and by page: one stream, filled before each turn. */
public class ReadBenchmark {
  /** Events of 24 bytes that surely fit in the pages. */
  static final int EVENTS = 20_000;

  /** A buffer of one CPU, full of events. */
  @State(Scope.Benchmark)
  public static class Filled extends BufferUnderTest {
    @Override
    BufferConfig adapt(BufferConfig usual) {
      return usual.withClock(1, Clock.MONO, () -> 0);
    }

    @Setup(Level.Invocation)
    public void fill() {
      for (int i = 0; i < EVENTS; i++) {
        RecordBenchmark.write24(buffer, i);
      }
      try (PageReader pages = buffer.readers().pages()) {
        pages.flush(0);
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long events(Filled filled) throws DamagedPageException {
    long sum = 0;
    int count = 0;
    try (EventReader events = filled.buffer.readers().events()) {
      while (events.next()) {
        sum += events.payload().get(PageLayout.LONG, Long.BYTES);
        count++;
      }
    }
    return checked(count, EVENTS) + sum;
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long pages(Filled filled) {
    long bytes = 0;
    try (PageReader pages = filled.buffer.readers().pages()) {
      for (Page page = pages.take(0, false); page != null; page = pages.take(0, false)) {
        bytes += PageLayout.used(page.memory());
        page.release();
      }
    }
    return checked(bytes, EVENTS * 36L);
  }

  /** A benchmark that reads too little would look fast; there may be time extends besides. */
  private static long checked(long got, long atLeast) {
    if (got < atLeast) {
      throw new IllegalStateException("read " + got + " where " + atLeast + " were written");
    }
    return got;
  }
}
