package org.pagewheel.acceptance;

import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import org.pagewheel.runtime.Pagewheel;

/** A program with the sources, run by {@link EmbeddedSourcesIT}. */
public final class EmbeddedProgram {
  private static final InheritableThreadLocal<Object> OF_THE_APPLICATION =
      new InheritableThreadLocal<>();

  private EmbeddedProgram() {}

  /**
   * Runs.
   *
   * @param conduct what it is to do: leave without closing, or unload its application
   */
  public static void main(String[] conduct) throws Exception {
    switch (conduct[0]) {
      case "leave" -> {
        Pagewheel pagewheel = Pagewheel.start();
        awaitStream(pagewheel);
        System.out.println("main ends");
      }
      case "unload" -> {
        WeakReference<ClassLoader> application = application();
        while (application.get() != null) {
          System.gc();
          Thread.sleep(20); // the time limit is that of the test
        }
        System.out.println("unloaded");
      }
      default -> throw new IllegalArgumentException(conduct[0]);
    }
  }

  /** As a container of web applications does: a class loader for each, and threads that have it. */
  private static WeakReference<ClassLoader> application() throws Exception {
    var loader = new URLClassLoader(new URL[0], EmbeddedProgram.class.getClassLoader());
    Thread thread =
        Thread.ofPlatform()
            .unstarted(
                () -> {
                  OF_THE_APPLICATION.set(Thread.currentThread().getContextClassLoader());
                  try (Pagewheel pagewheel = Pagewheel.start()) {
                    awaitStream(pagewheel);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    thread.setContextClassLoader(loader);
    thread.start();
    thread.join();
    return new WeakReference<>(loader);
  }

  /** Until JFR has delivered something. */
  private static void awaitStream(Pagewheel pagewheel) throws InterruptedException {
    while (pagewheel.buffers().find("jvm").filter(jvm -> jvm.counters().written() > 0).isEmpty()) {
      Thread.ofPlatform().start(() -> {}).join();
      Thread.sleep(20);
    }
  }
}
