package org.pagewheel;

import java.lang.System.Logger.Level;
import org.pagewheel.internal.PlatformLog;

/** The clock mono by the processor's counter. */
final class MonoTscClock extends SteeredClock {
  static final String NAME = "mono-tsc";

  @Override
  long count() {
    return Tsc.read();
  }

  @Override
  long mono() {
    return System.nanoTime();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String timeline() {
    return MONO.name();
  }

  /** A log may record an event, and the thread is about to do that. */
  @Override
  void fallen(long error) {
    try {
      Thread thread =
          Thread.ofPlatform()
              .daemon()
              .name("pagewheel-clock")
              .inheritInheritableThreadLocals(false)
              .unstarted(
                  () ->
                      PlatformLog.log(
                          Level.WARNING,
                          "clock mono-tsc was found "
                              + error
                              + " ns from mono: from now on it reads that, at its cost",
                          null));
      thread.setContextClassLoader(null); // it belongs to no application
      thread.start();
    } catch (OutOfMemoryError e) {
      // it has fallen back all the same
    }
  }

  @Override
  public String toString() {
    return "clock mono-tsc";
  }
}
