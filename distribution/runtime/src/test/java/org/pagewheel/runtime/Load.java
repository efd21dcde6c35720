package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.pagewheel.Buffer;
import org.pagewheel.Page;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.RingWriter;
import org.pagewheel.spi.WritableBuffer;

/** Threads that write numbered events, and the account of what comes out. */
final class Load {
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final int LENGTH = 16;

  private final Buffer buffer;
  private final List<Writer> writers = new ArrayList<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final long pauseNanos;
  private volatile boolean stop;

  /** As fast as they can. */
  Load(Buffer buffer, int threads) {
    this(buffer, threads, 0);
  }

  /** With a pause of so many nanoseconds behind each event. */
  Load(Buffer buffer, int threads, long pauseNanos) {
    this.buffer = buffer;
    this.pauseNanos = pauseNanos;
    for (int i = 0; i < threads; i++) {
      writers.add(new Writer(i));
    }
  }

  /** Writes its own number and a count; goes on with the next count only if it was written. */
  private final class Writer extends Thread {
    private final int number;
    private long written;
    private long refused;

    Writer(int number) {
      super("writer-" + number);
      this.number = number;
    }

    @Override
    public void run() {
      try {
        while (!stop) {
          if (Load.write(buffer, number, written)) {
            written++;
          } else {
            refused++;
            Thread.yield();
          }
          if (pauseNanos > 0) {
            LockSupport.parkNanos(pauseNanos);
          }
        }
      } catch (Throwable t) {
        failure.compareAndSet(null, t);
      }
    }
  }

  /** One event, in the loop that every writer has. */
  static boolean write(Buffer buffer, long number, long count) {
    RingWriter ring = ((WritableBuffer) buffer).writer();
    long at = ring.reserve(LENGTH);
    while (at == Refusal.SEALED) {
      ring = ((WritableBuffer) buffer).successor(ring);
      at = ring.reserve(LENGTH);
    }
    if (at < 0) {
      return false;
    }
    MemorySegment memory = ring.memory(at);
    memory.set(LONG, Reservation.offset(at), number);
    memory.set(LONG, Reservation.offset(at) + 8, count);
    ring.commit(at);
    return true;
  }

  Load start() {
    writers.forEach(Thread::start);
    return this;
  }

  /** Stops the writers; returns how many events they were told are written. */
  long stop() throws InterruptedException {
    stop = true;
    for (Writer writer : writers) {
      writer.join();
    }
    if (failure.get() != null) {
      throw new AssertionError("a writer was harmed", failure.get());
    }
    return writers.stream().mapToLong(writer -> writer.written).sum();
  }

  /** What was refused. */
  long refused() {
    return writers.stream().mapToLong(writer -> writer.refused).sum();
  }

  /** Takes note of pages as they come out, and checks the order within each CPU. */
  static final class Account {
    private final List<BitSet> seen = new ArrayList<>();
    private final long[] lastTime;
    private final List<long[]> lastCount;
    private long events;
    private long missed;
    private boolean missedUnknown;

    Account(int cpus, int threads) {
      lastTime = new long[cpus];
      lastCount = new ArrayList<>();
      for (int cpu = 0; cpu < cpus; cpu++) {
        lastTime[cpu] = Long.MIN_VALUE;
        long[] counts = new long[threads];
        java.util.Arrays.fill(counts, -1);
        lastCount.add(counts);
      }
      for (int i = 0; i < threads; i++) {
        seen.add(new BitSet());
      }
    }

    void add(Page page) throws Exception {
      add(page.cpu(), page.memory());
    }

    synchronized void add(int cpu, MemorySegment memory) throws Exception {
      PageCursor cursor = new PageCursor(PageFormat.of((int) memory.byteSize()));
      cursor.reset(memory);
      if (cursor.missed() < 0) {
        missedUnknown = true;
      }
      missed += Math.max(0, cursor.missed());
      while (cursor.next()) {
        int number = (int) memory.get(LONG, cursor.payloadOffset());
        long count = memory.get(LONG, cursor.payloadOffset() + 8);
        String what = "event " + count + " of writer " + number + " on CPU " + cpu;
        assertTrue(cursor.time() >= lastTime[cpu], what + " lies before the one before");
        lastTime[cpu] = cursor.time();
        assertTrue(count > lastCount.get(cpu)[number], what + " is out of order");
        lastCount.get(cpu)[number] = count;
        assertFalse(seen.get(number).get((int) count), what + " came twice");
        seen.get(number).set((int) count);
        events++;
      }
    }

    synchronized long events() {
      return events;
    }

    synchronized long missed() {
      assertFalse(missedUnknown, "a number of lost events is unknown");
      return missed;
    }

    /** Every event that was told to be written has come, once. */
    synchronized void assertComplete(long written) {
      assertEquals(written, events);
      for (BitSet counts : seen) {
        assertEquals(counts.cardinality(), counts.length(), "a count is missing");
      }
    }
  }
}
