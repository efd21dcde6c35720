package org.pagewheel.ring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Gives a ring its memory, CPU by CPU. */
public interface CpuMemories {
  /**
   * The memory of a CPU, asked for at its first event, by that event's thread. Several threads may
   * ask for the same CPU at once; all but one of the memories are given back by {@link #giveBack}.
   *
   * @param cpu the CPU
   * @param bytes how much, see {@link RingLayout#bytes}
   * @return memory that is all zero, at a multiple of 8
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

  /** Frees all memory; nobody uses it any more, but see {@link #areKept}. Called once. */
  void free();

  /**
   * Whether the memories are {@link KeptMemory}, of which writers may use the addresses. A writer
   * that comes late finds the ring's words as they were when it was freed, up to {@link
   * RingLayout#wordBytes}; what is behind them may be gone, but not the addresses.
   *
   * @return true if so; false if the segment itself tells late writers that it is gone
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
