package org.pagewheel.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Test classes of somebody, run by the real JUnit; those that fail on purpose too. */
class RecordEventsTest {
  private static final String PREFIX = "org.pagewheel.junit.Programs$";

  @TempDir Path directory;

  private Path traces() {
    return directory.resolve("traces");
  }

  private TreeSet<String> saved() throws IOException {
    if (!Files.exists(traces())) {
      return new TreeSet<>();
    }
    try (Stream<Path> files = Files.list(traces())) {
      return files
          .map(file -> file.getFileName().toString().replace(PREFIX, ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static String report(String file) throws Exception {
    Process process =
        new ProcessBuilder("trace-cmd", "report", file).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), text);
    return text;
  }

  @Test
  void eventsComeAsValues() throws IOException {
    Launched.run(traces(), Programs.Values.class).assertPassed(2);
    assertEquals(List.of(), List.copyOf(saved()));
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().startsWith("pagewheel")));
  }

  @Test
  void aFailedTestLeavesItsTrace() throws Exception {
    Launched launched = Launched.run(traces(), Programs.Failing.class);
    assertEquals(7, launched.tests());
    assertEquals(4, launched.failed());
    assertEquals(4, launched.traces());
    assertEquals(
        List.of(
            "Failing$Inside.fails.dat",
            "Failing.fails.dat",
            "Failing.failsFor-2.dat",
            "Failing.fails~2.dat"),
        List.copyOf(saved()));
    assertTrace(launched, "Failing]/[method:fails()]", "opens", "overloaded");
    assertTrace(launched, "fails(org.pagewheel.Buffer)", "overloaded", "inside");
    assertTrace(launched, "[nested-class:Inside]", "inside", "two");
    assertTrace(launched, "invocation:#2]", "two", "one");
    StringWriter printed = new StringWriter();
    launched.failure("invocation:#2]").printStackTrace(new PrintWriter(printed));
    String file = traces().resolve(PREFIX + "Failing.failsFor-2.dat").toString();
    assertEquals(file, launched.trace("invocation:#2]"));
    assertTrue(
        printed.toString().contains("Suppressed: its events: trace-cmd report " + file + "\n"),
        printed::toString);
  }

  private static void assertTrace(Launched launched, String test, String with, String without)
      throws Exception {
    String report = report(launched.trace(test));
    assertTrue(report.contains("opens") && report.contains(with), report);
    assertFalse(report.contains(without), report);
  }

  @Test
  void whatFailsAroundATestIsAFailureOfIt() throws Exception {
    Launched before = Launched.run(traces(), Programs.FailingAround.class);
    assertTrue(report(before.trace("never")).contains("before"));
    Launched after = Launched.run(traces(), Programs.FailingAfter.class);
    String report = report(after.trace("passes"));
    assertTrue(report.contains("during") && report.contains("after"), report);
  }

  /** JUnit looks for a configuration parameter there last, and Pagewheel refuses unknown ones. */
  @Test
  void theDirectoryMayBeASystemProperty() throws Exception {
    System.setProperty(RecordingExtension.DIRECTORY, traces().toString());
    try {
      Launched launched = Launched.run(null, Programs.FailingAround.class);
      assertTrue(report(launched.trace("never")).contains("before"));
      assertEquals(1, saved().size());
    } finally {
      System.clearProperty(RecordingExtension.DIRECTORY);
    }
  }

  @Test
  void whereTheTraceCannotBeSavedTheFailureStays() throws IOException {
    Files.createFile(traces());
    Launched launched = Launched.run(traces(), Programs.FailingAround.class);
    Throwable failure = launched.failure("never");
    assertEquals("on purpose", failure.getMessage());
    String note = failure.getSuppressed()[0].toString();
    assertTrue(note.startsWith("its events could not be saved: " + traces()), note);
    assertEquals(0, launched.traces());
  }

  @Test
  void parallelTestsHaveBuffersOfTheirOwn() {
    Launched.run(traces(), Programs.Parallel.class).assertPassed(Programs.Parallel.TESTS);
  }

  @Test
  void testsOfOneInstanceMayShareAField() {
    Launched.run(traces(), Programs.OneInstance.class).assertPassed(3);
  }

  @Test
  void inParallelTheyMayNot() {
    Launched launched =
        Launched.run(
            traces(),
            Programs.OneInstanceInParallel.class,
            Programs.OneInstanceInParallel.refused::countDown);
    assertEquals(2, launched.tests());
    assertEquals(1, launched.failed());
    assertTrue(
        Stream.of(1, 2)
            .map(i -> "invocation:#" + i)
            .filter(launched::hasFailed)
            .map(part -> launched.failure(part).getMessage())
            .allMatch(
                message ->
                    message.equals(
                        "OneInstanceInParallel has a field of type Recording, which cannot be that"
                            + " of two tests at once: let them take a parameter instead")));
  }

  @Test
  void settingsOfTheClassAndOfTheMethod() {
    Launched launched = Launched.run(traces(), Programs.Settings.class);
    assertEquals(5, launched.tests());
    assertEquals(2, launched.failed());
    String misspelt = launched.failure("misspelt").toString();
    assertTrue(misspelt.contains("paegs: there is no such key, did you mean pages?"), misspelt);
    String without = launched.failure("withoutValue").toString();
    assertTrue(
        without.contains("@RecordEvents(\"pages\") is not of the form \"key = value\""), without);
  }

  @Test
  void whatIsNotCompleteIsRefused() {
    Launched launched = Launched.run(traces(), Programs.Incomplete.class);
    String lost = launched.failure("tooMany").getMessage();
    assertTrue(lost.matches("[\\d,]+ events of this test were lost.* only 2 pages .*"), lost);
    String consumed = launched.failure("consumed").getMessage();
    assertTrue(consumed.startsWith("1 events of this test were consumed by a reader"), consumed);
  }

  @Test
  void aFinalFieldIsRefused() {
    String message = Launched.run(traces(), Programs.Final.class).failure("isRefused").getMessage();
    assertEquals("Final.recording is set before each test: it must not be final", message);
  }
}
