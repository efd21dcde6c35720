package org.pagewheel.runtime;

import java.util.ArrayList;
import java.util.List;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;

/** Records, and ends as it is told; run in a JVM of its own. */
final class ExitSaveChild {
  private static final List<Object> HOARD = new ArrayList<>();

  private ExitSaveChild() {}

  public static void main(String[] args) throws Exception {
    if (args[0].equals("oom-handler")) {
      Thread.setDefaultUncaughtExceptionHandler(
          (thread, thrown) -> System.out.println("handled " + thrown));
    }
    Pagewheel pagewheel = Pagewheel.start();
    Buffer main = pagewheel.buffers().get("main");
    Buffer other = pagewheel.buffers().create(BufferConfig.of("other", "heap").withPages(8, 4096));
    main.mark("the last words");
    other.mark("here too");
    awaitGuard();
    switch (args[0]) {
      case "return" -> {}
      case "exit" -> System.exit(7);
      case "close" -> pagewheel.close();
      case "throw" -> throw new IllegalStateException("an ordinary end");
      case "wait" -> {
        System.out.println("ready");
        Thread.sleep(60_000);
      }
      case "oom-main" -> fill(16);
      case "oom-caught" -> {
        try {
          fill(1 << 20); // what is let go afterwards it leaves alone
        } catch (OutOfMemoryError e) {
          Thread.sleep(60_000);
        }
      }
      case "oom-array" -> inAThread(() -> HOARD.add(new long[Integer.MAX_VALUE]));
      default -> inAThread(() -> fill(16));
    }
  }

  /** Waits until the guard, if there is one, has prepared itself and waits for an error. */
  private static void awaitGuard() throws InterruptedException {
    while (Thread.getAllStackTraces().keySet().stream()
        .anyMatch(t -> t.getName().equals("pagewheel-memory") && !isWaiting(t))) {
      Thread.sleep(20);
    }
  }

  private static boolean isWaiting(Thread guard) {
    return guard.getState() == Thread.State.WAITING
        && guard.getStackTrace().length > 1
        && guard.getStackTrace()[1].getMethodName().equals("park");
  }

  private static void inAThread(Runnable end) throws InterruptedException {
    Thread thread = new Thread(end, "hoarder");
    thread.start();
    thread.join();
    HOARD.clear();
    System.out.println("goes on");
  }

  /** What it has hoarded stays: memory is out when the error is thrown, and after it. */
  private static void fill(int smallest) {
    int size = 1 << 20;
    while (true) {
      try {
        HOARD.add(new byte[size]);
      } catch (OutOfMemoryError e) {
        if (size == smallest) {
          throw e;
        }
        size /= 4; // up to the last bytes
      }
    }
  }
}
