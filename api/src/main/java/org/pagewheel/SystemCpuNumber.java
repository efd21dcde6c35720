package org.pagewheel;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The CPU number by {@code sched_getcpu}, called without a state transition ({@code critical}: 2.7
 * ns where a plain downcall takes 8.5), or the thread's id where that cannot be had.
 */
final class SystemCpuNumber {
  /** Static and final, so that the compiler sees a constant and inlines the call. */
  private static final MethodHandle SCHED_GETCPU = link();

  static final CpuNumber INSTANCE =
      SCHED_GETCPU == null ? SystemCpuNumber::stripe : SystemCpuNumber::schedGetCpu;

  private SystemCpuNumber() {}

  /** Null where native access is not granted (trying would print a warning) or there is no such. */
  @SuppressWarnings("restricted")
  private static MethodHandle link() {
    if (!SystemCpuNumber.class.getModule().isNativeAccessEnabled()) {
      return null;
    }
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle handle =
          linker
              .defaultLookup()
              .find("sched_getcpu")
              .map(
                  address ->
                      linker.downcallHandle(
                          address,
                          FunctionDescriptor.of(ValueLayout.JAVA_INT),
                          Linker.Option.critical(false)))
              .orElse(null);
      return handle != null && (int) handle.invokeExact() >= 0 ? handle : null;
    } catch (Throwable unavailable) {
      return null; // the stripe serves as well, only less evenly
    }
  }

  private static int schedGetCpu() {
    try {
      return (int) SCHED_GETCPU.invokeExact() & Integer.MAX_VALUE;
    } catch (Throwable impossible) {
      return stripe();
    }
  }

  private static int stripe() {
    return (int) Thread.currentThread().threadId() & Integer.MAX_VALUE;
  }
}
