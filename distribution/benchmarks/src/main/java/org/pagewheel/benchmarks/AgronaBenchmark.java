package org.pagewheel.benchmarks;

import java.nio.ByteBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Agrona's many-to-one ring: stamp and three longs, drained; a full ring makes writers wait. */
public class AgronaBenchmark {
  /** The ring, of the size of one CPU's in {@link BufferUnderTest}, and its reader. */
  @State(Scope.Benchmark)
  public static class Ring {
    private ManyToOneRingBuffer ring;
    private AtomicBuffer memory;
    private Drain drain;
    private long sum;

    @Setup(Level.Trial)
    public void open() {
      int capacity = BufferUnderTest.PAGES * BufferUnderTest.PAGE_SIZE;
      memory =
          new UnsafeBuffer(
              ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH));
      ring = new ManyToOneRingBuffer(memory);
      drain =
          Drain.start(
              () -> ring.read((type, buffer, index, length) -> sum += buffer.getLong(index)));
    }

    @TearDown(Level.Trial)
    public void close() throws InterruptedException {
      drain.stop();
    }
  }

  @Benchmark
  public void write(Ring target, Payload payload) {
    long value = payload.next();
    ManyToOneRingBuffer ring = target.ring;
    int at = ring.tryClaim(1, 4 * Long.BYTES);
    for (int turn = 1; at < 0; turn++) {
      Drain.pause(turn);
      at = ring.tryClaim(1, 4 * Long.BYTES);
    }
    AtomicBuffer memory = target.memory;
    memory.putLong(at, System.nanoTime());
    memory.putLong(at + Long.BYTES, value);
    memory.putLong(at + 2 * Long.BYTES, value);
    memory.putLong(at + 3 * Long.BYTES, value);
    ring.commit(at);
  }
}
