package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * A real framework with the bundles of the assembled home, and a Gogo session in it. The bundles
 * have classes of their own, so results come as classes of the JDK or as text.
 */
final class Container {
  private static final String TERMINAL = "9-terminal";
  private static final int INSPECT = 0;

  private final Framework framework;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private Object session;

  /** Felix, as the launcher starts it. */
  Container(Path storage) throws Exception {
    this(ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow(), storage);
  }

  Container(FrameworkFactory factory, Path storage) throws Exception {
    this(factory, storage, home());
    session = openSession();
  }

  /**
   * Some bundles alone, started in this order; without a session.
   *
   * @throws org.osgi.framework.BundleException for the first that does not resolve or start
   */
  Container(FrameworkFactory factory, Path storage, List<Path> jars) throws Exception {
    framework =
        factory.newFramework(
            Map.of(
                Constants.FRAMEWORK_STORAGE,
                storage.toString(),
                Constants.FRAMEWORK_STORAGE_CLEAN,
                Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                "felix.service.urlhandlers",
                "false"));
    framework.start();
    try {
      for (Path jar : jars) {
        context().installBundle("reference:" + jar.toUri());
      }
      for (Bundle bundle : bundles()) {
        bundle.start();
      }
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  /** The bundles of the home that open no terminal, in the order in which they start. */
  static List<Path> home() throws IOException {
    try (Stream<Path> files = Files.walk(Program.home().resolve("bundles"))) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .filter(file -> !file.getParent().endsWith(TERMINAL))
          .sorted()
          .toList();
    }
  }

  /** Bundles of services that are there in one container and not in another. */
  static List<Path> extras(String names) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String name : names.isEmpty() ? new String[0] : names.split(" ")) {
      try (Stream<Path> files = Files.list(Path.of("target", "extras", name).toAbsolutePath())) {
        jars.addAll(files.sorted().toList());
      }
    }
    return jars;
  }

  BundleContext context() {
    return framework.getBundleContext();
  }

  /** All bundles but the framework's own. */
  List<Bundle> bundles() {
    return Stream.of(context().getBundles()).filter(bundle -> bundle.getBundleId() > 0).toList();
  }

  Bundle bundle(String name) {
    return bundles().stream()
        .filter(bundle -> name.equals(bundle.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }

  /** Opens the session, of a container that was made without one. */
  void open() throws Exception {
    session = openSession();
  }

  private Object openSession() throws Exception {
    ServiceReference<?> reference =
        context().getServiceReference("org.apache.felix.service.command.CommandProcessor");
    Object processor = context().getService(reference);
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    Object opened =
        processor
            .getClass()
            .getMethod("createSession", InputStream.class, OutputStream.class, OutputStream.class)
            .invoke(processor, new ByteArrayInputStream(new byte[0]), out, out);
    opened
        .getClass()
        .getMethod("put", String.class, Object.class)
        .invoke(opened, "SCOPE", "ring:gogo:felix:*");
    return opened;
  }

  /** Runs a command and returns what it returned. */
  Object execute(String command) throws Exception {
    try {
      return session.getClass().getMethod("execute", CharSequence.class).invoke(session, command);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** What a terminal shows of a command that fails: one line, and no name of a class. */
  String complaint(String command) {
    String said = assertThrows(Exception.class, () -> execute(command)).toString();
    assertEquals(1, said.lines().count(), said);
    assertFalse(said.contains("Exception"), said);
    return said;
  }

  /** What the tabulator key offers at the end of a line, before the shell picks what fits. */
  List<?> complete(String line) throws Exception {
    List<String> words = List.of(line.split(" ", -1));
    session
        .getClass()
        .getMethod("put", String.class, Object.class)
        .invoke(session, ".commandLine", new Typed(words, words.size() - 1));
    return List.copyOf((Collection<?>) execute("ring-completion:candidates"));
  }

  /** A line as JLine tells of it. */
  public record Typed(List<String> words, int wordIndex) {}

  /** Runs a command and returns what a terminal would show. */
  String show(String command) throws Exception {
    printed.reset();
    Object result = execute(command);
    String text = printed.toString(StandardCharsets.UTF_8);
    if (result != null) {
      text +=
          session
              .getClass()
              .getMethod("format", Object.class, int.class)
              .invoke(session, result, INSPECT);
    }
    return text;
  }

  /** Waits until something holds, as things do that happen on other threads. */
  static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + 120_000_000_000L;
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not happen within two minutes: " + what);
      }
      Thread.sleep(50);
    }
  }

  /** Stops the framework. */
  void close() throws Exception {
    framework.stop();
    framework.waitForStop(30_000);
  }
}
