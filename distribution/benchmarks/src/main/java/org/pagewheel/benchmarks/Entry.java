package org.pagewheel.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pagewheel.benchmarks.TailBenchmark.Quantile;

/**
 * One run of a benchmark method.
 *
 * @param name under which its result is shown
 * @param type the class of the method
 * @param method the method
 * @param threads how many threads call it
 * @param parameters of its states
 * @param kind what the result is
 */
record Entry(
    String name,
    Class<?> type,
    String method,
    int threads,
    Map<String, String> parameters,
    Kind kind) {

  private static final String ALLOCATED = ".alloc";

  /** How a time per operation becomes rows of the result. */
  enum Kind {
    /** It is shown as it is. */
    TIME,
    /** The same, and the bytes that an operation allocates. */
    TIME_AND_BYTES,
    /** It is the time for {@link SpliceBenchmark#PAGES} pages. */
    THROUGHPUT,
    /** The benchmark has written it to a file. */
    WRITTEN,
    /** It is not shown, but the distribution that the benchmark wrote to a file. */
    DISTRIBUTION
  }

  /** The names of its rows. */
  List<String> names() {
    if (kind == Kind.TIME_AND_BYTES) {
      return List.of(name, name + ALLOCATED);
    }
    if (kind != Kind.DISTRIBUTION) {
      return List.of(name);
    }
    List<String> names = new ArrayList<>();
    for (Quantile quantile : Quantile.values()) {
      names.add(name + "." + quantile.label);
    }
    return names;
  }

  /** The rows for a time per operation in nanoseconds. */
  Row row(double nanos, double error) {
    if (kind != Kind.THROUGHPUT) {
      return new Row(name, nanos, error, "ns");
    }
    double mebibytes = SpliceBenchmark.PAGES * (double) BufferUnderTest.PAGE_SIZE / (1 << 20);
    double rate = mebibytes / (nanos / 1e9);
    return new Row(name, rate, rate * error / nanos, "MiB/s");
  }

  /** The row for the bytes allocated per operation. */
  Row allocated(double bytes, double error) {
    return new Row(name + ALLOCATED, bytes, error, "B");
  }
}
