package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;
import org.pagewheel.acceptance.broken.BrokenActivator;
import org.pagewheel.spi.Ring;

/**
 * A backend's bundle that throws from any method: its buffer is off and says so, all else goes on.
 */
class BrokenBackendIT {
  /** What is asked only when a ring is made or goes, and what no command does. */
  private static final Set<String> UNUSED =
      Set.of(
          "cpus",
          "totals",
          "clearedBefore",
          "durableRings",
          "pages",
          "pageSize",
          "maxEventSize",
          "prepare",
          "seal",
          "isQuiet",
          "close",
          "discard",
          "flush");

  /** They change nothing, and stop nobody from writing. */
  private static final Set<String> QUERIES = Set.of("counters", "view", "unreadPages");

  @TempDir static Path directory;
  private static Container container;
  private static Bundle broken;

  @BeforeAll
  static void start() throws Exception {
    container = new Container(directory.resolve("felix"));
    Container.await("main records", () -> container.show("list").contains(" on "));
    Path jar = FixtureBundle.of(directory.resolve("broken.jar"), BrokenActivator.class);
    broken = container.context().installBundle(jar.toUri().toString());
    broken.start();
  }

  @AfterEach
  void forget() throws Exception {
    if (container.show("list").contains("\nx ")) {
      container.execute("destroy x");
    }
  }

  @AfterAll
  static void stop() throws Exception {
    container.close();
  }

  static Stream<String> methods() {
    return Stream.concat(
        Stream.of(Ring.class.getMethods()).map(Method::getName).distinct(), Stream.of("release"));
  }

  private static String line(String buffer) throws Exception {
    return container
        .show("list")
        .lines()
        .filter(each -> each.startsWith(buffer + " "))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void whateverThrowsHarmsItsBufferAlone(String method) throws Exception {
    container.execute("create x pages=4 cpus=1");
    container.execute("mark x before");
    container.execute("swap x broken throws=" + method);
    for (String command :
        List.of(
            "mark x a",
            "mark x b",
            "off x",
            "on x",
            "show x",
            "show x",
            "cat x",
            "cat x",
            "stats x",
            "list")) {
      tryThis(command);
    }
    container.execute("attach x splice name=disk dir=" + directory);
    tryThis("mark x c");
    tryThis("save " + directory.resolve("x.dat") + " x");
    tryThis("detach x disk");
    if (!UNUSED.contains(method)) {
      String reported = "backend broken: " + method + " failed";
      Container.await(method + " is reported", () -> line("x").contains(reported));
      assertTrue(line("x").endsWith("broken on purpose"), line("x"));
      String state = QUERIES.contains(method) ? "on" : "failed";
      String shown = container.show("show x");
      assertTrue(shown.contains("(" + state + ": " + reported), shown);
    }
    container.execute("mark main others go on");
    container.execute("swap x heap");
    container.execute("mark x a sound ring mends it");
    assertTrue(line("x").contains(" on "), line("x"));
    assertEquals(Bundle.ACTIVE, broken.getState());
  }

  /** What a command says does not matter here: it may not hang, nor end anything. */
  private static void tryThis(String command) {
    try {
      container.show(command);
    } catch (Exception e) {
      assertEquals(1, String.valueOf(e.getMessage()).lines().count(), e::toString);
    }
  }

  @Test
  void oneThatMakesNoRingChangesNothing() throws Exception {
    Exception e =
        assertThrows(Exception.class, () -> container.execute("swap main broken throws=open"));
    assertTrue(e.getMessage().contains("broken on purpose"), e.toString());
    assertTrue(line("main").matches("main +lockfree .* on .*"), line("main"));
  }

  @Test
  void oneThatCannotSayItsNameIsLeftOut() throws IOException, Exception {
    assertEquals(2, broken.getRegisteredServices().length);
    assertTrue(!container.show("backends").contains("null"), container.show("backends"));
  }
}
