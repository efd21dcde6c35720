package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventType;
import org.pagewheel.event.SpanType;

/** What triggers keep around their events. */
@Timeout(120)
class KeptTracesTest {
  private static final String NOW = "ftrace:print keep before %s, after %s if buf == \"now\"";

  record Tick(int number) {}

  record Work(int number) {}

  private static final EventType<Tick> TICK = EventType.of("kept", Tick.class);
  private static final SpanType<Work, Void> WORK = SpanType.of("kept", Work.class);

  @TempDir Path directory;
  private Pagewheel pagewheel;
  private Buffer main;
  private Buffer other;

  private void start(String trigger, String... settings) {
    Map<String, String> values = new HashMap<>();
    values.put("pagewheel.kept.directory", directory.resolve("made").toString());
    values.put("pagewheel.sources.jvm.enabled", "false");
    values.put("pagewheel.buffers.main.triggers", trigger);
    values.put("pagewheel.buffers.other.pages", "16");
    for (int i = 0; i < settings.length; i += 2) {
      values.put("pagewheel." + settings[i], settings[i + 1]);
    }
    pagewheel = Pagewheel.start(values);
    main = pagewheel.buffers().get("main");
    other = pagewheel.buffers().get("other");
  }

  @AfterEach
  void stop() {
    if (pagewheel != null) {
      pagewheel.close();
    }
  }

  private TriggerStatus status() {
    return pagewheel.administration().triggers().getFirst();
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      Thread.sleep(5);
    }
  }

  private static void pause(long millis) {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(millis)) {
      Thread.onSpinWait();
    }
  }

  private List<Path> files() throws Exception {
    Path made = directory.resolve("made");
    if (!Files.exists(made)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(made)) {
      return files.filter(file -> file.toString().endsWith(".dat")).sorted().toList();
    }
  }

  private String only() throws Exception {
    await(() -> files().size() == 1);
    return TraceCmd.run("report", files().getFirst().toString());
  }

  @Test
  void fromBeforeToAfterOfAllBuffers() throws Exception {
    start(NOW.formatted("200 ms", "1 s"));
    main.mark("too early");
    other.mark("too early");
    pause(210);
    main.mark("just before");
    other.mark("just before");
    main.mark("now");
    long event = System.nanoTime();
    main.mark("just after");
    other.mark("just after");
    assertEquals(List.of(), files(), "the time after is not over");
    await(() -> System.nanoTime() - event > 1_001_000_000L);
    main.mark("too late");
    String report = only();
    assertFalse(report.contains("too "), report);
    for (String text : List.of("just before", "just after")) {
      assertEquals(2, report.lines().filter(line -> line.contains(text)).count(), report);
    }
    String name = files().getFirst().getFileName().toString();
    assertTrue(name.matches("kept-main-ftrace\\.print-\\d{8}-\\d{6}\\.\\d{3}\\.dat"), name);
    assertEquals(1, status().fired());
    assertTrue(status().problem().isEmpty(), status()::toString);
    assertEquals("keep before 200ms after 1s", status().action());
  }

  @Test
  void aSlowSpanIsKeptWhole() throws Exception {
    start("kept:work keep if latency > 50 ms", "kept.all-buffers", "false");
    TICK.record(main, new Tick(1));
    try (var quick = WORK.begin(main, new Work(100))) {
      TICK.record(main, new Tick(2));
      assertTrue(main.isOn(), "quick " + quick);
    }
    try (var slow = WORK.begin(main, new Work(200))) {
      TICK.record(main, new Tick(3));
      pause(51);
      assertTrue(main.isOn(), "slow " + slow);
    }
    TICK.record(main, new Tick(4));
    String report = only();
    assertTrue(report.contains("number=3"), report);
    assertTrue(report.contains("number=200"), report);
    for (int number : new int[] {1, 2, 4, 100}) {
      assertFalse(report.matches("(?s).*number=" + number + "\\b.*"), report);
    }
    assertTrue(
        files().getFirst().getFileName().toString().startsWith("kept-main-kept.work-"),
        files()::toString);
  }

  @Test
  void aRingThatIsTooSmallSaysSo() throws Exception {
    start(NOW.formatted("1 h", "200 ms"), "buffers.main.pages", "2", "buffers.main.cpus", "1");
    for (int i = 0; i < 10_000; i++) {
      TICK.record(main, new Tick(i));
    }
    main.mark("now");
    await(() -> status().problem().isPresent());
    String problem = status().problem().orElseThrow();
    assertTrue(problem.endsWith("the ring is too small: main CPU 0"), problem);
    String report = only();
    assertTrue(report.contains("EVENTS DROPPED"), report);
    assertTrue(report.contains("now"), report);
  }

  @Test
  void theEndSavesWhatWaits() throws Exception {
    start(NOW.formatted("1 min", "30 min"));
    main.mark("before it");
    main.mark("now");
    main.mark("after it");
    assertEquals(List.of(), files());
    pagewheel.close();
    String report = only();
    assertTrue(report.contains("before it") && report.contains("after it"), report);
  }

  @Test
  void soDoesTheEndOfTheProcess() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                KeptTracesChild.class.getName(),
                directory.resolve("made").toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    assertEquals(0, child.waitFor(), () -> "see " + directory);
    String report = only();
    assertTrue(report.contains("before it") && report.contains("after it"), report);
  }

  @Test
  void soDoTheEndOfTheBufferAndAnotherRing() throws Exception {
    start(NOW.formatted("1 min", "30 min"));
    main.mark("before it");
    pagewheel.administration().swap("main", Map.of("backend", "heap", "page-size", "8192"));
    main.mark("now");
    pagewheel.administration().swap("main", Map.of("backend", "lockfree"));
    main.mark("after it");
    pagewheel.buffers().destroy("main");
    String report = only();
    assertTrue(report.contains("before it") && report.contains("after it"), report);
  }

  @Test
  void theOldestGoWhereThereAreTooManyOrTooLarge() throws Exception {
    String trigger = "ftrace:print keep:9 after 0 ms if buf == \"now\"";
    start(trigger, "kept.keep", "3");
    for (int i = 1; i <= 5; i++) {
      main.mark("now");
      int times = i;
      await(() -> status().fired() == times && newest() >= times);
      nextMillisecond();
    }
    await(() -> files().size() == 3); // the oldest go once the newest is written
    pagewheel.close();
    start(trigger, "kept.keep-size", "1 B");
    main.mark("now");
    await(() -> files().size() == 1);
  }

  private int written;
  private Path last;

  /** How many files came, each seen once. */
  private int newest() throws Exception {
    List<Path> all = files();
    if (!all.isEmpty() && !all.getLast().equals(last)) {
      last = all.getLast();
      written++;
    }
    return written;
  }

  private static void nextMillisecond() {
    long now = System.currentTimeMillis();
    while (System.currentTimeMillis() == now) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whatCannotBeWrittenIsReported() throws Exception {
    Files.writeString(directory.resolve("made"), "no directory");
    start("ftrace:print keep:1 after 0 ms if buf == \"now\"");
    main.mark("now");
    await(() -> status().problem().isPresent());
    assertTrue(main.isOn());
  }

  @Test
  void soManyWaitAndTheRestIsMissed() {
    start("ftrace:print keep:1000000 after 30 min if buf == \"now\"");
    for (int i = 0; i < 100; i++) {
      main.mark("now");
    }
    assertEquals(64, status().fired());
    assertEquals(36, status().missed());
    pagewheel.administration().removeTrigger("main", "ftrace:print keep if buf == \"now\"");
  }
}
