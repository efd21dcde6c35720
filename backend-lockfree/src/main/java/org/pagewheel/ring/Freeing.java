package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.pagewheel.Counters;

/**
 * Frees the memory of a closed ring once: when everything is finished, no page is held and no
 * reader is at work. Does not wait for readers: the last one that is in the way frees it on
 * leaving.
 *
 * <p>This object's monitor guards its fields, briefly and without a call while it is held, so that
 * an error cannot leave them wrong.
 */
final class Freeing {
  private final Writer[] writers;
  private final MemorySegment[] segments;
  private final CpuRing sealedRing;
  private final CpuMemories memories;

  /** What a reader does with a CPU's memory, which stays until it returns. */
  @FunctionalInterface
  interface Reading<T> {
    T with(CpuRing ring);
  }

  /** Held while a thread looks at memory that others can reach, or frees it. */
  private final Object watching = new Object();

  /** Readers at work, and threads that check whether the memory can be freed. */
  private int users;

  /** A thread checked while others were at work: the last of them checks again. */
  private boolean lookAgain;

  /** The accounts as of when the memory was freed; null before. Readers then go no further. */
  volatile Counters[] last;

  /** A thread is freeing it, or has. */
  private boolean begun;

  Freeing(Writer[] writers, MemorySegment[] segments, CpuRing sealed, CpuMemories memories) {
    this.writers = writers;
    this.segments = segments;
    this.sealedRing = sealed;
    this.memories = memories;
  }

  /** Null if no memory was made, or it is gone. */
  CpuRing ringOrNull(int cpu) {
    // pairs with the compareAndSet of CpuMaking, and with free
    Writer writer = (Writer) PageRing.WRITERS.getAcquire(writers, cpu);
    return writer == null || writer.ring == sealedRing ? null : writer.ring;
  }

  /** Reads from a CPU's ring, whose memory stays until this returns. */
  <T> T read(int cpu, Supplier<T> absent, Reading<T> reading) {
    boolean freed;
    synchronized (this) {
      users++;
      freed = last != null;
    }
    try {
      CpuRing ring = freed ? null : ringOrNull(cpu);
      if (ring != null) {
        ring.writer.amend();
      }
      return ring == null ? absent.get() : reading.with(ring);
    } finally {
      synchronized (this) { // nothing throws here: what was read is handed on
        users--;
      }
    }
  }

  /**
   * Looks at the rings of CPUs from the first given on, while none is freed. The lock of readers
   * would be in the way of a close, which is to free the memory at once.
   */
  void watch(int first, Consumer<CpuRing> look) {
    synchronized (watching) {
      for (int cpu = first; cpu < writers.length; cpu++) {
        CpuRing ring = ringOrNull(cpu);
        if (ring != null) {
          look.accept(ring);
        }
      }
    }
  }

  /** Frees the memory of a closed ring, if it is time. */
  void ifDone() {
    boolean again = true;
    while (again) {
      synchronized (this) {
        if (begun) {
          return;
        }
        users++;
        lookAgain = false;
      }
      Counters[] accounts = null;
      boolean mine = false;
      try {
        accounts = last == null ? accountsIfDone() : last;
      } finally {
        synchronized (this) {
          users--;
          mine = accounts != null && users == 0 && !begun;
          if (mine) {
            begun = true;
            last = accounts;
          }
          again = !mine && users == 0 && lookAgain;
          lookAgain = users > 0; // they check when they leave
        }
      }
      if (mine) {
        free();
      }
    }
  }

  private void free() {
    boolean done = false;
    try {
      synchronized (watching) {
        for (int cpu = 0; cpu < writers.length; cpu++) {
          segments[cpu] = null;
          PageRing.WRITERS.setRelease(
              writers, cpu, sealedRing.writer); // pairs with the getAcquire of late writers
        }
        memories.free();
      }
      done = true;
    } finally {
      if (!done) {
        synchronized (this) {
          begun = false; // the next one goes on
        }
      }
    }
  }

  /** The accounts, if everything is finished and no page is held; else null. */
  private Counters[] accountsIfDone() {
    Counters[] accounts = new Counters[writers.length];
    for (int cpu = 0; cpu < writers.length; cpu++) {
      CpuRing ring = ringOrNull(cpu);
      accounts[cpu] = Counters.ZERO;
      if (ring != null) {
        ring.writer.amend();
        if (ring.reader.isTaken()) {
          ring.reader.drop();
        }
        if (!ring.isQuiet() || ring.reader.isHolding()) {
          return null;
        }
        accounts[cpu] = ring.counters();
      }
    }
    return accounts;
  }
}
