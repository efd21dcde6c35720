package org.pagewheel.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.pagewheel.CpuNumber;

/** What no event with a time of its own can be cheaper than. */
public class FloorBenchmark {
  private static final CpuNumber CPU = CpuNumber.system();

  @Benchmark
  public long nanoTime() {
    return System.nanoTime();
  }

  @Benchmark
  public int cpuNumber() {
    return CPU.current();
  }
}
