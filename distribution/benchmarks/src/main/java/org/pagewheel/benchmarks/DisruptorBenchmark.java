package org.pagewheel.benchmarks;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The Disruptor, many producers: stamp and three longs, drained; a full ring makes them wait. */
public class DisruptorBenchmark {
  static final class Slot {
    long time;
    long first;
    long second;
    long third;
  }

  /** A ring of about the bytes of one CPU's in {@link BufferUnderTest}, and its reader. */
  @State(Scope.Benchmark)
  public static class Ring {
    private static final int SLOTS = 32_768;

    private Disruptor<Slot> disruptor;
    private RingBuffer<Slot> ring;
    private long sum;

    @Setup(Level.Trial)
    public void open() {
      disruptor =
          new Disruptor<>(
              Slot::new,
              SLOTS,
              DaemonThreadFactory.INSTANCE,
              ProducerType.MULTI,
              new YieldingWaitStrategy());
      disruptor.handleEventsWith((slot, sequence, last) -> sum += slot.time);
      ring = disruptor.start();
    }

    @TearDown(Level.Trial)
    public void close() {
      disruptor.shutdown();
    }
  }

  @Benchmark
  public void publish(Ring target, Payload payload) {
    long value = payload.next();
    RingBuffer<Slot> ring = target.ring;
    long at = ring.next();
    Slot slot = ring.get(at);
    slot.time = System.nanoTime();
    slot.first = value;
    slot.second = value;
    slot.third = value;
    ring.publish(at);
  }
}
