package org.pagewheel.benchmarks;

import com.example.traced.Work;
import org.openjdk.jmh.annotations.Benchmark;

/** A call of a method that is traced without being touched; what that adds is the difference. */
public class TracedBenchmark {
  @Benchmark
  public long call(TracedMethod traced, Payload payload) {
    return Work.work(payload.next(), 2);
  }

  /** Two readings of the clock around the same call. */
  @Benchmark
  public long timed(TracedMethod traced, Payload payload) {
    long began = System.nanoTime();
    long result = Work.work(payload.next(), 2);
    return result + System.nanoTime() - began;
  }
}
