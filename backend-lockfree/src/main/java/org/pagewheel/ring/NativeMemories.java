package org.pagewheel.ring;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory outside the heap, {@linkplain KeptMemory kept} where available. No more than {@code
 * -XX:MaxDirectMemorySize} allows, or without that option, than the maximum size of the Java heap.
 */
public final class NativeMemories implements CpuMemories {
  /** Pages are aligned to those of the machine, which suits splicing. */
  private static final long ALIGNMENT = 4096;

  /** Bytes that the rings of this process hold. */
  private static final AtomicLong USED = new AtomicLong();

  /** One CPU's memory. */
  private record Grant(MemorySegment memory, Runnable free) {}

  private final RingLayout layout;
  private final boolean kept;
  private final List<Grant> grants = new ArrayList<>();

  /**
   * Checks, where it can, that there will be memory.
   *
   * @param layout of the memory of each CPU
   * @param cpus how many may request it
   * @throws IOException if that is more than is available
   */
  public NativeMemories(RingLayout layout, int cpus) throws IOException {
    this(layout, cpus, KeptMemory.isAvailable());
  }

  /** The same for a given kind of memory. */
  NativeMemories(RingLayout layout, int cpus, boolean kept) throws IOException {
    this.layout = layout;
    this.kept = kept;
    if (layout.bytes() > (Limit.BYTES - USED.get()) / cpus) {
      throw new IOException(
          ("%d CPUs need %d MiB each outside the heap: take fewer pages"
                  + " or a larger -XX:MaxDirectMemorySize (%s)")
              .formatted(cpus, Math.ceilDiv(layout.bytes(), 1 << 20), used()));
    }
  }

  private static String used() {
    return "rings have %d of %d MiB".formatted(USED.get() >> 20, Limit.BYTES >> 20);
  }

  /** Determined when first needed. */
  private static final class Limit {
    static final long BYTES = find();

    private static long find() {
      long set = 0;
      try {
        var options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (options != null) {
          set = Long.parseLong(options.getVMOption("MaxDirectMemorySize").getValue());
        }
      } catch (NoClassDefFoundError | IllegalArgumentException e) {
        // a JVM without the module jdk.management or without this option has no such limit
      }
      return set == 0 ? Runtime.getRuntime().maxMemory() : set;
    }
  }

  @Override
  public boolean areKept() {
    return kept;
  }

  @Override
  public MemorySegment get(int cpu, long bytes) throws IOException {
    if (USED.addAndGet(bytes) > Limit.BYTES) {
      USED.addAndGet(-bytes);
      throw new IOException(used());
    }
    Grant grant = null;
    try {
      grant = kept ? takeKept(bytes) : take(bytes);
      synchronized (grants) {
        grants.add(grant);
      }
      return grant.memory;
    } catch (Throwable e) {
      USED.addAndGet(-bytes);
      if (grant != null) {
        grant.free.run();
      }
      throw e;
    }
  }

  private Grant takeKept(long bytes) throws IOException {
    // The spares are used from one end: only as many become present as readers hold pages at once.
    MemorySegment memory = KeptMemory.take(bytes, layout.page(layout.slots));
    MemorySegment pages = memory.asSlice(layout.wordBytes());
    return new Grant(memory, () -> KeptMemory.empty(pages));
  }

  private Grant take(long bytes) {
    Arena arena = Arena.ofShared();
    return new Grant(arena.allocate(bytes, ALIGNMENT), arena::close);
  }

  @Override
  public void giveBack(int cpu, MemorySegment memory) {
    synchronized (grants) {
      grants.removeIf(grant -> grant.memory == memory && isFreed(grant));
    }
  }

  @Override
  public void free() {
    synchronized (grants) {
      grants.removeIf(NativeMemories::isFreed);
    }
  }

  private static boolean isFreed(Grant grant) {
    grant.free.run();
    USED.addAndGet(-grant.memory.byteSize());
    return true;
  }
}
