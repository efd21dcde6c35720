package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffers;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Source;

/** Plugins on the class path that throw, do not come back, or end the JVM. */
@Timeout(100)
class FoundPluginsTest {
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  @TempDir Path directory;

  private final LogLines lines = new LogLines();

  @AfterEach
  void stopListening() {
    lines.close();
  }

  /** A source that does nothing. */
  public static class Idle implements Source {
    @Override
    public String name() {
      return "idle";
    }

    @Override
    public AutoCloseable start(Buffers buffers) {
      return () -> {};
    }
  }

  /** Never made. */
  public static final class Stuck extends Idle {
    /** Does not come back. */
    public Stuck() throws InterruptedException {
      NEVER.await();
    }
  }

  /** Made when the test says so. */
  public static final class Late extends Idle {
    private static volatile CountDownLatch gate;

    /** Waits for the test. */
    public Late() throws InterruptedException {
      gate.await();
    }

    @Override
    public String name() {
      return "late";
    }
  }

  /** Throws while it is made. */
  public static final class Broken extends Idle {
    /** Throws. */
    public Broken() {
      throw new AssertionError("broken\nin two lines");
    }
  }

  /** Throws while its class is initialized. */
  public static final class Uninitialized extends Idle {
    private static final int NUMBER = Integer.parseInt("no number");

    @Override
    public String name() {
      return "uninitialized" + NUMBER;
    }
  }

  /** Has no name, for want of stack. */
  public static final class Nameless extends Idle {
    @Override
    public String name() {
      return name();
    }
  }

  /** Ends the JVM while it is made. */
  public static final class Exits extends Idle {
    /** Ends the JVM. */
    public Exits() {
      System.exit(42);
    }
  }

  private URLClassLoader with(Class<?> kind, Object... plugins) throws Exception {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    List<String> names = new ArrayList<>();
    for (Object plugin : plugins) {
      names.add(plugin instanceof Class<?> type ? type.getName() : plugin.toString());
    }
    Files.write(services.resolve(kind.getName()), names);
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    return new URLClassLoader(new URL[] {directory.toUri().toURL()}, before);
  }

  private static Pagewheel start(ClassLoader loader, Map<String, String> settings) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return Pagewheel.start(settings);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static String line(Class<?> plugin, String problem) {
    return "source %s on the class path %s".formatted(plugin.getName(), problem);
  }

  @Test
  void eachThatThrowsOrDoesNotComeBackIsOneLineAndHoldsUpNobody() throws Exception {
    try (var loader =
            with(
                Source.class,
                Stuck.class,
                Broken.class,
                Uninitialized.class,
                "com.example.Missing",
                Nameless.class,
                Stuck.class,
                Idle.class);
        Pagewheel pagewheel = start(loader, Map.of())) {
      assertTrue(pagewheel.buffers().get("main").mark("at work"));
      List<String> names =
          pagewheel.administration().sources().stream().map(SourceStatus::name).toList();
      assertTrue(names.contains("idle"), names::toString);
    } // everything is logged by now
    List<String> problems = lines.stream().filter(l -> l.contains("class path")).toList();
    assertEquals(
        List.of(
            "a source on the class path cannot be made: Provider com.example.Missing not found",
            line(Stuck.class, "is not made within 4 s"),
            line(Broken.class, "cannot be made: broken; in two lines"),
            line(Uninitialized.class, "cannot be made: For input string: \"no number\""),
            line(Nameless.class, "cannot be made: stack overflow")),
        problems);
  }

  @Test
  void oneThatComesLateIsAddedThen() throws Exception {
    Late.gate = new CountDownLatch(1);
    var settings = Map.of("pagewheel.sources.late.enabled", "true");
    try (var loader = with(Source.class, Late.class);
        Pagewheel pagewheel = start(loader, settings)) {
      assertFalse(isRunning(pagewheel, "late"));
      Late.gate.countDown();
      while (!isRunning(pagewheel, "late")) {
        Thread.sleep(5);
      }
    }
  }

  private static boolean isRunning(Pagewheel pagewheel, String source) {
    return pagewheel.administration().sources().stream()
        .anyMatch(status -> status.name().equals(source) && status.running());
  }

  @Test
  void whatTheConfigurationNamesMustBeThere() throws Exception {
    try (var loader = with(Backend.class, "com.example.Missing")) {
      var settings = Map.of("pagewheel.buffers.main.backend", "missing");
      var refused = assertThrows(ConfigurationException.class, () -> start(loader, settings));
      assertTrue(
          refused.problems().getFirst().contains("there is no backend missing on the class path"),
          refused::getMessage);
      assertEquals(
          "a backend on the class path cannot be made: Provider com.example.Missing not found",
          refused.problems().getLast());
    }
  }

  /** Run in a JVM of its own. */
  static final class ExitingChild {
    private ExitingChild() {}

    public static void main(String[] args) {
      Pagewheel.start();
    }
  }

  @Test
  void oneThatEndsTheJvmIsNamed() throws Exception {
    with(Source.class, Exits.class).close();
    Path output = directory.resolve("output.txt");
    String path = directory + System.getProperty("path.separator");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                path + System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                ExitingChild.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertEquals(42, child.waitFor());
    List<String> said = Files.readAllLines(output);
    String line = line(Exits.class, "ends the JVM: it calls System.exit while it is made");
    assertEquals(List.of(line), said);
    assertFalse(child.isAlive());
  }
}
