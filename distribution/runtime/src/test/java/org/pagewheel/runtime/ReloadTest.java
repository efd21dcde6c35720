package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Buffers;
import org.pagewheel.Mode;
import org.pagewheel.runtime.internal.Engine;
import org.pagewheel.runtime.internal.config.ConfigLoader;
import org.pagewheel.runtime.internal.plugin.Plugins;
import org.pagewheel.spi.Source;
import org.pagewheel.spi.WritableBuffer;

/** The configuration is read again while everything runs. */
@Timeout(120)
class ReloadTest {
  @TempDir Path directory;
  private Pagewheel pagewheel;

  private void write(String text) throws IOException {
    Files.writeString(directory.resolve("pagewheel.conf"), text);
  }

  private void start(String text) throws IOException {
    write(text);
    pagewheel = Pagewheel.start(Optional.of(directory.resolve("pagewheel.conf")), Map.of());
  }

  private List<String> reload(String text) throws IOException {
    write(text);
    return pagewheel.administration().reload();
  }

  @AfterEach
  void stop() {
    pagewheel.close();
  }

  private Buffer buffer(String name) {
    return pagewheel.buffers().get(name);
  }

  private List<String> names() {
    return pagewheel.buffers().list().stream().map(Buffer::name).toList();
  }

  @Test
  void whatHasNotChangedStaysAsItIs() throws Exception {
    start("pagewheel.buffers.main { pages = 8, cpus = 1 }");
    Buffer main = buffer("main");
    var ring = ((WritableBuffer) main).writer();
    assertEquals(List.of(), pagewheel.administration().reload());
    assertEquals(List.of(), reload("pagewheel.buffers.main { cpus = 1, pages = 8 } # the same"));
    assertSame(ring, ((WritableBuffer) main).writer());

    pagewheel.administration().replace(main.config().withBackend("lockfree", Map.of()));
    assertEquals(List.of(), pagewheel.administration().reload());
    assertEquals("lockfree", main.config().backend(), "a change by hand stays");
    reload("pagewheel.buffers.main { pages = 16, cpus = 1 }");
    assertEquals("lockfree", main.config().backend(), "also where something else has changed");
    assertEquals(16, main.config().pages());
  }

  @Test
  void buffersComeAndGoAndAreReplaced() throws Exception {
    start("pagewheel.buffers { main {}, old { pages = 4 }, kept { pages = 4, cpus = 1 } }");
    Buffer old = buffer("old");
    Buffer kept = buffer("kept");
    for (int i = 0; i < 10; i++) {
      assertTrue(Load.write(kept, 0, i));
    }
    List<String> said =
        reload(
            """
            pagewheel.buffers {
              main {}
              kept { backend = lockfree, mode = discard, pages = 8, page-size = 8 KiB, cpus = 1
                     clock = counter, on = false }
              fresh { pages = 4, backend = lockfree }
            }
            """);
    assertEquals(List.of("main", "kept", "fresh"), names());
    assertTrue(old.isClosed());
    BufferConfig config = kept.config();
    assertEquals("lockfree", config.backend());
    assertEquals(Mode.DISCARD, config.mode());
    assertEquals(8, config.pages());
    assertEquals(8192, config.pageSize());
    assertEquals("counter", config.clock().name());
    assertFalse(kept.isOn());
    assertEquals(10, kept.counters().unread(), "what was recorded is still there");
    assertTrue(buffer("fresh").mark("here I am"));
    assertEquals(4, said.size(), said::toString);
    assertTrue(
        pagewheel.administration().settings().stream()
            .anyMatch(s -> s.key().equals("pagewheel.buffers.fresh.pages")),
        "the effective configuration is the new one");
    assertEquals(List.of(), pagewheel.administration().reload());
  }

  @Test
  void aWrongFileChangesNothingAndSaysWhere() throws Exception {
    start("pagewheel.buffers.main { pages = 8 }");
    var ring = ((WritableBuffer) buffer("main")).writer();
    String[][] wrong = {
      {
        "pagewheel.buffers {\n main { pages = 16 }\n b { pagse = 4 }\n}",
        ":3: ",
        "did you mean pages"
      },
      {"pagewheel.buffers {\n main { pages = 16 }\n b { backend = haep }\n}", ":3: ", "mean heap?"},
      {
        "pagewheel.buffers.main {\n pages = 16\n consumers.a.type = splcie\n}",
        ":3: ",
        "did you mean splice?"
      },
      {"pagewheel.buffers.main {\n pages = 16\n cpus = 63\n}", ":3: ", "for good"},
      {"pagewheel.buffers.main {\n pages = 16\n", "pagewheel.conf", ""},
      {
        "pagewheel.buffers.main {\n pages = 16\n triggers = [\"x:y jump\"]\n}",
        ":3: ",
        "there is no action jump"
      }
    };
    for (String[] each : wrong) {
      ConfigurationException e =
          assertThrows(ConfigurationException.class, () -> reload(each[0]), each[0]);
      assertEquals(1, e.problems().size(), e.getMessage());
      assertTrue(e.getMessage().contains(each[1]), e.getMessage());
      assertTrue(e.getMessage().contains(each[2]), e.getMessage());
      assertSame(ring, ((WritableBuffer) buffer("main")).writer());
      assertEquals(List.of("main"), names());
    }
  }

