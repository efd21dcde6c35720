package org.pagewheel.backend.lockfree.internal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.ring.CpuMemories;

/** Memory outside the heap, freed when the ring is done with it. */
final class NativeMemories implements CpuMemories {
  /** Pages begin where those of the machine do, as splicing likes it. */
  private static final long ALIGNMENT = 4096;

  /** One CPU's memory, with an arena of its own so that it can be freed alone. */
  private record Grant(Arena arena, MemorySegment memory) {}

  private final List<Grant> grants = new ArrayList<>();

  NativeMemories(long bytesPerCpu, int cpus) throws IOException {
    // The JVM grants as much as its heap is large, unless told otherwise; then only trying tells.
    if (bytesPerCpu > Runtime.getRuntime().maxMemory() / cpus) {
      try (Arena trial = Arena.ofConfined()) {
        trial.allocate(Math.multiplyExact(bytesPerCpu, cpus), ALIGNMENT);
      } catch (OutOfMemoryError | ArithmeticException e) {
        throw new IOException(
            ("%d CPUs need %d MiB each outside the heap: take fewer pages"
                    + " or a larger -XX:MaxDirectMemorySize (%s)")
                .formatted(cpus, Math.ceilDiv(bytesPerCpu, 1 << 20), e.getMessage()),
            e);
      }
    }
  }

  @Override
  public MemorySegment get(int cpu, long bytes) {
    Arena arena = Arena.ofShared();
    MemorySegment memory = arena.allocate(bytes, ALIGNMENT);
    synchronized (grants) {
      grants.add(new Grant(arena, memory));
    }
    return memory;
  }

  @Override
  public void giveBack(int cpu, MemorySegment memory) {
    synchronized (grants) {
      grants.removeIf(
          grant -> {
            if (grant.memory == memory) {
              grant.arena.close();
              return true;
            }
            return false;
          });
    }
  }

  @Override
  public void free() {
    synchronized (grants) {
      grants.forEach(grant -> grant.arena.close());
      grants.clear();
    }
  }
}
