package org.pagewheel.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.HexFormat;
import org.pagewheel.spi.Log;

/**
 * Keeps memory mapped from a file accessible when the file is truncated, or its disk cannot deliver
 * what it promised: an access to what is gone meets a page of zeros instead of an error.
 *
 * <p>On Linux on x86-64, where native access is granted; elsewhere {@link #guard} does nothing.
 */
public final class BusGuard {
  // The JVM turns the signal of such an access, SIGBUS, into an InternalError. But compiled code
  // first goes on after the access, with whatever is in the register, and meets the error at its
  // next safepoint: that may be in the application, after our method has returned. So it cannot be
  // caught.
  //
  // A handler in front of the JVM's checks whether the address is in guarded memory. If so it maps
  // a page of zeros there and returns, and the access is repeated; else it jumps to the JVM's
  // handler, which finds everything as the kernel left it. It is machine code, because a signal may
  // come at any instruction: it takes no lock, allocates nothing, and knows nothing of threads.
  //
  //   mov 16(%rsi),%rax            the address: si_addr
  //   mov $table,%rcx; mov $255,%r8d
  // 1 cmp (%rcx),%rax; jb 2; cmp 8(%rcx),%rax; jb 3     begin <= address < end?
  // 2 add $16,%rcx; dec %r8d; jnz 1
  // 4 mov $old,%rax; jmp *%rax     the JVM's handler, with the same arguments
  // 3 push %rdi; push %rsi; push %rdx
  //   and $-4096,%rax; mmap(%rax, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS)
  //   pop %rdx; pop %rsi; pop %rdi
  //   test %rax,%rax; js 4
  //   lock incq count; ret
  //
  // Rejected: checking the file before each event (0.3 µs); catching the error at the ring's edge
  // (it comes too late in compiled code); a copy of the ring in other memory (it would not
  // survive).

  private static final String CODE =
      "488b461048b9%s41b8ff000000483b017206483b410872154883c11041ffc875ec48b8%sffe0575652"
          + "482500f0ffff4889c7be00100000ba0300000041ba3200000049c7c0ffffffff4531c9b809000000"
          + "0f055a5e5f4885c078bf48b9%sf048ff01c3";

  private static final int SIGBUS = 7;
  private static final int ROOM = 4096;
  private static final int ENTRY = 16;
  private static final int ENTRIES = 255;
  private static final int PROT_READ_EXEC = 1 | 4;

  /** Of the C library's struct sigaction. */
  private static final int ACTION = 152;

  private static final int ACTION_FLAGS = 136;
  private static final int SA_SIGINFO = 4;

  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  /** Begin and end of each guarded range; after the last, the number of pages put in. */
  private static final MemorySegment TABLE = install();

  private BusGuard() {}

  /** Null where it is not possible. */
  private static MemorySegment install() {
    boolean known =
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64");
    if (!known || !KeptMemory.isAvailable()) {
      return null;
    }
    try (Arena arena = Arena.ofConfined()) {
      return install(arena);
    } catch (Throwable e) {
      Log.debug("files of rings are not guarded against truncation", e);
      return null;
    }
  }

  @SuppressWarnings("restricted")
  private static MemorySegment install(Arena arena) throws Throwable {
    var address = ValueLayout.JAVA_LONG;
    var number = ValueLayout.JAVA_INT;
    MethodHandle sigaction =
        link("sigaction", FunctionDescriptor.of(number, number, address, address));
    MethodHandle mprotect =
        link("mprotect", FunctionDescriptor.of(number, address, address, number));
    MemorySegment old = arena.allocate(ACTION, Long.BYTES);
    int asked = (int) sigaction.invokeExact(SIGBUS, 0L, old.address());
    long handler = old.get(address, 0);
    boolean usual = (old.get(number, ACTION_FLAGS) & SA_SIGINFO) != 0;
    if (asked != 0 || handler == 0 || handler == 1 || !usual) {
      return null; // there is none to go on to
    }
    MemorySegment memory = KeptMemory.takeForGood(2 * ROOM);
    MemorySegment table = memory.asSlice(ROOM, ROOM);
    long count = table.address() + ENTRIES * ENTRY;
    byte[] code =
        HexFormat.of().parseHex(CODE.formatted(hex(table.address()), hex(handler), hex(count)));
    memory.copyFrom(MemorySegment.ofArray(code));
    int allowed = (int) mprotect.invokeExact(memory.address(), (long) ROOM, PROT_READ_EXEC);
    if (allowed != 0) {
      return null;
    }
    old.set(address, 0, memory.address());
    int done = (int) sigaction.invokeExact(SIGBUS, old.address(), 0L);
    return done == 0 ? table : null;
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(String name, FunctionDescriptor signature) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature);
  }

  private static String hex(long value) {
    return HexFormat.of().toHexDigits(Long.reverseBytes(value));
  }

  /**
   * Guards memory.
   *
   * @param mapped from a file; whole pages of the machine
   * @return ends it; to be run before the memory is unmapped
   */
  public static synchronized Runnable guard(MemorySegment mapped) {
    for (long at = 0; TABLE != null && at < ENTRIES * ENTRY; at += ENTRY) {
      long entry = at;
      if ((long) LONG.getAcquire(TABLE, entry + Long.BYTES) == 0) {
        LONG.setRelease(TABLE, entry, mapped.address());
        // After the begin: the handler reads the begin first.
        LONG.setRelease(TABLE, entry + Long.BYTES, mapped.address() + mapped.byteSize());
        return () -> LONG.setRelease(TABLE, entry + Long.BYTES, 0L);
      }
    }
    return () -> {}; // an access to what is gone is an InternalError
  }

  /**
   * How many times zeros replaced what was gone, in all files.
   *
   * @return a number that rises
   */
  static long repairs() {
    return TABLE == null ? 0 : (long) LONG.getAcquire(TABLE, (long) ENTRIES * ENTRY);
  }
}
