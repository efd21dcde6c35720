package org.pagewheel.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.pagewheel.CpuNumber;
import org.pagewheel.spi.RingWriter;

/**
 * {@link RecordBenchmark#raw24} in parts, each row with one part more than the row before it, and
 * as a whole with other ways to commit; on {@link TrialRing}.
 */
public class TrialBenchmark {
  private static final CpuNumber CPU = CpuNumber.system();
  private static final VarHandle RINGS = MethodHandles.arrayElementVarHandle(TrialRing[].class);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final int LENGTH = 32; // common fields and three longs
  private static final int SIZE = 36;

  /** A ring for each CPU, and a real buffer of which the current ring is asked. */
  @State(Scope.Benchmark)
  public static class Rings {
    /** {@code none}, {@code header}, {@code word} or {@code unchecked}. */
    @Param("none")
    public String commit;

    private Arena arena;
    private TrialRing[] rings;

    @Setup(Level.Trial)
    public void open() {
      arena = Arena.ofShared();
      rings = new TrialRing[Runtime.getRuntime().availableProcessors()];
      for (int cpu = 0; cpu < rings.length; cpu++) {
        rings[cpu] = make(commit, arena, BufferUnderTest.PAGES, System.nanoTime());
      }
    }

    static TrialRing make(String commit, Arena arena, int pages, long now) {
      MemorySegment memory = arena.allocate(TrialRing.bytes(pages), BufferUnderTest.PAGE_SIZE);
      return switch (commit) {
        case "header" -> new TrialRing.HeaderCommit(memory, pages, now);
        case "unchecked" -> new TrialRing.Unchecked(memory, pages, now);
        case "word" -> new TrialRing.WordCommit(memory, pages, now);
        default -> new TrialRing.NoCommit(memory, pages, now);
      };
    }

    @TearDown(Level.Trial)
    public void close() {
      arena.close();
    }

    private TrialRing ring(int cpu) {
      int index = cpu < rings.length ? cpu : cpu % rings.length;
      return (TrialRing) RINGS.getAcquire(rings, index);
    }
  }

  /** The CPU's number and the clock. */
  @Benchmark
  public long clock() {
    return CPU.current() + System.nanoTime();
  }

  /** The buffer's ring, and the CPU's. */
  @Benchmark
  public long ring(BufferUnderTest target, Rings rings) {
    RingWriter writer = target.buffer.writer();
    TrialRing ring = rings.ring(CPU.current());
    return writer.maxEventSize() + ring.memory().byteSize() + System.nanoTime();
  }

  /** The page's word and time. */
  @Benchmark
  public long look(BufferUnderTest target, Rings rings) {
    RingWriter writer = target.buffer.writer();
    TrialRing ring = rings.ring(CPU.current());
    return writer.maxEventSize() + ring.look(System.nanoTime());
  }

  /** The compare-and-exchange, and once a page the next page. */
  @Benchmark
  public long exchange(BufferUnderTest target, Rings rings) {
    RingWriter writer = target.buffer.writer();
    TrialRing ring = rings.ring(CPU.current());
    return writer.maxEventSize() + ring.room(SIZE, System.nanoTime(), false);
  }

  /** The record's first word. */
  @Benchmark
  public long header(BufferUnderTest target, Rings rings) {
    RingWriter writer = target.buffer.writer();
    TrialRing ring = rings.ring(CPU.current());
    return writer.maxEventSize() + ring.reserve(LENGTH, System.nanoTime());
  }

  /** Four longs; and the commit, if the ring has one. */
  @Benchmark
  public long event(BufferUnderTest target, Rings rings, Payload payload) {
    RingWriter writer = target.buffer.writer();
    TrialRing ring = rings.ring(CPU.current());
    long at = ring.reserve(LENGTH, System.nanoTime());
    if (at != TrialRing.REFUSED) {
      write(ring, at, payload.next());
    }
    return writer.maxEventSize() + at;
  }

  /** Payload and commit. */
  static void write(TrialRing ring, long at, long value) {
    MemorySegment memory = ring.memory();
    for (int done = 0; done < LENGTH; done += Long.BYTES) {
      memory.set(LONG, at + done, value);
    }
    ring.commit(at, LENGTH);
  }
}
