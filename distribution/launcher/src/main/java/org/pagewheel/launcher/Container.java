package org.pagewheel.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;

/**
 * A running framework with the bundles of a home.
 *
 * <p>All bundles are installed first and then started in the order of their directories. One that
 * does not start is told in one line; the others go on without it. The directory {@code 9-terminal}
 * is started by {@link #openShell} only.
 */
final class Container implements AutoCloseable {
  private static final String TERMINAL = "9-terminal";
  private static final long START_SECONDS = 30;
  private static final long STOP_SECONDS = 10;

  private final CacheDirectory cache;
  private final Framework framework;
  private final Session.Streams streams = Session.Streams.ofProcess();
  private final Map<Path, Bundle> bundles = new LinkedHashMap<>();
  private boolean closed;

  private Container(CacheDirectory cache, Framework framework) {
    this.cache = cache;
    this.framework = framework;
  }

  static Container start(Path home) throws IOException, BundleException {
    CacheDirectory cache = CacheDirectory.create();
    Map<String, String> properties = Home.frameworkProperties(home, cache.path());
    properties.put(Constants.FRAMEWORK_STORAGE, cache.path().resolve("bundles").toString());
    var factory = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow();
    var container = new Container(cache, factory.newFramework(properties));
    container.framework.start();
    container.install(home);
    container.startAllBut(TERMINAL);
    return container;
  }

  private void install(Path home) throws IOException {
    BundleContext context = framework.getBundleContext();
    for (Path jar : Home.bundles(home)) {
      try {
        bundles.put(jar, context.installBundle("reference:" + jar.toUri()));
      } catch (BundleException e) {
        tell(jar, e);
      }
    }
  }

  private void startAllBut(String directory) {
    bundles.forEach(
        (jar, bundle) -> {
          if (!jar.getParent().endsWith(directory)) {
            start(jar, bundle);
          }
        });
  }

  /** A bundle that hangs in its activator must not hang the others: it gets a thread and a time. */
  private static void start(Path jar, Bundle bundle) {
    if ((bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0) {
      return;
    }
    var loader = Thread.currentThread().getContextClassLoader();
    var starter =
        Thread.ofPlatform()
            .daemon()
            .name("start " + bundle.getSymbolicName())
            .unstarted(
                () -> {
                  try {
                    Thread.currentThread().setContextClassLoader(loader);
                    bundle.start();
                  } catch (BundleException | RuntimeException | LinkageError e) {
                    tell(jar, e);
                  }
                });
    starter.start();
    try {
      if (!starter.join(java.time.Duration.ofSeconds(START_SECONDS))) {
        tell(jar, new IllegalStateException("no answer for %d s".formatted(START_SECONDS)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void tell(Path jar, Throwable cause) {
    System.err.printf(
        "pagewheel: bundle %s did not start: %s%n", jar.getFileName(), Causes.inOneLine(cause));
  }

  /** A session for commands without a terminal. */
  Session session() throws ReflectiveOperationException {
    Bundle jline = bundle("org.jline");
    Bundle commands = bundle("org.apache.felix.gogo.jline");
    return Session.open(framework.getBundleContext(), jline, commands, streams);
  }

  /**
   * Opens the interactive shell on this process's terminal.
   *
   * <p>JLine looks its terminal providers up by the context class loader and falls back to a dumb
   * terminal, without editing or completion, when that does not know them.
   */
  void openShell() {
    Bundle jline = bundle("org.jline");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    bundles.forEach(
        (jar, bundle) -> {
          if (jar.getParent().endsWith(TERMINAL)) {
            start(jar, bundle);
            if (bundle == jline) {
              thread.setContextClassLoader(jline.adapt(BundleWiring.class).getClassLoader());
            }
          }
        });
    thread.setContextClassLoader(before);
  }

  private Bundle bundle(String symbolicName) {
    return bundles.values().stream()
        .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("this home lacks the bundle " + symbolicName));
  }

  void awaitStop() throws InterruptedException {
    framework.waitForStop(0);
  }

  /**
   * Stops every bundle, so that each saves what it has to save, then the framework. Waits ten
   * seconds at most. Thread-safe, and harmless when repeated.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      framework.stop();
      framework.waitForStop(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
    } catch (BundleException e) {
      Main.fail(Main.FAILED, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    cache.close();
  }
}
