package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counters;
import org.pagewheel.event.EventType;

class PagewheelTest {
  record Order(long id, int amount) {}

  private static final EventType<Order> ORDER = EventType.of("runtimetest", Order.class);

  @TempDir Path directory;

  private static Pagewheel start() {
    return Pagewheel.start(Map.of("pagewheel.buffers.main.pages", "16"));
  }

  @Test
  void aProgramRecordsAndSavesInAFewLines() throws Exception {
    Path file = directory.resolve("trace.dat");
    try (Pagewheel pagewheel = start()) {
      Buffer main = pagewheel.buffers().get("main");
      for (int i = 0; i < 100; i++) {
        assertTrue(ORDER.record(main, new Order(i, 2 * i)));
      }
      assertTrue(main.mark("hello"));
      assertEquals(101, pagewheel.buffers().save(file));
      assertEquals(101, main.counters().unread());
    }

    List<String> report = TraceCmd.report(file);
    assertEquals(101, report.stream().filter(line -> line.contains(": ")).count());
    assertTrue(report.getLast().contains("hello"), report.getLast());
    assertEquals(100, report.stream().filter(line -> line.contains(" order: ")).count());
    assertTrue(report.stream().anyMatch(line -> line.contains("amount=198")), report.toString());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    String stat = TraceCmd.run("report", "--stat", file.toString());
    assertTrue(stat.contains("entries: "), stat);
  }

  @Test
  void severalBuffersGoIntoOneFileAsInstances() throws Exception {
    Path file = directory.resolve("trace.dat");
    try (Pagewheel pagewheel = start()) {
      BufferConfig other = BufferConfig.of("other", "heap").withPages(8, 16384);
      Buffer buffer = pagewheel.buffers().create(other);
      pagewheel.buffers().get("main").mark("in main");
      buffer.mark("in other");
      assertEquals(2, pagewheel.buffers().save(file, "main", "other"));

      List<String> report = TraceCmd.report(file);
      assertEquals(1, report.stream().filter(line -> line.contains("in main")).count());
      assertEquals(
          1,
          report.stream().filter(l -> l.contains("in other") && l.contains("other:")).count(),
          report.toString());
      assertEquals(1, pagewheel.buffers().save(file, "other"));
      assertTrue(TraceCmd.report(file).getLast().contains("in other"));
    }
  }

  @Test
  void aFileThatCannotBeWrittenLeavesTheOldOne() throws Exception {
    Path old = Files.writeString(directory.resolve("old.dat"), "old");
    try (Pagewheel pagewheel = start()) {
      pagewheel.buffers().get("main").mark("x");
      assertThrows(
          IllegalArgumentException.class, () -> pagewheel.buffers().save(old, "main", "mian"));
      assertThrows(
          IOException.class, () -> pagewheel.buffers().save(directory.resolve("none/x.dat")));
    }
    assertEquals("old", Files.readString(old));
  }

  @Test
  void buffersAreMadeFoundListedAndDestroyed() throws Exception {
    try (Pagewheel pagewheel = start()) {
      BufferConfig config = BufferConfig.of("x", "heap").withPages(4, 4096);
      Buffer x = pagewheel.buffers().create(config);
      assertEquals(config, x.config());
      assertEquals(Optional.of(x), pagewheel.buffers().find("x"));
      assertEquals(
          List.of("main", "x"), pagewheel.buffers().list().stream().map(Buffer::name).toList());
      assertTrue(x.isOn());
      assertTrue(x.mark("one"));
      x.off();
      assertFalse(x.isOn());
      assertFalse(x.mark("two"));
      x.on();
      assertTrue(x.mark("three"));
      pagewheel.buffers().destroy("x");
      assertTrue(x.isClosed());
      assertFalse(x.isOn());
      assertFalse(x.mark("four"));
      Counters counters = x.counters();
      assertEquals(2, counters.written());
      assertEquals(2, counters.disabled());
      assertEquals(2, counters.overrun());
      IllegalArgumentException gone =
          assertThrows(IllegalArgumentException.class, () -> pagewheel.buffers().get("x"));
      assertEquals("there is no buffer x: there is main", gone.getMessage());
    }
  }

