package org.pagewheel.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.pagewheel.Clock;

/** Readings of the clocks of the processor's counter, where they can be had. */
public class CounterBenchmark {
  private static final Clock X86_TSC = Clock.x86Tsc();
  private static final Clock MONO_TSC = Clock.monoTsc();

  @Benchmark
  public long x86Tsc() {
    return X86_TSC.now();
  }

  @Benchmark
  public long monoTsc() {
    return MONO_TSC.now();
  }
}
