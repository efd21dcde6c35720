package org.pagewheel.ring;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Memory whose addresses stay good for as long as its segment can be reached: what is in it can be
 * given back earlier, the addresses only by the garbage collector. So a thread that holds the
 * segment may use addresses without the checks that a {@link MemorySegment} makes at each access,
 * and one that comes late to a ring that was freed meets harmless memory, not memory of others.
 *
 * <p>By the system calls of Linux, so not to be had everywhere: see {@link #isAvailable}.
 */
public final class KeptMemory {
  // The calls' constants, the same on the machines that isAvailable() allows.
  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MREMAP_MAYMOVE_FIXED = 1 | 2;
  private static final long FAILED = -1;

  /**
   * Of memories taken, all that there may be before the collector has come. Each is up to three of
   * the process's 65530 mappings, and a buffer that is swapped 100 times a second in a process that
   * makes no garbage would use them up.
   */
  static final int MAX = 1 << 13;

  private static final AtomicInteger TAKEN = new AtomicInteger();

  private static final Calls CALLS = link();

  /**
   * All memory of the process, in a constant: the compiler leaves out the checks of its bounds and
   * life. Only for addresses in kept memory, checked by who uses them. Of no bytes where there is
   * no kept memory.
   */
  @SuppressWarnings("restricted")
  static final MemorySegment ALL =
      CALLS == null ? MemorySegment.NULL : MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private record Calls(MethodHandle mmap, MethodHandle mremap, MethodHandle munmap) {}

  private KeptMemory() {}

  /** Null where native access is not granted (trying would print a warning) or not Linux. */
  private static Calls link() {
    boolean known =
        System.getProperty("os.name").equals("Linux")
            && Set.of("amd64", "aarch64").contains(System.getProperty("os.arch"));
    if (!known || !KeptMemory.class.getModule().isNativeAccessEnabled()) {
      return null;
    }
    var pointer = ValueLayout.JAVA_LONG; // addresses and sizes
    var flags = ValueLayout.JAVA_INT;
    return new Calls(
        link(
            "mmap", FunctionDescriptor.of(pointer, pointer, pointer, flags, flags, flags, pointer)),
        link(
            "mremap",
            FunctionDescriptor.of(pointer, pointer, pointer, pointer, flags, pointer),
            Linker.Option.firstVariadicArg(4)),
        link("munmap", FunctionDescriptor.of(flags, pointer, pointer)));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(
      String name, FunctionDescriptor signature, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature, options);
  }

  /**
   * Whether there is such memory: on Linux, where native access is granted to this module, unless
   * very many addresses wait for the collector.
   *
   * @return whether it can be had now; what was taken stays kept memory
   */
  public static boolean isAvailable() {
    return CALLS != null && TAKEN.get() < MAX;
  }

  /**
   * Whether there can be such memory in this process.
   *
   * @return whether this is Linux, and native access is granted to this module
   */
  public static boolean isGranted() {
    return CALLS != null;
  }

  /**
   * Takes memory outside the heap, all zero.
   *
   * @param bytes how much, a multiple of the machine's page
   * @param present how much of it is there at once, so that no later access has to wait for it; the
   *     rest comes when it is used
   * @return memory that begins where a page of the machine does
   * @throws IOException if the system has no more
   */
  @SuppressWarnings("restricted")
  static MemorySegment take(long bytes, long present) throws IOException {
    long address = map(0, bytes, 0);
    if (address == FAILED) {
      throw noMore(bytes);
    }
    boolean owned = false;
    try {
      MemorySegment memory =
          MemorySegment.ofAddress(address)
              .reinterpret(bytes, Arena.ofAuto(), all -> giveUp(all.address(), bytes));
      owned = true;
      TAKEN.getAndIncrement();
      memory.asSlice(0, present).fill((byte) 0);
      return memory;
    } catch (Throwable e) {
      if (!owned) {
        unmap(address, bytes);
      }
      throw e;
    }
  }

  /**
   * Takes memory outside the heap that stays as long as the process.
   *
   * @param bytes how much, a multiple of the machine's page
   */
  @SuppressWarnings("restricted")
  static MemorySegment takeForGood(long bytes) throws IOException {
    long address = map(0, bytes, 0);
    if (address == FAILED) {
      throw noMore(bytes);
    }
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  private static IOException noMore(long bytes) {
    return new IOException("the system has no %,d bytes more".formatted(bytes));
  }

  private static void giveUp(long address, long bytes) {
    unmap(address, bytes);
    TAKEN.getAndDecrement();
  }

  /**
   * Gives back what is in memory, which reads as zero from then on. If the system refuses, it stays
   * until the collector comes.
   *
   * @param memory a part of kept memory; begins and ends where a page of the machine does
   */
  public static void empty(MemorySegment memory) {
    map(memory.address(), memory.byteSize(), MAP_FIXED | MAP_NORESERVE);
  }

  /**
   * Puts a copy in place of memory that belongs to a file, in one step for who looks at it. If the
   * system refuses, the file's stays until the collector comes.
   *
   * @param memory a part of kept memory that is not written any more; begins and ends where a page
   *     of the machine does
   */
  @SuppressWarnings("restricted")
  public static void detach(MemorySegment memory) {
    long bytes = memory.byteSize();
    long address = map(0, bytes, 0);
    if (address == FAILED) {
      return;
    }
    MemorySegment.ofAddress(address).reinterpret(bytes).copyFrom(memory);
    try {
      long moved =
          (long)
              CALLS.mremap.invokeExact(
                  address, bytes, bytes, MREMAP_MAYMOVE_FIXED, memory.address());
      if (moved == FAILED) {
        unmap(address, bytes);
      }
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  private static long map(long address, long bytes, int flags) {
    try {
      return (long)
          CALLS.mmap.invokeExact(
              address, bytes, PROT_READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0L);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  private static void unmap(long address, long bytes) {
    try {
      int ignored = (int) CALLS.munmap.invokeExact(address, bytes);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** A call of the system does not throw; but the stack may be full on the way to it. */
  private static AssertionError impossible(Throwable e) {
    if (e instanceof VirtualMachineError error) {
      throw error;
    }
    return new AssertionError(e);
  }
}
