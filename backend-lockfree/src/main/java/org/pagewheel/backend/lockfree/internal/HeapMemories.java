package org.pagewheel.backend.lockfree.internal;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.pagewheel.ring.CpuMemories;

/**
 * Memory on the Java heap: arrays of long, so that words of 8 bytes can be exchanged atomically.
 */
final class HeapMemories implements CpuMemories {
  HeapMemories(long bytesPerCpu, int cpus) throws IOException {
    if (bytesPerCpu / Long.BYTES > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "memory = heap: a CPU's ring has at most 16 GiB there; take fewer pages or native");
    }
    long heap = Runtime.getRuntime().maxMemory();
    if (bytesPerCpu > heap / cpus) {
      throw new IOException(
          "%d CPUs need %d MiB each, the Java heap has %d MiB: take fewer pages or a larger -Xmx"
              .formatted(cpus, Math.ceilDiv(bytesPerCpu, 1 << 20), heap >> 20));
    }
  }

  @Override
  public MemorySegment get(int cpu, long bytes) {
    return MemorySegment.ofArray(new long[(int) (bytes / Long.BYTES)]);
  }

  @Override
  public void giveBack(int cpu, MemorySegment memory) {
    // the collector has it
  }

  @Override
  public void free() {
    // the ring has forgotten it, so the collector has it
  }
}
