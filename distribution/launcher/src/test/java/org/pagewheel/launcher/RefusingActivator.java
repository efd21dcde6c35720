package org.pagewheel.launcher;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** What a bundle does whose configuration is wrong. Put into a bundle by {@link BrokenBundleIT}. */
public final class RefusingActivator implements BundleActivator {
  static final String MESSAGE = "pagewheel.pages is -1, but must be 2 or more";

  @Override
  public void start(BundleContext context) {
    throw new IllegalArgumentException(MESSAGE);
  }

  @Override
  public void stop(BundleContext context) {
    throw new IllegalStateException("stopped, but was never started");
  }
}
