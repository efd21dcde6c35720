package org.pagewheel.shell.internal.kernel;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.pagewheel.Buffer;
import org.pagewheel.event.SpanType;
import org.pagewheel.runtime.Pagewheel;

/**
 * Spans that know why they took their time: one spins, one sleeps, one waits for a lock, two want
 * one CPU. The ends say how much CPU time their threads had meanwhile.
 */
final class WaitingProgram {
  static final long SPINS = TimeUnit.MILLISECONDS.toNanos(60);
  static final long SLEEPS = TimeUnit.MILLISECONDS.toNanos(40);
  static final String HOLDER = "holds-the-lock";

  record Spin(int number) {}

  record Sleep(int number) {}

  record Lock(int number) {}

  record Compete(int number) {}

  record Done(long cpu) {}

  private static final SpanType<Spin, Done> SPIN = SpanType.of("why", Spin.class, Done.class);
  private static final SpanType<Sleep, Done> SLEEP = SpanType.of("why", Sleep.class, Done.class);
  private static final SpanType<Lock, Done> LOCK = SpanType.of("why", Lock.class, Done.class);
  private static final SpanType<Compete, Done> COMPETE =
      SpanType.of("why", Compete.class, Done.class);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private WaitingProgram() {}

  public static void main(String[] arguments) throws Exception {
    Pagewheel pagewheel =
        Pagewheel.start(
            Map.of(
                "pagewheel.buffers.main.backend",
                "heap",
                "pagewheel.sources.jvm.enabled",
                "false"));
    Buffer buffer = pagewheel.buffers().get("main");
    for (int i = 0; i < 3; i++) { // the first time, classes are loaded
      int number = i;
      run("spins", () -> spin(buffer, number));
      run("sleeps", () -> sleep(buffer, number));
      lock(buffer, number);
      compete(buffer, number);
    }
    pagewheel.close();
  }

  private interface Task {
    void run() throws Exception;
  }

  private static Thread start(String name, Task task) {
    return Thread.ofPlatform()
        .name(name)
        .start(
            () -> {
              try {
                task.run();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
  }

  private static void run(String name, Task task) throws InterruptedException {
    start(name, task).join();
  }

  private static long cpu() {
    return THREADS.getCurrentThreadCpuTime();
  }

  private static long spinUntil(long cpu) {
    long now;
    do {
      now = cpu();
    } while (now < cpu);
    return now;
  }

  private static void spin(Buffer buffer, int number) {
    long before = cpu();
    try (var span = SPIN.begin(buffer, new Spin(number))) {
      span.end(new Done(spinUntil(before + SPINS) - before));
    }
  }

  private static void sleep(Buffer buffer, int number) throws InterruptedException {
    long before = cpu();
    try (var span = SLEEP.begin(buffer, new Sleep(number))) {
      TimeUnit.NANOSECONDS.sleep(SLEEPS);
      span.end(new Done(cpu() - before));
    }
  }

  private static void lock(Buffer buffer, int number) throws InterruptedException {
    Object lock = new Object();
    CountDownLatch isHeld = new CountDownLatch(1);
    CountDownLatch isWaiting = new CountDownLatch(1);
    Thread waiter =
        start(
            "waits",
            () -> {
              isHeld.await();
              isWaiting.countDown();
              long before = cpu();
              try (var span = LOCK.begin(buffer, new Lock(number))) {
                synchronized (lock) {
                  span.end(new Done(cpu() - before));
                }
              }
            });
    Thread holder =
        start(
            HOLDER,
            () -> {
              synchronized (lock) {
                isHeld.countDown();
                isWaiting.await();
                while (waiter.getState() != Thread.State.BLOCKED) {
                  Thread.onSpinWait();
                }
                TimeUnit.NANOSECONDS.sleep(SLEEPS);
              }
            });
    waiter.join();
    holder.join();
  }

  /** Two threads on the CPU that one of them is on. */
  private static void compete(Buffer buffer, int number) throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    Task task =
        () -> {
          bind();
          both.await();
          long before = cpu();
          try (var span = COMPETE.begin(buffer, new Compete(number))) {
            span.end(new Done(spinUntil(before + SPINS) - before));
          }
        };
    Thread first = start("competes-1", task);
    Thread second = start("competes-2", task);
    first.join();
    second.join();
  }

  private static void bind() throws IOException, InterruptedException {
    Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
    List<String> command = List.of("taskset", "-p", "-c", "0", "" + self.getFileName());
    Process process =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    if (process.waitFor() != 0) {
      throw new IOException("taskset failed");
    }
  }
}
