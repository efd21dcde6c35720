package org.pagewheel.ring;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Memory outside the heap, freed when the ring is done with it. */
public final class NativeMemories implements CpuMemories {
  /** Pages begin where those of the machine do, as splicing likes it. */
  private static final long ALIGNMENT = 4096;

  /** One CPU's memory, with an arena of its own so that it can be freed alone. */
  private record Grant(Arena arena, MemorySegment memory) {}

  private final List<Grant> grants = new ArrayList<>();

  /**
   * Checks that there will be memory, as far as that can be told.
   *
   * @param bytesPerCpu what each CPU will ask for
   * @param cpus how many may ask
   * @throws IOException if that is more than there is
   */
  public NativeMemories(long bytesPerCpu, int cpus) throws IOException {
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
