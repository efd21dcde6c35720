package org.pagewheel.consumer.network.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A process that does not get on, until it is let go. It is stopped as by a debugger, for that its
 * parent does not notice: of a signal that stops a child, the listener is told, and makes its file.
 */
final class Halted {
  private static final long SEIZE = 0x4206;
  private static final long INTERRUPT = 0x4207;
  private static final long DETACH = 17;

  private static final MethodHandle PTRACE = ptrace();

  private final CountDownLatch halted = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Thread thread;

  /** Returns when it has stopped. */
  Halted(long pid) throws InterruptedException {
    thread = Thread.ofPlatform().daemon().start(() -> hold(pid));
    halted.await();
    check();
  }

  @SuppressWarnings("restricted")
  private static MethodHandle ptrace() {
    ValueLayout word = ValueLayout.JAVA_LONG;
    return Linker.nativeLinker()
        .downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("ptrace"),
            FunctionDescriptor.of(word, word, word, word, word));
  }

  /** All by one thread, as it must be. */
  private void hold(long pid) {
    try {
      trace(SEIZE, pid);
      trace(INTERRUPT, pid);
      halted.countDown();
      goOn.await();
      trace(DETACH, pid);
    } catch (Throwable e) {
      failure.set(e);
    } finally {
      halted.countDown();
    }
  }

  private static void trace(long request, long pid) throws Throwable {
    long result = (long) PTRACE.invokeExact(request, pid, 0L, 0L);
    assertEquals(0, result, "ptrace " + request + " of " + pid);
  }

  private void check() {
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  /** It gets on. */
  void letGo() throws InterruptedException {
    goOn.countDown();
    thread.join();
    check();
  }
}
