package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffer;
import org.pagewheel.Buffers;
import org.pagewheel.runtime.internal.Engine;
import org.pagewheel.runtime.internal.config.ConfigLoader;
import org.pagewheel.runtime.internal.plugin.Plugins;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.PageConsumer;
import org.pagewheel.spi.Source;

/** What is configured and cannot be is an exception of the start, or a line at once. */
class StartTest {
  private static final String BACKEND = "pagewheel.buffers.main.backend";
  private static final String FILE = "pagewheel.buffers.main.file";
  private static final String WAIT = "pagewheel.buffers.main.wait";

  @TempDir Path directory;

  private final LogLines lines = new LogLines();

  @AfterEach
  void stopListening() {
    lines.close();
  }

  private String missing() {
    return directory.resolve("missing/ring").toString();
  }

  @Test
  void aRingThatCannotBeMadeIsAnExceptionOfTheStart() {
    var refused =
        assertThrows(
            ConfigurationException.class,
            () -> Pagewheel.start(Map.of(BACKEND, "offheap", FILE, missing())));
    assertEquals(1, refused.problems().size());
    assertTrue(refused.getMessage().contains("missing"), refused.getMessage());
    assertEquals(List.of(), new ArrayList<>(lines), "the log says it as well");
  }

  @Test
  void whoeverWantsToWaitGetsItAsSoonAsItCanBeMade() throws Exception {
    var settings = Map.of(BACKEND, "offheap", FILE, missing(), WAIT, "true");
    try (Pagewheel pagewheel = Pagewheel.start(settings)) {
      Buffer main = pagewheel.buffers().get("main");
      String line = lines.poll(1, TimeUnit.MINUTES);
      assertTrue(line.startsWith("buffer main waits: "), line);
      assertTrue(line.contains("missing"), line);
      assertFalse(main.mark("lost"));
      Files.createDirectory(directory.resolve("missing"));
      while (!main.mark("kept")) {
        Thread.sleep(20);
      }
      assertEquals("buffer main: backend offheap is available", lines.poll(1, TimeUnit.MINUTES));
    }
  }

  @Test
  void aContainerSaysSoAtOnce() throws Exception {
    assertWaits(Map.of(BACKEND, "lockfre"), "there is no backend lockfre: did you mean lockfree?");
  }

  @Test
  void aContainerSaysOfAConsumerAtOnceToo() throws Exception {
    assertLines(
        Map.of("pagewheel.buffers.main.consumers.x.type", "splise"),
        "buffer main, consumer x waits: there is no consumer of type splise: did you mean splice?");
    assertLines(
        Map.of("pagewheel.buffers.main.fallback", "haep"),
        "override pagewheel.buffers.main.fallback = \"haep\": there is no backend haep, did you"
            + " mean heap?");
  }

  @Test
  void aConsumerThatCannotStartIsReportedOnce() throws Exception {
    assertLines(
        Map.of("pagewheel.buffers.main.consumers.x.type", "splice"),
        "buffer main: consumer x of type splice: nobody has attached it");
  }

  private void assertLines(Map<String, String> values, String line) throws IOException {
    Plugins plugins = new Plugins();
    plugins.backends().add("lockfree", 0, OddBackend.HEAP);
    plugins.backends().add("heap", 0, OddBackend.HEAP);
    ConsumerFactory splice =
        new ConsumerFactory() {
          @Override
          public String type() {
            return "splice";
          }

          @Override
          public PageConsumer open(ConsumerContext context) throws IOException {
            throw new IOException("nobody has attached it");
          }
        };
    plugins.consumers().add("splice", 0, splice);
    lines.clear();
    Engine.start(ConfigLoader.load(Optional.empty(), new Properties(), values), plugins).stop();
    assertEquals(List.of(line), new ArrayList<>(lines));
  }

  private void assertWaits(Map<String, String> values, String why) throws IOException {
    Plugins plugins = new Plugins();
    for (Backend backend : ServiceLoader.load(Backend.class)) {
      plugins.backends().add(backend.name(), 0, backend);
    }
    Engine.start(ConfigLoader.load(Optional.empty(), new Properties(), values), plugins).stop();
    assertEquals(List.of("buffer main waits: " + why), new ArrayList<>(lines));
  }

  /** One that is on the class path. */
  public static final class Idle implements Source {
    @Override
    public String name() {
      return "idle";
    }

    @Override
    public AutoCloseable start(Buffers buffers) {
      return () -> {};
    }
  }

  @Test
  void aSourceThatIsNotThereIsReportedWithTheNearest() throws Exception {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(services.resolve(Source.class.getName()), Idle.class.getName());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (var loader = new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      var refused =
          assertThrows(
              ConfigurationException.class,
              () -> Pagewheel.start(Map.of("pagewheel.sources.idel.enabled", "false")));
      assertEquals(
          List.of(
              "override pagewheel.sources.idel.enabled = \"false\": there is no source idel, did"
                  + " you mean idle?"),
          refused.problems());
      Pagewheel.start(Map.of("pagewheel.sources.somethingelse.enabled", "false")).close();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void eachOfTwoHasItsStatistics() throws Exception {
    try (Pagewheel first = Pagewheel.start();
        Pagewheel second = Pagewheel.start()) {
      var stats = Map.of("type", "stats");
      first.administration().attach("main", "stats", stats);
      second.administration().attach("main", "stats", stats);
      assertThrows(
          IllegalArgumentException.class,
          () -> second.administration().attach("main", "more", stats));
    }
  }
}
