package org.pagewheel.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;

/**
 * A running framework with the bundles of a home.
 *
 * <p>All bundles are installed first and then started in the order of their directories. One that
 * does not start is reported in one line; the others go on without it. The directory {@code
 * 9-terminal} is started by {@link #openShell} only.
 */
final class Container implements AutoCloseable {
  /** Names the place of the ring, unless one is configured. */
  private static final String RINGS = "pagewheel.launcher.rings";

  private static final String TERMINAL = "9-terminal";
  private static final String JLINE = "org.jline";
  private static final String OWN = "org.pagewheel.";
  private static final String FILE_INSTALL = "org.apache.felix.fileinstall";
  private static final String FILE_INSTALL_DIRECTORY = "felix.fileinstall.dir";
  private static final String WHEN = "pagewheel.when";
  private static final String COMMANDS = "org.apache.felix.gogo.jline";
  private static final List<String> LACKS =
      List.of("Too many open files", "No space left on device", "Disk quota exceeded");
  private static final Duration START_TIME = Duration.ofSeconds(30);
  private static final Duration STOP_TIME = Duration.ofSeconds(10);

  /** The framework waits for a bundle that is starting before it stops it. */
  private static final Duration HOPELESS = Duration.ofSeconds(1);

  private final Path home;
  private final CacheDirectory cache;
  private final Framework framework;
  private final Session.Streams streams = Session.Streams.ofProcess();

  /** In the order of their start. Replaced as a whole: {@link #close} may come at any time. */
  private volatile SequencedMap<Path, Bundle> bundles =
      Collections.unmodifiableSequencedMap(new LinkedHashMap<>());

  private volatile boolean closed;
  private volatile boolean isStarting;
  private final CountDownLatch startEnded = new CountDownLatch(1);

  /** Whether the shell's general commands are available. */
  private boolean registered;

  /** Whether the runtime failed at something, such as saving at the end. */
  private volatile boolean failed;

  private Container(Path home, CacheDirectory cache, Framework framework) {
    this.home = home;
    this.cache = cache;
    this.framework = framework;
  }

  /**
   * Makes one that has not started; to be closed in any case.
   *
   * @param runs whether it runs unattended, so that its rings have to outlive a kill
   */
  static Container of(Path home, boolean runs) throws IOException {
    CacheDirectory cache = CacheDirectory.create();
    try {
      if (runs) {
        System.setProperty(RINGS, StateDirectory.open(System.getenv()).toString());
      }
      Map<String, String> properties = Home.frameworkProperties(home, cache.path());
      properties.put(Constants.FRAMEWORK_STORAGE, cache.path().resolve("bundles").toString());
      var factory = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow();
      return new Container(home, cache, factory.newFramework(properties));
    } catch (IOException | RuntimeException e) {
      cache.close();
      throw e;
    }
  }

  /**
   * Starts everything but the terminal.
   *
   * @throws UsageException when one of Pagewheel's own bundles refuses its configuration; nothing
   *     runs then
   */
  void start() throws IOException, BundleException, UsageException {
    isStarting = true;
    try {
      startBundles();
    } finally {
      startEnded.countDown();
    }
  }

  private void startBundles() throws IOException, BundleException, UsageException {
    framework.start();
    framework
        .getBundleContext()
        .registerService(
            Runnable.class, () -> failed = true, new Hashtable<>(Map.of(WHEN, "failed")));
    bundles = Collections.unmodifiableSequencedMap(install());
    for (var entry : bundles.entrySet()) {
      checkOpen();
      if (!entry.getKey().getParent().endsWith(TERMINAL)) {
        startWithPlugins(entry.getKey(), entry.getValue());
      }
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("it was ended while it started");
    }
  }

  /** Plugins come before the runtime, which then finds the backends that they bring. */
  private void startWithPlugins(Path jar, Bundle bundle) throws IOException, UsageException {
    if (!FILE_INSTALL.equals(bundle.getSymbolicName())) {
      start(jar, bundle);
      return;
    }
    BundleContext context = framework.getBundleContext();
    List<Path> directories = Home.plugins(context.getProperty(FILE_INSTALL_DIRECTORY));
    for (Path directory : directories) {
      if (!TrustedPath.isClosed(directory, List.of(cache.path(), home))) {
        Main.tell(
            "no plugins are started: %s belongs to another user, or others can write into it"
                .formatted(directory));
        return;
      }
    }
    start(jar, bundle);
    PluginBundles.open(context, directories);
    NoBundles.watch(directories);
  }

  private SequencedMap<Path, Bundle> install() throws IOException {
    SequencedMap<Path, Bundle> installed = new LinkedHashMap<>();
    BundleContext context = framework.getBundleContext();
    List<Path> jars = new ArrayList<>(Home.bundles(home));
    jars.addAll(addons());
    for (Path jar : jars) {
      checkOpen();
      try {
        installed.put(jar, context.installBundle("reference:" + jar.toUri()));
      } catch (BundleException e) {
        Optional<String> lack = lack(e);
        if (lack.isPresent()) { // the others would fail too
          throw new IOException("the bundles cannot be installed: " + lack.get(), e);
        }
        Main.tellUnlessEnding(
            "bundle %s cannot be installed: %s".formatted(jar.getFileName(), Causes.inOneLine(e)));
      }
    }
    return installed;
  }

