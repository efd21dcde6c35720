package org.pagewheel.shell.internal;

import java.util.Collection;
import java.util.List;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.FrameworkWiring;

/** In place of a command of Felix's that fails where it is called without an argument. */
public final class FrameworkCommands {
  /** The functions of this class, for Gogo. */
  static final String[] FUNCTIONS = {"refresh"};

  private final BundleContext context;

  FrameworkCommands(BundleContext context) {
    this.context = context;
  }

  /**
   * Refreshes bundles.
   *
   * @param bundles which ones; none means all that were updated or uninstalled
   */
  @Descriptor("refresh bundles")
  public void refresh(
      @Descriptor("target bundles (none means all that were updated or uninstalled)")
          Bundle... bundles) {
    Collection<Bundle> which = bundles.length == 0 ? null : List.of(bundles);
    context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(which);
  }
}
