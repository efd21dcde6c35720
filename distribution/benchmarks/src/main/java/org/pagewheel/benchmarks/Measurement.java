package org.pagewheel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.pagewheel.benchmarks.Entry.Kind;

/**
 * How long entries are run.
 *
 * @param forks JVMs one after another; 0 runs in this one
 * @param warmups iterations that do not count, in each fork
 * @param iterations iterations that count
 * @param millis the length of an iteration
 */
record Measurement(int forks, int warmups, int iterations, int millis) {
  /** For results to be quoted. */
  static final Measurement FULL = new Measurement(2, 3, 5, 1_000);

  /** For a first look. */
  static final Measurement QUICK = new Measurement(1, 2, 3, 500);

  /** The name in JMH's profiler. */
  private static final String BYTES_PER_OPERATION = "gc.alloc.rate.norm";

  /**
   * The JVM options that Pagewheel is shipped with, those of JMH and Agrona, and of self-attaching.
   */
  static final String[] JVM_FLAGS = {
    "-Xmx1g",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
    "-Djdk.attach.allowAttachSelf=true",
    "-XX:+EnableDynamicAgentLoading"
  };

  /**
   * Runs an entry.
   *
   * @throws RunnerException if the benchmark failed
   */
  List<Row> run(Entry entry) throws RunnerException, IOException {
    if (entry.kind() != Kind.DISTRIBUTION && entry.kind() != Kind.WRITTEN) {
      RunResult all = runJmh(entry, null);
      Result<?> result = all.getPrimaryResult();
      double nanos = entry.threads() / result.getScore();
      Row time = entry.row(nanos, nanos * result.getScoreError() / result.getScore());
      if (entry.kind() != Kind.TIME_AND_BYTES) {
        return List.of(time);
      }
      Result<?> bytes = all.getSecondaryResults().get(BYTES_PER_OPERATION);
      return List.of(time, entry.allocated(bytes.getScore(), bytes.getScoreError()));
    }
    Path file = Files.createTempFile("pagewheel-benchmark", ".quantiles");
    try {
      runJmh(entry, file);
      List<Row> rows = new ArrayList<>();
      List<String> values = Files.readAllLines(file);
      for (int i = 0; i < values.size(); i++) {
        String name = entry.names().get(i);
        rows.add(new Row(name, Double.parseDouble(values.get(i)), Double.NaN, "ns"));
      }
      return rows;
    } finally {
      Files.delete(file);
    }
  }

  /**
   * Measures operations per nanosecond, of all threads together. The mean of the threads' own times
   * would mislead: with more threads than CPUs, one that had no turn would outweigh all others.
   */
  private RunResult runJmh(Entry entry, Path file) throws RunnerException {
    String method = entry.type().getName() + "." + entry.method();
    TimeValue time = TimeValue.milliseconds(millis);
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(method) + "$")
            .mode(Mode.Throughput)
            .timeUnit(TimeUnit.NANOSECONDS)
            .threads(entry.threads())
            .warmupIterations(warmups)
            .warmupTime(time)
            .measurementIterations(iterations)
            .measurementTime(time)
            .forks(file == null ? forks : Math.min(forks, 1)) // each would write the file anew
            .jvmArgsAppend(JVM_FLAGS)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    if (entry.kind() == Kind.TIME_AND_BYTES) {
      options.addProfiler(GCProfiler.class);
    }
    entry.parameters().forEach(options::param);
    if (file != null) {
      options.param("file", file.toString());
    }
    return new Runner(options.build()).runSingle();
  }
}
