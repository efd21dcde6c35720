package org.pagewheel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The processor's time stamp counter, read by a stub of machine code of ours, called without a
 * state transition: 9.5 ns where {@link System#nanoTime()}, which fences the same instruction,
 * takes 24.
 *
 * <p>As the instruction is not fenced, the processor may execute it some nanoseconds before what
 * stands before it in the program, and after what stands after it.
 */
final class Tsc {
  // The page of the stub is mapped writable, written, and made executable: never both, which
  // systems that enforce W^X would refuse. It stays mapped as long as the process lives. On aarch64
  // the kernel makes the instruction cache coherent when a page that was written becomes
  // executable.

  /** {@code rdtsc; shl rdx, 32; or rax, rdx; ret}. */
  static final byte[] X86_64 = {
    0x0f, 0x31, 0x48, (byte) 0xc1, (byte) 0xe2, 0x20, 0x48, 0x09, (byte) 0xd0, (byte) 0xc3
  };

  /** {@code mrs x0, cntvct_el0; ret}. */
  static final byte[] AARCH64 = {
    0x40, (byte) 0xe0, 0x3b, (byte) 0xd5, (byte) 0xc0, 0x03, 0x5f, (byte) 0xd6
  };

  private static final int PAGE = 4096;
  private static final int READ_WRITE = 1 | 2;
  private static final int READ_EXECUTE = 1 | 4;
  private static final int PRIVATE_ANONYMOUS = 0x02 | 0x20;
  private static final int GET_TSC = 25;
  private static final int TSC_ALLOWED = 1;

  private static final Path SOURCE =
      Path.of("/sys/devices/system/clocksource/clocksource0/current_clocksource");

  /** Why there is none, in one line; null if there is. */
  private static final String LACK;

  /** Static and final, so that the compiler sees a constant and inlines the call. */
  private static final MethodHandle READ;

  static {
    String lack;
    MethodHandle read = null;
    try {
      lack = lack(Path.of("/proc/cpuinfo"));
      read = lack == null ? link() : null;
    } catch (Throwable refused) {
      lack = "a function of machine code cannot be made here: " + refused.getMessage();
    }
    LACK = lack;
    READ = read;
  }

  private Tsc() {}

  /** Whether the processor is an x86, whose counter the kernel's clock x86-tsc reads. */
  static boolean isX86() {
    return System.getProperty("os.arch").equals("amd64");
  }

  /** The reason why the counter cannot be read here, in one line; empty if it can. */
  static Optional<String> lack() {
    return Optional.ofNullable(LACK);
  }

  /** What the kernel takes its time from, such as {@code tsc}; empty if unknown. */
  static String kernelSource() {
    try {
      return Files.readString(SOURCE).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** Reads the counter; only where there is no {@link #lack}. */
  static long read() {
    try {
      return (long) READ.invokeExact();
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String lack(Path cpuinfo) throws IOException {
    if (!Tsc.class.getModule().isNativeAccessEnabled()) {
      return "native access is not granted: start the JVM with --enable-native-access=ALL-UNNAMED";
    }
    String system = System.getProperty("os.name");
    if (!system.equals("Linux")) {
      return "this is " + system + ": the counter is read on Linux alone";
    }
    if (!isX86() && !System.getProperty("os.arch").equals("aarch64")) {
      return "this is a " + System.getProperty("os.arch") + ": x86-64 or aarch64 would be right";
    }
    if (find("gnu_get_libc_version").isEmpty()) {
      return "the C library is not glibc: the counter is read with that alone";
    }
    return isX86() ? lackOfX86(cpuinfo) : null;
  }

  /** The counter must go at one speed, in sleep states too; on aarch64 the architecture says so. */
  static String lackOfX86(Path cpuinfo) throws IOException {
    String flags;
    try (Stream<String> lines = Files.lines(cpuinfo)) {
      flags = lines.filter(line -> line.startsWith("flags")).findFirst().orElse("");
    }
    for (String needed : new String[] {"constant_tsc", "nonstop_tsc"}) {
      if (!Arrays.asList(flags.split("\\s+")).contains(needed)) {
        return "this processor's counter changes its speed or stops: /proc/cpuinfo has no "
            + needed;
      }
    }
    return null;
  }

  private static Optional<MemorySegment> find(String name) {
    return Linker.nativeLinker().defaultLookup().find(name);
  }

  @SuppressWarnings("restricted")
  private static MethodHandle call(String name, FunctionDescriptor as, Linker.Option... options) {
    return Linker.nativeLinker().downcallHandle(find(name).orElseThrow(), as, options);
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link() throws Throwable {
    if (isX86()) {
      checkAllowed();
    }
    byte[] code = isX86() ? X86_64 : AARCH64;
    return Linker.nativeLinker()
        .downcallHandle(
            executable(code),
            FunctionDescriptor.of(ValueLayout.JAVA_LONG),
            Linker.Option.critical(false));
  }

  /** A process can be forbidden to read it, which would then end it by a signal. */
  private static void checkAllowed() throws Throwable {
    MethodHandle prctl =
        call(
            "prctl",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(1));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(ValueLayout.JAVA_INT);
      int status = (int) prctl.invokeExact(GET_TSC, answer);
      if (status != 0 || answer.get(ValueLayout.JAVA_INT, 0) != TSC_ALLOWED) {
        throw new IllegalStateException("this process may not read the counter (PR_GET_TSC)");
      }
    }
  }

  /** A page of it, as long as the process lives. */
  @SuppressWarnings("restricted")
  private static MemorySegment executable(byte[] code) throws Throwable {
    MethodHandle mmap =
        call(
            "mmap",
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG));
    MethodHandle mprotect =
        call(
            "mprotect",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
    long address = (long) mmap.invokeExact(0L, (long) PAGE, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
    if (address == -1) {
      throw new IllegalStateException("there is no memory for a page");
    }
    MemorySegment page = MemorySegment.ofAddress(address).reinterpret(PAGE);
    MemorySegment.copy(code, 0, page, ValueLayout.JAVA_BYTE, 0, code.length);
    int status = (int) mprotect.invokeExact(address, (long) PAGE, READ_EXECUTE);
    if (status != 0) {
      MethodHandle munmap =
          call(
              "munmap",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
      int unmapped = (int) munmap.invokeExact(address, (long) PAGE);
      throw new IllegalStateException(
          "a policy of this system forbids to make a page executable"
              + (unmapped == 0 ? "" : ", and the page stays"));
    }
    return page;
  }
}