  /** Only the plugin knows its settings; but only the configuration knows the line. */
  @Test
  void whatAPluginRefusesIsToldWithItsLineToo() throws Exception {
    start("pagewheel.buffers.main { pages = 8 }");
    String[] wrong = {
      "pagewheel.buffers.main {\n pages = 16\n settings.spaers = 3\n}",
      "pagewheel.buffers.main.consumers.a {\n type = splice, dir = /tmp\n colour = red\n}",
      "pagewheel.buffers.main.consumers.a {\n type = splice, dir = /tmp\n max-size = huge\n}"
    };
    for (String each : wrong) {
      Exception e = assertThrows(IllegalArgumentException.class, () -> reload(each), each);
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      assertTrue(
          e.getMessage().startsWith(directory.resolve("pagewheel.conf") + ":3: "), e.getMessage());
      assertEquals(8, buffer("main").config().pages());
    }
  }

  @Test
  void whatFailsHalfWayIsTakenBack() throws Exception {
    start("pagewheel.buffers { main { pages = 8 }, z { pages = 8 } }");
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                reload(
                    """
                    pagewheel.buffers {
                      a { pages = 4 }
                      main { pages = 16 }
                      z { pages = 8, consumers.disk { type = splice, dir = "/dev/null/x" } }
                    }
                    """));
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    assertTrue(e.getMessage().contains("buffer z: consumer disk"), e.getMessage());
    assertEquals(List.of("main", "z"), names());
    assertEquals(8, buffer("main").config().pages());
    assertEquals(List.of(), pagewheel.administration().consumers());
    assertEquals(
        List.of(
            "buffer main: backend lockfree, mode overwrite, 12 pages of 4096 bytes, clock mono"),
        reload("pagewheel.buffers { main { pages = 12 }, z { pages = 8 } }"));
  }

  @Test
  void aBufferThatIsThereByHandIsNotTakenOver() throws Exception {
    start("pagewheel.buffers.main {}");
    pagewheel.buffers().create(BufferConfig.of("mine", "heap").withPages(4, 4096));
    ConfigurationException e =
        assertThrows(
            ConfigurationException.class, () -> reload("pagewheel.buffers { main {}, mine {} }"));
    assertTrue(e.getMessage().contains("made by hand"), e.getMessage());
    assertEquals(List.of(), reload("pagewheel.buffers { main {} }"));
    assertFalse(buffer("mine").isClosed());
  }

  /** A splice consumer that writes to a directory below the test's, flushed often. */
  private String splice(String name, String more) {
    return "consumers.%s { type = splice, dir = \"%s\", policy = block %s }\n"
        .formatted(name, directory.resolve(name), more);
  }

  @Test
  void consumersComeGoAndChangeWithoutLosingAnEvent() throws Exception {
    String main = "pagewheel.buffers.main { cpus = 1, pages = 256, mode = discard, flush = 20 ms\n";
    start(main + splice("a", "") + splice("b", "") + "}");
    Buffer buffer = buffer("main");
    Load load = new Load(buffer, 2, 10_000).start();
    List<String> said = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Thread.sleep(30);
      // a is exchanged each time, b comes and goes, the ring is replaced.
      said.addAll(
          reload(
              main.replace("256", i % 2 == 0 ? "128" : "256")
                  + splice("a", ", queue = " + (20 + i))
                  + (i % 2 == 0 ? "" : splice("b", ""))
                  + "}"));
    }
    long written = load.stop();
    pagewheel.close();

    assertTrue(said.contains("buffer main: consumer a changed"), said::toString);
    assertTrue(said.contains("buffer main: consumer b attached"), said::toString);
    assertTrue(said.contains("buffer main: consumer b detached"), said::toString);
    Load.Account account = new Load.Account(1, 2);
    SplicedFiles.read(directory.resolve("a"), account);
    account.assertComplete(written);
  }

  @Test
  void eventsAndTriggersChange() throws Exception {
    start("pagewheel.buffers.main { events = [\"a:*\"], triggers = [\"a:b traceoff:1\"] }");
    Buffer main = buffer("main");
    pagewheel.administration().addTrigger("main", "ftrace:print snapshot:1 if buf == never");
    List<String> said =
        reload(
            "pagewheel.buffers.main { events = [\"c:*\"], triggers = [\"ftrace:print traceoff\"]}");
    assertEquals(2, said.size(), said::toString);
    assertTrue(main.events().isEnabled("c", "d"));
    assertFalse(main.events().isEnabled("a", "d"));
    assertEquals(2, pagewheel.administration().triggers().size(), "that by hand stays");
    main.mark("stop");
    assertFalse(main.isOn());
  }

  @Test
  void sourcesStartAndStopAndTimesChange() throws Exception {
    AtomicInteger running = new AtomicInteger();
    Source ticker =
        new Source() {
          @Override
          public String name() {
            return "ticker";
          }

          @Override
          public AutoCloseable start(Buffers buffers) {
            running.incrementAndGet();
            return running::decrementAndGet;
          }
        };
    start("");
    Path file = directory.resolve("pagewheel.conf");
    Plugins plugins = new Plugins();
    plugins.sources().add("ticker", 0, ticker);
    Engine engine =
        Engine.start(ConfigLoader.load(Optional.of(file), new Properties(), Map.of()), plugins);
    try {
      Administration administration = engine.administration();
      while (running.get() != 1) {
        Thread.sleep(5);
      }
      write("pagewheel { sources.ticker.enabled = false, stop-timeout = 7 s }");
      assertEquals(
          List.of("source ticker: stopped", "stop-timeout changed"), administration.reload());
      assertEquals(0, running.get());
      assertFalse(administration.sources().getFirst().running());
      write("pagewheel.stop-timeout = 7 s");
      assertEquals(List.of("source ticker: started"), administration.reload());
      while (running.get() != 1) {
        Thread.sleep(5);
      }
    } finally {
      engine.stop();
    }
    assertEquals(0, running.get());
  }
}
