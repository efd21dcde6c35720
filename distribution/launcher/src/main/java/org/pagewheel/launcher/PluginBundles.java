package org.pagewheel.launcher;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Starts the bundles that File Install installs from the directory for plugins.
 *
 * <p>How it works: File Install would start one after another on the thread that watches the
 * directory, where one that never returns ends the watching, and failures are not reported. So it
 * only installs. Whenever it has refreshed what it installed, each bundle that is new, or new in
 * this version, is started here, all at once; not earlier, for a refresh waits for bundles that are
 * starting. Bundles that could not be resolved are tried again each time, for what they need may
 * have come. A bundle that was stopped on purpose stays stopped.
 */
final class PluginBundles implements FrameworkListener {
  private static final String LOCATION = "file:";

  private final BundleContext context;
  private final List<Path> directories;

  /** By number, the version of each bundle that was started last; guarded by this. */
  private final Map<Long, Long> started = new HashMap<>();

  private PluginBundles(BundleContext context, List<Path> directories) {
    this.context = context;
    this.directories = directories;
  }

  /** Starts the present bundles, waits a while for all of them together, and follows later ones. */
  static void open(BundleContext context, List<Path> directories) {
    var plugins = new PluginBundles(context, directories);
    context.addFrameworkListener(plugins);
    plugins.startNew();
  }

  /** Runs on the refreshing thread, which must not wait for an activator. */
  @Override
  public void frameworkEvent(FrameworkEvent event) {
    if (event.getType() == FrameworkEvent.ERROR && event.getThrowable() != null) {
      Main.tellUnlessEnding(
          "bundle %s: %s"
              .formatted(
                  event.getBundle().getSymbolicName(), Causes.inOneLine(event.getThrowable())));
    } else if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
      Thread.ofPlatform().daemon().name("start plugins").start(this::startNew);
    }
  }

  private void startNew() {
    long end = System.nanoTime() + Starting.PATIENCE.toNanos();
    for (Starting each : beginNew()) {
      each.await(Duration.ofNanos(Math.max(0, end - System.nanoTime()))).ifPresent(each::tell);
    }
  }

  private synchronized List<Starting> beginNew() {
    List<Starting> all = new ArrayList<>();
    for (Bundle bundle : context.getBundles()) {
      fileOf(bundle)
          .filter(file -> directories.contains(file.getParent()) && isNew(bundle))
          .ifPresent(file -> all.add(Starting.begin(file.getFileName().toString(), bundle)));
    }
    return all;
  }

  private boolean isNew(Bundle bundle) {
    boolean mayStart =
        (bundle.getState() & (Bundle.INSTALLED | Bundle.RESOLVED)) != 0
            && (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) == 0;
    Long before = mayStart ? started.put(bundle.getBundleId(), bundle.getLastModified()) : null;
    return mayStart
        && (bundle.getState() == Bundle.INSTALLED
            || before == null
            || before != bundle.getLastModified());
  }

  private static Optional<Path> fileOf(Bundle bundle) {
    String location = bundle.getLocation();
    try {
      return Optional.of(location)
          .filter(text -> text.startsWith(LOCATION))
          .map(text -> Path.of(URI.create(text)).normalize());
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // a location that is not a file
    }
  }
}
