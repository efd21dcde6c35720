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
 * Memory whose addresses stay valid for as long as its segment is reachable: its contents can be
 * given back earlier, its addresses only by the garbage collector. So a thread that holds the
 * segment may use addresses without the checks that a {@link MemorySegment} makes at each access,
 * and a thread that comes late to a freed ring meets harmless memory, not memory in other use.
 *
 * <p>Made by system calls of Linux, so not available everywhere: see {@link #isAvailable}.
 */
public final class KeptMemory {
  // The constants of these calls, which are the same on all machines that isAvailable() allows.
  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MREMAP_MAYMOVE_FIXED = 1 | 2;
  private static final long FAILED = -1;

  /**
   * The most memories that may exist before the collector has run. Each is up to three of the
   * process's 65530 mappings, and a buffer that is swapped 100 times a second in a process that
   * makes no garbage would use them up.
   */
  static final int MAX = 1 << 13;

  private static final AtomicInteger TAKEN = new AtomicInteger();

  private static final Calls CALLS = link();

  /**
   * All memory of the process, in a constant: the compiler leaves out the checks of bounds and
   * liveness. Only for addresses in kept memory, which the user checks. Has no bytes where there is
   * no kept memory.
   */
  @SuppressWarnings("restricted")
  static final MemorySegment ALL =
      CALLS == null ? MemorySegment.NULL : MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private record Calls(MethodHandle mmap, MethodHandle mremap, MethodHandle munmap) {}

  private KeptMemory() {}

  /** Null where native access is not granted (trying would print a warning) or outside Linux. */
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
   * Whether such memory is available: on Linux, if native access is granted to this module, unless
   * very many addresses wait for the collector.
   *
   * @return whether it can be taken now; what was taken stays kept memory
   */
  public static boolean isAvailable() {
    return CALLS != null && TAKEN.get() < MAX;
  }

  /**
   * Whether this process can have such memory.
   *
   * @return whether this is Linux, and native access is granted to this module
   */
  public static boolean isGranted() {
    return CALLS != null;
  }

  /**
   * Takes zeroed memory outside the heap.
   *
   * @param bytes how much, a multiple of the machine's page
   * @param present how many of them are made present now, so that no later access has to wait for
   *     them; the rest comes when it is used
   * @return memory aligned to the machine's page
   * @throws IOException if the system has no more memory
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
   * Gives back the contents of memory, which reads as zero from then on. If the system refuses,
   * they stay until the collector runs.
   *
   * @param memory a part of kept memory; begins and ends at a boundary of the machine's pages
   */
  public static void empty(MemorySegment memory) {
    map(memory.address(), memory.byteSize(), MAP_FIXED | MAP_NORESERVE);
  }

  /**
   * Replaces memory that belongs to a file by a copy, in one step for its readers. If the system
   * refuses, the file's memory stays until the collector runs.
   *
   * @param memory a part of kept memory that is no longer written; begins and ends at a boundary of
   *     the machine's pages
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

  /** A system call does not throw, but the stack may overflow on the way to it. */
  private static AssertionError impossible(Throwable e) {
    if (e instanceof VirtualMachineError error) {
      throw error;
    }
    return new AssertionError(e);
  }
}
