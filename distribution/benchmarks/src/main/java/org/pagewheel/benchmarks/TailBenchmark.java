package org.pagewheel.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;
import org.pagewheel.Page;
import org.pagewheel.PageReader;

/**
 * How long a single record takes while a reader takes all pages. A reading of the clock is
 * included, and whatever the scheduler does to the thread in between.
 */
public class TailBenchmark {
  private static final long LONGEST_NANOS = 10_000_000_000L;
  private static final int DIGITS = 3;

  /** The reader, and what all threads measured, written to a file at the end. */
  @State(Scope.Benchmark)
  public static class Reading {
    @Param("")
    public String file;

    private final Histogram all = new Histogram(LONGEST_NANOS, DIGITS);
    private Drain drain;
    private PageReader pages;

    @Setup(Level.Trial)
    public void start(BufferUnderTest target) {
      pages = target.buffer.readers().pages();
      drain = Drain.start(this::drain);
    }

    private int drain() {
      int taken = 0;
      for (int cpu = 0; cpu < Runtime.getRuntime().availableProcessors(); cpu++) {
        Page page = pages.take(cpu, false);
        if (page != null) {
          page.release();
          taken++;
        }
      }
      return taken;
    }

    private synchronized void add(Histogram part) {
      all.add(part);
    }

    @TearDown(Level.Trial)
    public void stop() throws InterruptedException, IOException {
      drain.stop();
      pages.close();
      if (!file.isEmpty()) {
        try (PrintStream out = new PrintStream(Files.newOutputStream(Path.of(file)))) {
          for (Quantile quantile : Quantile.values()) {
            out.println(quantile.of(all));
          }
        }
      }
    }
  }

  /** The percentiles reported. */
  enum Quantile {
    P50("p50", 50),
    P90("p90", 90),
    P99("p99", 99),
    P99_9("p99.9", 99.9),
    P99_99("p99.99", 99.99),
    MAX("max", 100);

    final String label;
    private final double percent;

    Quantile(String label, double percent) {
      this.label = label;
      this.percent = percent;
    }

    long of(Histogram histogram) {
      return histogram.getValueAtPercentile(percent);
    }
  }

  /** One thread's measurements of one iteration. */
  @State(Scope.Thread)
  public static class Samples {
    private final Histogram histogram = new Histogram(LONGEST_NANOS, DIGITS);
    private final ThreadCpuTime cpuTime = new ThreadCpuTime();

    @Setup(Level.Iteration)
    public void begin() {
      histogram.reset();
    }

    @TearDown(Level.Iteration)
    public void end(Reading reading, IterationParams iteration) {
      if (iteration.getType() == IterationType.MEASUREMENT) {
        reading.add(histogram);
      }
    }
  }

  @Benchmark
  public void record(BufferUnderTest target, Reading reading, Samples samples, Payload payload) {
    long begin = System.nanoTime();
    RecordBenchmark.write24(target.buffer, payload.next());
    samples.histogram.recordValue(Math.min(System.nanoTime() - begin, LONGEST_NANOS));
  }

  /** The same in the thread's CPU time: waiting for its turn does not count. */
  @Benchmark
  public void recordCpu(BufferUnderTest target, Reading reading, Samples samples, Payload payload) {
    long begin = samples.cpuTime.now();
    RecordBenchmark.write24(target.buffer, payload.next());
    samples.histogram.recordValue(Math.min(samples.cpuTime.now() - begin, LONGEST_NANOS));
  }
}
