package org.pagewheel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;
import org.pagewheel.spi.WritableBuffer;

/**
 * What an event costs its writer at the rate of a busy application: {@link #BURST} in a row, some
 * thousand times a second, about 200 000 events a second. The pause between does not count.
 */
public class PacedBenchmark {
  private static final int BURST = 100;
  private static final long PAUSE_NANOS = 400_000;

  /** The median burst of the measurement, written to a file at the end. */
  @State(Scope.Benchmark)
  public static class Bursts {
    private static final long LONGEST_NANOS = 10_000_000_000L;
    private static final int DIGITS = 3;

    @Param("")
    public String file;

    private final org.HdrHistogram.Histogram all =
        new org.HdrHistogram.Histogram(LONGEST_NANOS, DIGITS);
    private boolean counts;

    @Setup(Level.Iteration)
    public void begin(IterationParams iteration) {
      counts = iteration.getType() == IterationType.MEASUREMENT;
    }

    private void add(long nanos) {
      if (counts) {
        all.recordValue(Math.min(nanos, LONGEST_NANOS));
      }
    }

    @TearDown(Level.Trial)
    public void write() throws IOException {
      if (!file.isEmpty()) {
        double median = all.getValueAtPercentile(50);
        Files.writeString(Path.of(file), median / BURST + "\n");
      }
    }
  }

  @Benchmark
  public void alone(BufferUnderTest target, Payload payload, Bursts bursts) {
    burst(target.buffer, payload, bursts);
  }

  @Benchmark
  public void consumed(ConsumedBuffer target, Payload payload, Bursts bursts) {
    burst(target.buffer, payload, bursts);
  }

  private static void burst(WritableBuffer buffer, Payload payload, Bursts bursts) {
    long begin = System.nanoTime();
    for (int i = 0; i < BURST; i++) {
      RecordBenchmark.write24(buffer, payload.next());
    }
    bursts.add(System.nanoTime() - begin);
    LockSupport.parkNanos(PAUSE_NANOS);
  }
}
