package org.pagewheel.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
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
  private static final String JLINE = "org.jline";
  private static final Duration START_TIME = Duration.ofSeconds(30);
  private static final Duration STOP_TIME = Duration.ofSeconds(10);

  private final CacheDirectory cache;
  private final Framework framework;
  private final Session.Streams streams = Session.Streams.ofProcess();
  private final LinkedHashMap<Path, Bundle> bundles = new LinkedHashMap<>();
  private boolean closed;

  private Container(CacheDirectory cache, Framework framework) {
    this.cache = cache;
    this.framework = framework;
  }

  /**
   * Starts everything but the terminal.
   *
   * @throws UsageException when one of Pagewheel's own bundles refuses its configuration; nothing
   *     runs then
   */
  static Container start(Path home) throws IOException, BundleException, UsageException {
    CacheDirectory cache = CacheDirectory.create();
    Map<String, String> properties = Home.frameworkProperties(home, cache.path());
    properties.put(Constants.FRAMEWORK_STORAGE, cache.path().resolve("bundles").toString());
    var factory = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow();
    var container = new Container(cache, factory.newFramework(properties));
    try {
      container.framework.start();
      container.install(home);
      for (var entry : container.bundles.entrySet()) {
        if (!entry.getKey().getParent().endsWith(TERMINAL)) {
          start(entry.getKey(), entry.getValue());
        }
      }
      return container;
    } catch (BundleException | IOException | UsageException | RuntimeException e) {
      container.close();
      throw e;
    }
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

  /** A bundle that hangs in its activator must not hang the others: it gets a thread and a time. */
  private static void start(Path jar, Bundle bundle) throws UsageException {
    if ((bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0) {
      return;
    }
    var failure = new AtomicReference<Throwable>();
    Runnable start =
        () -> {
          try {
            bundle.start();
          } catch (BundleException e) {
            // What an activator threw says more than that it threw.
            failure.set(e.getCause() == null ? e : e.getCause());
          } catch (RuntimeException | LinkageError e) {
            failure.set(e);
          }
        };
    // The new thread takes over this one's context class loader.
    var starter = Thread.ofPlatform().daemon().name("start " + jar.getFileName()).start(start);
    try {
      if (!starter.join(START_TIME)) {
        failure.set(new IllegalStateException("no answer for " + START_TIME.toSeconds() + " s"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failure.get() != null) {
      refuseConfiguration(bundle, failure.get());
      tell(jar, failure.get());
    }
  }

  /** Our own bundles throw IllegalArgumentException when what the user has configured is wrong. */
  private static void refuseConfiguration(Bundle bundle, Throwable failure) throws UsageException {
    if (failure instanceof IllegalArgumentException
        && bundle.getSymbolicName().startsWith("org.pagewheel.")) {
      throw new UsageException(Causes.inOneLine(failure));
    }
  }

  private static void tell(Path jar, Throwable cause) {
    Main.tell("bundle %s did not start: %s".formatted(jar.getFileName(), Causes.inOneLine(cause)));
  }

  /** A session for commands without a terminal. */
  Session session() throws ReflectiveOperationException {
    Bundle commands = bundle("org.apache.felix.gogo.jline");
    return Session.open(framework.getBundleContext(), bundle(JLINE), commands, streams);
  }

  /**
   * Opens the interactive shell on this process's terminal.
   *
   * <p>JLine looks its terminal providers up by the context class loader and falls back to a dumb
   * terminal, without editing or completion, when that does not know them.
   */
  void openShell() throws UsageException {
    Bundle jline = bundle(JLINE);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    for (var entry : bundles.entrySet()) {
      if (entry.getKey().getParent().endsWith(TERMINAL)) {
        start(entry.getKey(), entry.getValue());
        if (entry.getValue() == jline) {
          thread.setContextClassLoader(jline.adapt(BundleWiring.class).getClassLoader());
        }
      }
    }
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
   * Stops the bundles in the reverse order of their start, so that each still finds what it needs
   * to save what it has to save, then the framework. Gives up after ten seconds each. Thread-safe,
   * and harmless when repeated.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      Thread.ofPlatform().daemon().name("stop bundles").start(this::stopBundles).join(STOP_TIME);
      framework.stop();
      framework.waitForStop(STOP_TIME.toMillis());
    } catch (BundleException e) {
      Main.fail(Main.FAILED, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    cache.close();
  }

  private void stopBundles() {
    for (var entry : bundles.sequencedEntrySet().reversed()) {
      try {
        entry.getValue().stop();
      } catch (BundleException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        Main.tell(
            "bundle %s did not stop well: %s"
                .formatted(entry.getKey().getFileName(), Causes.inOneLine(cause)));
      } catch (IllegalStateException e) {
        return; // The framework has stopped already: the shell was left.
      }
    }
  }
}
