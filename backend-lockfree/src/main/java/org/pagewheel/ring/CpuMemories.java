package org.pagewheel.ring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Gives a ring its memory, CPU by CPU. */
public interface CpuMemories {
  /**
   * The memory of a CPU, requested by the thread of its first event. Several threads may ask for
   * the same CPU at once; all but one of the memories are given back by {@link #giveBack}.
   *
   * @param cpu the CPU
   * @param bytes how many, see {@link RingLayout#bytes}
   * @return zeroed memory, aligned to 8 bytes
   * @throws IOException if there is none; the CPU is disabled then
   */
  MemorySegment get(int cpu, long bytes) throws IOException;

  /**
   * Takes memory back that will not be used; it may be given again.
   *
   * @param cpu the CPU
   * @param memory what {@link #get} gave, still all zero
   */
  void giveBack(int cpu, MemorySegment memory);

  /** Frees all memory, which is no longer in use, but see {@link #areKept}. Called once. */
  void free();

  /**
   * Whether the memories are {@link KeptMemory}, whose addresses writers may use. A late writer
   * finds the ring's words, up to {@link RingLayout#wordBytes}, as they were when it was freed;
   * what follows them may be gone, but the addresses remain valid.
   *
   * @return true if so; false if the segment itself refuses late writers
   */
  default boolean areKept() {
    return false;
  }

  /**
   * See {@link org.pagewheel.spi.Ring#durableRings}.
   *
   * @return 0 unless the memory outlives the process
   */
  default int durableRings() {
    return 0;
  }
}