  /** Those that nobody but who owns the home, this user or root can have put there. */
  private List<Path> addons() throws IOException {
    List<Path> jars = Home.addonBundles(home);
    List<Path> own = List.of(cache.path(), home);
    for (Path each : jars) {
      Path open = TrustedPath.isClosed(each.getParent(), own) ? each : each.getParent();
      if (!TrustedPath.isClosed(open, own)) {
        Main.tell(
            "no add-ons are started: %s belongs to another user, or others can write into it"
                .formatted(open));
        return List.of();
      }
    }
    return jars;
  }

  /** The system's message for an exhausted resource. */
  private static Optional<String> lack(BundleException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      for (String words : LACKS) {
        if (String.valueOf(cause.getMessage()).contains(words)) {
          return Optional.of(words);
        }
      }
    }
    return Optional.empty();
  }

  /** A bundle that hangs in its activator must not hang the others: it gets a thread and a time. */
  private static void start(Path jar, Bundle bundle) throws UsageException {
    if ((bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0) {
      return;
    }
    var starting = Starting.begin(jar.getFileName().toString(), bundle);
    Optional<Throwable> failure = starting.await(isNeeded(bundle) ? START_TIME : Starting.PATIENCE);
    if (failure.isPresent()) {
      refuseConfiguration(bundle, failure.get());
      starting.tell(failure.get());
    }
  }

  /** Whether it is essential for the others: a slow machine must not lose it. */
  private static boolean isNeeded(Bundle bundle) {
    String name = bundle.getSymbolicName();
    return name != null && (name.startsWith(OWN) || name.startsWith("org.apache.felix."));
  }

  /** Our own bundles throw IllegalArgumentException when the user's configuration is wrong. */
  private static void refuseConfiguration(Bundle bundle, Throwable failure) throws UsageException {
    if (failure instanceof IllegalArgumentException && bundle.getSymbolicName().startsWith(OWN)) {
      String message = failure.getMessage(); // a line for each mistake of a configuration
      boolean several = message != null && message.lines().count() > 1;
      throw new UsageException(several ? message : Causes.inOneLine(failure));
    }
  }

  /** Whether something failed in the background; known when it is closed. */
  boolean hasFailed() {
    return failed;
  }

  ShellServices shell() {
    return new ShellServices(framework.getBundleContext());
  }

  /** The shell's general commands, without which there is no session. */
  private void registerCommands() throws ReflectiveOperationException {
    if (!registered) {
      GeneralCommands.register(framework.getBundleContext(), bundle(COMMANDS));
      registered = true;
    }
  }

  /** Lets this user's other processes run commands here. */
  void openControl() {
    try {
      registerCommands();
      shell().openControl();
    } catch (ReflectiveOperationException | RuntimeException e) {
      Main.tell("there is no control socket: " + Causes.inOneLine(e)); // everything else goes on
    }
  }

  /** A session for commands without a terminal. */
  Session session() throws ReflectiveOperationException {
    registerCommands();
    var errors = new PrintStream(shell().errors(streams.err()), true, Charset.defaultCharset());
    return Session.open(
        framework.getBundleContext(),
        bundle(JLINE),
        new Session.Streams(streams.in(), streams.out(), errors));
  }

  /**
   * Opens the interactive shell on this process's terminal: ours, or Gogo's if ours is missing.
   *
   * <p>JLine looks its terminal providers up by the context class loader and falls back to a dumb
   * terminal, without editing or completion, when that does not know them.
   */
  void openShell() throws UsageException, ReflectiveOperationException {
    if (shell().hasPrompt()) {
      registerCommands();
      shell().openPrompt();
      return;
    }
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
   * to save its data, then the framework. Gives up after ten seconds each. Thread-safe, and
   * harmless when repeated.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (isStarting) { // what it would still write into the cache could not be deleted
        startEnded.await(HOPELESS.toMillis(), TimeUnit.MILLISECONDS);
      }
      Thread.ofPlatform().daemon().name("stop bundles").start(this::stopBundles).join(STOP_TIME);
      framework.stop();
      framework.waitForStop((Starting.isAny() ? HOPELESS : STOP_TIME).toMillis());
    } catch (BundleException e) {
      Main.fail(Main.FAILED, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    cache.close();
  }

  /** A bundle that stops now is not stopped by hand: what it closes is to be saved. */
  private void announceEnd() {
    try {
      BundleContext context = framework.getBundleContext();
      for (var each : context.getServiceReferences(Runnable.class, "(" + WHEN + "=ending)")) {
        context.getService(each).run();
      }
    } catch (InvalidSyntaxException | RuntimeException e) {
      // It has stopped already, or the service has gone in the same moment.
    }
  }

  private void stopBundles() {
    announceEnd();
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
