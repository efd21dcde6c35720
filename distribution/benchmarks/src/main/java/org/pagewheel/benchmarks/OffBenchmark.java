package org.pagewheel.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.pagewheel.event.EventType;

/** An event whose type is not enabled: the cost in the application when recording is off. */
public class OffBenchmark {
  /** As {@link RecordBenchmark.Three}, but off. */
  record Unwanted(long first, long second, long third) {}

  private static final EventType<Unwanted> UNWANTED = EventType.of("benchmark", Unwanted.class);

  /** A buffer in which it is disabled. */
  @State(Scope.Benchmark)
  public static class Disabled {
    @Setup
    public void disable(BufferUnderTest target) {
      target.buffer.events().disable("benchmark:*");
    }
  }

  @Benchmark
  public boolean disabled(Disabled disabled, BufferUnderTest target, Payload payload) {
    long value = payload.next();
    return UNWANTED.record(target.buffer, new Unwanted(value, value, value));
  }
}
