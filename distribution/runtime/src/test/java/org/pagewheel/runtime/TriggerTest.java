package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.event.EventType;
import org.pagewheel.runtime.internal.trigger.TriggeringRing;
import org.pagewheel.spi.WritableBuffer;

/** Something happens when an event of a certain kind is committed. */
@Timeout(60)
class TriggerTest {
  record Order(long id, double price) {}

  record Later(int number) {}

  private static final EventType<Order> ORDER = EventType.of("triggers", Order.class);

  @TempDir Path directory;
  private Pagewheel pagewheel;
  private Buffer main;

  private void start(String... settings) {
    Map<String, String> values = new HashMap<>();
    values.put("pagewheel.snapshots.directory", directory.resolve("made").toString());
    for (int i = 0; i < settings.length; i += 2) {
      values.put("pagewheel." + settings[i], settings[i + 1]);
    }
    pagewheel = Pagewheel.start(values);
    main = pagewheel.buffers().get("main");
  }

  @AfterEach
  void stop() {
    pagewheel.close();
  }

  private TriggerStatus status() {
    return pagewheel.administration().triggers().getFirst();
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      Thread.sleep(5);
    }
  }

  private static void nextMillisecond() {
    long now = System.currentTimeMillis();
    while (System.currentTimeMillis() == now) {
      Thread.onSpinWait();
    }
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> files = Files.list(directory.resolve("made"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void recordingStopsBehindTheEvent() {
    start("buffers.main.triggers", "triggers:order traceoff:1 if price > 100 && id == 3");
    assertTrue(ORDER.record(main, new Order(3, 99)));
    assertTrue(ORDER.record(main, new Order(2, 200)));
    assertTrue(ORDER.record(main, new Order(3, 100.5)), "the event itself is written");
    assertFalse(ORDER.record(main, new Order(4, 1)));
    assertFalse(main.isOn());
    assertEquals(3, main.counters().written());
    assertEquals(1, status().fired());
    assertEquals(0, status().left());

    main.on();
    assertTrue(ORDER.record(main, new Order(3, 200)));
    assertTrue(ORDER.record(main, new Order(3, 200)), "once only");
  }

  @Test
  void whoStoppedRecordingIsReportedAndKnown() throws Exception {
    Logger log = Logger.getLogger("org.pagewheel");
    LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Handler handler = handler(lines);
    log.addHandler(handler);
    try {
      start("buffers.main.triggers", "triggers:order traceoff");
      assertEquals(Optional.empty(), main.offReason());
      for (int round = 0; round < 2; round++) {
        assertTrue(ORDER.record(main, new Order(3, 1)));
        String reason = main.offReason().orElseThrow();
        assertTrue(reason.matches("off by trigger triggers:order since [\\d: -]+"), reason);
        main.off("ring:off");
        assertEquals(reason, main.offReason().orElseThrow(), "off since the first time");
        assertEquals("buffer main: " + reason + "; ring:on main turns it on", lines.take());
        main.on();
        assertEquals(Optional.empty(), main.offReason());
      }
      main.off("ring:off");
      assertTrue(main.offReason().orElseThrow().startsWith("off by ring:off since "));
      assertEquals(List.of(), List.copyOf(lines), "once for each firing");
    } finally {
      log.removeHandler(handler);
    }
  }

  private static Handler handler(Queue<String> lines) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        if (record.getMessage().contains(": off by ")) {
          lines.add(record.getMessage());
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void aSnapshotHoldsTheEventAndWhatCameBefore() throws Exception {
    start();
    pagewheel.administration().addTrigger("main", "triggers:order snapshot if price >= 7.5");
    main.mark("before");
    ORDER.record(main, new Order(1, 7));
    ORDER.record(main, new Order(2, 7.5));
    await(() -> Files.exists(directory.resolve("made")) && files().size() == 1);
    await(() -> files().getFirst().toString().endsWith(".dat"));
    String report = TraceCmd.run("report", files().getFirst().toString());
    assertTrue(report.contains("before"), report);
    assertTrue(report.contains("id=2"), report);
    assertTrue(main.isOn(), "nobody stops");
    assertEquals(-1, status().left());
  }

  private void awaitFiles(int count) throws Exception {
    await(() -> Files.exists(directory.resolve("made")) && files().size() == count);
    await(() -> files().stream().allMatch(file -> file.toString().endsWith(".dat")));
  }

  @Test
  void eachSnapshotOfACountIsTakenHoweverFastTheEventsCome() throws Exception {
    start("buffers.main.triggers", "triggers:order snapshot:3");
    for (int i = 1; i <= 5; i++) {
      ORDER.record(main, new Order(i, 1));
    }
    awaitFiles(3);
    assertEquals(3, status().fired());
    assertEquals(0, status().left());
    List<String> last = new ArrayList<>();
    for (Path file : files()) {
      last.add(TraceCmd.run("report", file.toString()).lines().toList().getLast());
    }
    for (int i = 1; i <= 3; i++) {
      String id = "id=" + i + " ";
      assertTrue(last.stream().anyMatch(line -> line.contains(id)), id + "in " + last);
    }
  }

  @Test
  void aSnapshotIsOfTheMomentOfTheEvent() throws Exception {
    start("buffers.main.triggers", "triggers:order snapshot:1");
    main.mark("before");
    ORDER.record(main, new Order(1, 1));
    long after = System.nanoTime();
    for (int i = 0; i < 10_000; i++) { // not so many that the event is overwritten
      main.mark("later");
    }
    awaitFiles(1);
    String report = TraceCmd.run("report", "-t", files().getFirst().toString());
    assertTrue(report.contains("id=1"), report);
    for (String line : report.lines().filter(line -> line.contains("]")).toList()) {
      Matcher time = Pattern.compile("\\] +(\\d+)\\.(\\d{9}):").matcher(line);
      assertTrue(time.find(), line);
      long nanos = Long.parseLong(time.group(1)) * 1_000_000_000 + Long.parseLong(time.group(2));
      assertTrue(nanos <= after, line);
    }
  }

  @Test
  void aSnapshotIsOfAllBuffersIfConfigured() throws Exception {
    start(
        "snapshots.all-buffers", "true",
        "buffers.main.triggers", "triggers:order snapshot:1",
        "buffers.other.pages", "4");
    pagewheel.buffers().get("other").mark("of the other");
    ORDER.record(main, new Order(1, 1));
    awaitFiles(1);
    String report = TraceCmd.run("report", files().getFirst().toString());
    assertTrue(report.contains("id=1"), report);
    assertTrue(
        report.lines().anyMatch(l -> l.contains("other:") && l.contains("of the other")), report);
    assertTrue(files().getFirst().getFileName().toString().startsWith("main-"));
  }

  @Test
  void aTriggerWithoutACountCoolsDown() throws Exception {
    start("snapshots.cool-down", "1 h", "buffers.main.triggers", "triggers:order snapshot");
    for (int i = 0; i < 1000; i++) {
      ORDER.record(main, new Order(i, 1));
    }
    awaitFiles(1);
    assertEquals(1, status().fired());
    pagewheel.close();
    assertEquals(1, files().size());
  }

  @Test
  void onlySoManySnapshotsAreKept() throws Exception {
    start("snapshots.keep", "3");
    Path last = null;
    for (int i = 0; i < 6; i++) {
      main.mark("" + i);
      last = pagewheel.administration().snapshot("main");
    }
    assertEquals(3, files().size());
    assertEquals(last, files().getLast());
    assertTrue(TraceCmd.run("report", last.toString()).contains("5"));
    pagewheel.buffers().create(BufferConfig.of("main-2", "heap").withPages(4, 4096));
    pagewheel.administration().snapshot("main-2");
    assertEquals(4, files().size(), "another buffer's are its own");
  }

  /** Of a clock that was set back, or of the hour that comes twice in autumn. */
  @Test
  void theSnapshotJustTakenIsKeptWhateverTimesTheOthersBear() throws Exception {
    start("snapshots.keep", "2");
    Path first = pagewheel.administration().snapshot("main");
    for (int i = 0; i < 3; i++) {
      Files.copy(first, first.resolveSibling("main-29991231-23595%d.000.dat".formatted(i)));
    }
    Path last = pagewheel.administration().snapshot("main");
    assertTrue(Files.exists(last));
    assertEquals(2, files().size());
  }

  @Test
  void theSnapshotsMadeLastAreKeptWhateverTheirNamesSay() throws Exception {
    start("snapshots.keep", "2");
    Path files = Files.createDirectory(directory.resolve("made"));
    Path early = Files.createFile(files.resolve("main-29991231-235959.000.dat"));
    Files.setLastModifiedTime(early, FileTime.fromMillis(1000));
    Path late = Files.createFile(files.resolve("main-20001231-235959.000.dat"));
    Files.setLastModifiedTime(late, FileTime.fromMillis(2000));
    Path others = Files.createFile(files.resolve("main-29991231-235959.001.dat"));
    var users = others.getFileSystem().getUserPrincipalLookupService();
    Files.setOwner(others, users.lookupPrincipalByName("nobody"));
    Path last = pagewheel.administration().snapshot("main");
    assertEquals(Set.of(late, last, others), Set.copyOf(files()), "another user's do not count");
  }

  @Test
  void aDirectoryForSnapshotsIsForThisUserAlone() throws Exception {
    start("snapshots.directory", directory.resolve("new/deep").toString());
    pagewheel.administration().snapshot("main");
    var permissions = Files.getPosixFilePermissions(directory.resolve("new"));
    assertEquals("rwx------", PosixFilePermissions.toString(permissions));
    assertEquals(permissions, Files.getPosixFilePermissions(directory.resolve("new/deep")));
  }

  @Test
  void aDirectoryOfAnotherUserIsRefusedForSnapshotsAndForWhatIsSavedAtTheEnd() throws Exception {
    Path theirs = Files.createDirectory(directory.resolve("theirs"));
    var users = theirs.getFileSystem().getUserPrincipalLookupService();
    Files.setOwner(theirs, users.lookupPrincipalByName("nobody"));
    Path end = theirs.resolve("end.dat");
    try (LogLines lines = new LogLines()) {
      start("snapshots.directory", theirs.toString(), "save.on-exit", end.toString());
      String why = "directory " + theirs + " belongs to user nobody, who could exchange what is in";
      String line = lines.take(); // at the end it would be too late
      assertTrue(line.startsWith("nothing will be saved to " + end + ": " + why), line);
      var refused =
          assertThrows(IOException.class, () -> pagewheel.administration().snapshot("main"));
      assertTrue(refused.getMessage().startsWith(why), refused.getMessage());
      pagewheel.close();
      assertFalse(Files.exists(end));
    }
  }

  @Test
  void aFileForADirectoryIsRefused() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    start("snapshots.directory", file.toString());
    var refused =
        assertThrows(IOException.class, () -> pagewheel.administration().snapshot("main"));
    assertEquals(file + " is not a directory", refused.getMessage());
  }

  @Test
  void aTriggerWhoseFilesCannotBeWrittenIsRefusedAtOnce() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    for (String action : List.of("snapshot", "keep before 1 s")) {
      String setting = action.equals("snapshot") ? "snapshots.directory" : "kept.directory";
      for (String below : List.of("", "/deep/er")) {
        String why = "its files cannot be written: " + file + " is not a directory";
        try (LogLines lines = new LogLines()) {
          String text = "triggers:order " + action;
          start(setting, file + below, "buffers.main.triggers", text);
          assertEquals("buffer main: trigger at triggers:order: " + why, lines.take());
          assertEquals(why, status().problem().orElseThrow());
          var refused =
              assertThrows(
                  IllegalArgumentException.class,
                  () -> pagewheel.administration().addTrigger("main", text));
          assertEquals(why, refused.getMessage());
          pagewheel.close();
        }
      }
    }
  }

  /** Each time in other words: the file that cannot be made has the millisecond in its name. */
  @Test
  void aSnapshotThatFailsIsLoggedOnceUntilOneWorks() throws Exception {
    try (LogLines lines = new LogLines()) {
      start(
          "snapshots.directory",
          "/proc/self",
          "buffers.main.triggers",
          "triggers:order snapshot:5");
      for (int i = 0; i < 5; i++) {
        Optional<String> before = status().problem();
        nextMillisecond();
        ORDER.record(main, new Order(i, 1));
        await(() -> status().problem().isPresent() && !status().problem().equals(before));
      }
      pagewheel.close();
      assertEquals(1, lines.count("failed"), lines::toString);
    }
  }

  @Test
  void aMarkTriggersByItsText() {
    start();
    pagewheel.administration().addTrigger("main", "ftrace:print traceoff if buf ~ \"*too slow*\"");
    main.mark("all is well");
    assertTrue(main.isOn());
    main.mark("order 17 was too slow by 3 ms");
    assertFalse(main.isOn());
  }

  @Test
  void aTypeThatIsDefinedLaterIsWatchedToo() {
    start("buffers.main.triggers", "trigger_later:* traceoff if number == 5");
    ORDER.record(main, new Order(1, 1));
    EventType<Later> later = EventType.of("trigger_later", Later.class);
    assertTrue(later.record(main, new Later(4)));
    assertTrue(main.isOn());
    assertTrue(later.record(main, new Later(5)));
    assertFalse(main.isOn());
  }

  @Test
  void aFilterThatDoesNotFitIsToldAtOnceOrWhenTheTypeIsMet() {
    start("buffers.main.triggers", "*:order traceoff if prize > 5");
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                pagewheel.administration().addTrigger("main", "triggers:order traceoff if i == 5"));
    assertTrue(e.getMessage().contains("did you mean id?"), e.getMessage());
    ORDER.record(main, new Order(1, 1));
    assertTrue(status().problem().orElseThrow().contains("did you mean price?"));
    assertTrue(main.isOn());
  }

  record Unborn(int number) {}

  @Test
  void aMistypedFieldIsToldAsSoonAsTheTypeIsKnown() {
    start("buffers.main.triggers", "trigger_unborn:unborn traceoff if nmber == 5");
    assertEquals(
        Optional.of("no event type trigger_unborn:unborn is known yet"), status().problem());
    EventType.of("trigger_unborn", Unborn.class);
    assertTrue(status().problem().orElseThrow().contains("did you mean number?"));
  }

  @Test
  void aMistypedEventHasTheNearestOneInItsProblem() {
    start("buffers.main.triggers", "triggers:odrer traceoff");
    assertEquals(
        Optional.of("no event type triggers:odrer is known yet, did you mean triggers:order?"),
        status().problem());
    pagewheel.administration().addTrigger("main", "trig*:order traceoff");
    assertEquals(Optional.empty(), pagewheel.administration().triggers().getLast().problem());
  }

  @Test
  void triggersStayOverAReplacementAndGoWhenTakenBack() throws Exception {
    start();
    Administration administration = pagewheel.administration();
    Class<?> plain = ((WritableBuffer) main).writer().getClass();
    administration.addTrigger("main", "triggers:order traceoff if id == 9");
    assertInstanceOf(TriggeringRing.class, ((WritableBuffer) main).writer());
    administration.replace(main.config().withBackend("lockfree", Map.of()));
    ORDER.record(main, new Order(9, 1));
    assertFalse(main.isOn());

    main.on();
    administration.removeTrigger("main", "triggers:order traceoff:5 if id == 9");
    assertEquals(
        plain,
        ((WritableBuffer) main).writer().getClass(),
        "a buffer without triggers pays nothing");
    ORDER.record(main, new Order(9, 1));
    assertTrue(main.isOn());
    assertTrue(administration.triggers().isEmpty());
    assertThrows(
        IllegalArgumentException.class,
        () -> administration.removeTrigger("main", "triggers:order traceoff"));
  }

  @Test
  void aRawEventThatIsShorterThanItsTypeHarmsNobody() {
    start("buffers.main.triggers", "triggers:order traceoff if id == 9");
    byte[] few = {(byte) ORDER.id(), (byte) (ORDER.id() >> 8), 0, 0};
    for (int i = 0; i < 100_000; i++) {
      assertTrue(main.write(few));
    }
    assertNotSame(null, ((WritableBuffer) main).writer());
  }

  @Test
  void underLoadATriggerFiresAsOftenAsItMay() throws Exception {
    start("buffers.main.triggers", "triggers:order traceoff:1 if id == 500000");
    Thread[] writers = new Thread[4];
    for (int t = 0; t < writers.length; t++) {
      writers[t] =
          new Thread(
              () -> {
                for (int i = 0; main.isOn(); i++) {
                  ORDER.record(main, new Order(i, 1));
                }
              });
      writers[t].start();
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertEquals(1, status().fired());
  }
}
