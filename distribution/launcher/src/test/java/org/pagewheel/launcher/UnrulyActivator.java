package org.pagewheel.launcher;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** What plugins of others do, by a header of the bundle. Put into bundles by {@link PluginsIT}. */
public final class UnrulyActivator implements BundleActivator {
  static final String HEADER = "X-Conduct";
  static final int STATUS = 42;

  @Override
  public void start(BundleContext context) throws Exception {
    switch (context.getBundle().getHeaders().get(HEADER)) {
      case "throw" -> throw new AssertionError("boom\nsecond line");
      case "hang" -> Thread.sleep(Long.MAX_VALUE);
      case "exit" -> System.exit(STATUS);
      case "thread" -> {
        Runnable failing =
            () -> {
              throw new IllegalStateException("in the background");
            };
        Thread.ofPlatform().name("background").start(failing).join();
      }
      default -> System.out.println("started " + context.getBundle().getSymbolicName());
    }
  }

  @Override
  public void stop(BundleContext context) {
    // nothing to do
  }
}
