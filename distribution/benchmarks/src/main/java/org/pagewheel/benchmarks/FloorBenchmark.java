package org.pagewheel.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.pagewheel.CpuNumber;

/** The lower bound of the cost of an event with its own time. */
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