  @Test
  void aBufferThatCannotBeMadeChangesNothing() {
    try (Pagewheel pagewheel = start()) {
      assertMessage(
          "there is no backend haep: did you mean heap?",
          () -> pagewheel.buffers().create(BufferConfig.of("x", "haep")));
      assertMessage(
          "there is a buffer main already: choose another name",
          () -> pagewheel.buffers().create(BufferConfig.of("main", "heap")));
      assertThrows(
          ConfigurationException.class,
          () -> pagewheel.buffers().create(BufferConfig.of("x", "heap").withPages(1, 4096)));
      IOException memory =
          assertThrows(
              IOException.class,
              () ->
                  pagewheel
                      .buffers()
                      .create(BufferConfig.of("x", "heap").withPages(1 << 19, 16384)));
      assertTrue(memory.getMessage().contains("need"), memory.getMessage());
      assertEquals(1, pagewheel.buffers().list().size());
      assertEquals(Optional.empty(), pagewheel.buffers().find("x"));
    }
  }

  private static void assertMessage(
      String message, org.junit.jupiter.api.function.Executable executable) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, executable).getMessage());
  }

  @Test
  void whatIsNotOnTheClassPathIsToldAtOnce() {
    ConfigurationException e =
        assertThrows(
            ConfigurationException.class,
            () ->
                Pagewheel.start(
                    Map.of(
                        "pagewheel.buffers.main.backend",
                        "headp",
                        "pagewheel.buffers.main.consumers.x.type",
                        "pigeon")));
    assertEquals(2, e.problems().size(), e.getMessage());
    assertEquals(
        "pagewheel.buffers.main.backend = headp: there is no backend headp on the class path: did"
            + " you mean heap?",
        e.problems().getFirst());
  }

  @Test
  void systemPropertiesConfigureAnEmbeddedBufferToo() {
    System.setProperty("pagewheel.buffers.main.page-size", "64 KiB");
    try (Pagewheel pagewheel = Pagewheel.start()) {
      assertEquals(65536, pagewheel.buffers().get("main").config().pageSize());
      assertTrue(
          pagewheel
              .administration()
              .settings()
              .contains(
                  new Setting(
                      "pagewheel.buffers.main.page-size",
                      "\"64 KiB\"",
                      "-Dpagewheel.buffers.main.page-size")));
    } finally {
      System.clearProperty("pagewheel.buffers.main.page-size");
    }
  }

  @Test
  void administrationTellsWhatIsThere() {
    try (Pagewheel pagewheel = start()) {
      Administration administration = pagewheel.administration();
      assertTrue(administration.backends().contains("heap"));
      assertEquals("mono", administration.clocks().getFirst());
      assertEquals(
          List.of(new BufferStatus("main", "lockfree", BufferStatus.State.ON, Optional.empty(), 1)),
          administration.buffers());
      assertEquals(List.of(), administration.consumers());
      assertEquals(List.of(), administration.sources());
      assertEquals(7, administration.configure("y", Map.of("pages", "7")).pages());
    }
  }

  private static List<String> ours() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("pagewheel-"))
        .toList();
  }

  @Test
  void nothingRunsWhenEverythingIsClosed() throws Exception {
    Pagewheel pagewheel = start();
    pagewheel.buffers().get("main").mark("x");
    pagewheel.close();
    pagewheel.close();
    long end = System.nanoTime() + 120_000_000_000L;
    while (!ours().isEmpty()) { // the opener's and the keeper's threads end by themselves
      assertTrue(System.nanoTime() < end, () -> "still there: " + ours());
      Thread.sleep(5);
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> pagewheel.buffers().create(BufferConfig.of("late", "heap")));
  }
}
