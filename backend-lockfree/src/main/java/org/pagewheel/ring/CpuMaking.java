package org.pagewheel.ring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** Makes the memory and the ring of each CPU when its first event comes. */
final class CpuMaking {
  /** Makes the ring of a CPU in its memory. */
  @FunctionalInterface
  interface Rings {
    CpuRing make(int cpu, RingMemory memory);
  }

  private final Writer[] writers;
  private final MemorySegment[] segments;
  private final RingLayout layout;
  private final CpuMemories memories;
  private final EarlyRefusals early;
  private final Rings rings;
  private final Consumer<String> fault;

  /** Memory made by threads that then met an error. Guarded by itself. */
  private final MemorySegment[] spareMemories;

  /**
   * For all CPUs.
   *
   * @param writers where the writers of the rings are put, by compare-and-set
   * @param segments where their memory is put after that
   * @param layout of the memory
   * @param memories gives the memory
   * @param early which CPUs cannot have any
   * @param rings makes the rings
   * @param fault takes a line about a CPU that has no memory
   */
  CpuMaking(
      Writer[] writers,
      MemorySegment[] segments,
      RingLayout layout,
      CpuMemories memories,
      EarlyRefusals early,
      Rings rings,
      Consumer<String> fault) {
    this.writers = writers;
    this.segments = segments;
    this.layout = layout;
    this.memories = memories;
    this.early = early;
    this.rings = rings;
    this.fault = fault;
    this.spareMemories = new MemorySegment[writers.length];
  }

  /**
   * Makes a CPU's memory and ring, unless another thread does first.
   *
   * @return the CPU's writer; null if there is no memory
   */
  Writer make(int cpu) {
    MemorySegment memory = spareMemory(cpu);
    try {
      if (memory == null && early.isWithout(cpu)) {
        return null; // trying at each event would cost more than the event
      }
      if (memory == null) {
        memory = memories.get(cpu, layout.bytes());
      }
    } catch (OutOfMemoryError e) {
      return null; // the heap is full: perhaps not when the next event comes
    } catch (IOException e) {
      if (early.goWithout(cpu)) {
        fault.accept("CPU " + cpu + " has no memory: " + e.getMessage());
      }
      return null;
    }
    boolean wanted = true;
    try {
      Writer mine = rings.make(cpu, new RingMemory(memory, layout, memories.areKept())).writer;
      if (PageRing.WRITERS.compareAndSet(
          writers, cpu, null, mine)) { // pairs with the getAcquire of the others
        wanted = false;
        segments[cpu] = memory;
        return mine;
      }
      wanted = false;
      memories.giveBack(cpu, memory);
      return (Writer) PageRing.WRITERS.getAcquire(writers, cpu);
    } catch (Throwable e) {
      if (wanted) {
        synchronized (spareMemories) { // without a call: the stack may be full
          spareMemories[cpu] = memory;
        }
      }
      throw e;
    }
  }

  private MemorySegment spareMemory(int cpu) {
    synchronized (spareMemories) {
      MemorySegment memory = spareMemories[cpu];
      spareMemories[cpu] = null;
      return memory;
    }
  }
}
