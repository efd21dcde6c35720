package org.pagewheel.sql.internal;

import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.pagewheel.analysis.SqlEngine;

/** Offers the engine. DuckDB's own code is not loaded before the first question. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class SqlActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(SqlEngine.class, new DuckDb(System.getenv()), null);
  }

  /** The framework withdraws the service. */
  @Override
  public void stop(BundleContext context) {}
}
