package org.pagewheel.benchmarks;

import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** JCTools' queue of objects: stamp and three longs, drained; a full queue makes writers wait. */
public class JctoolsBenchmark {
  record Sample(long time, long first, long second, long third) {}

  /** A queue of as many events as one CPU's ring in {@link BufferUnderTest} holds, or so. */
  @State(Scope.Benchmark)
  public static class Queue {
    private static final int SLOTS = 32_768;

    private MpscVarHandleArrayQueue<Sample> queue;
    private Drain drain;
    private long sum;

    @Setup(Level.Trial)
    public void open() {
      queue = new MpscVarHandleArrayQueue<>(SLOTS);
      drain = Drain.start(() -> queue.drain(sample -> sum += sample.time()));
    }

    @TearDown(Level.Trial)
    public void close() throws InterruptedException {
      drain.stop();
    }
  }

  @Benchmark
  public void offer(Queue target, Payload payload) {
    long value = payload.next();
    Sample sample = new Sample(System.nanoTime(), value, value, value);
    for (int turn = 1; !target.queue.offer(sample); turn++) {
      Drain.pause(turn);
    }
  }
}
