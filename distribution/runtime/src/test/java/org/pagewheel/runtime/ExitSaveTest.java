package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process saves when it ends, however it does: each in a JVM of its own. */
@Timeout(120)
class ExitSaveTest {
  @TempDir Path directory;

  /** What a process left behind. */
  private record Ended(int status, String output) {}

  private Ended child(String end, String... options) throws Exception {
    Path output = directory.resolve("output.txt");
    Process process = start(end, output, options);
    boolean ended = process.waitFor(180, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    String text = Files.readString(output);
    assertTrue(ended, () -> "the child has not ended: " + text);
    return new Ended(process.exitValue(), text);
  }

  private Process start(String end, Path output, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-cp", System.getProperty("java.class.path"), "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-Xmx48m", "-XX:+UseSerialGC", "-Dpagewheel.buffers.main.pages=64"));
    command.addAll(List.of(options));
    command.addAll(List.of(ExitSaveChild.class.getName(), end));
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  private void assertSaved(String file, Ended ended) throws Exception {
    Path path = directory.resolve(file);
    assertTrue(Files.exists(path), ended::toString);
    List<String> report = TraceCmd.report(path);
    assertTrue(report.stream().anyMatch(line -> line.contains("the last words")), report::toString);
    assertTrue(report.stream().anyMatch(line -> line.contains("other:")), report::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"return", "exit", "close", "throw"})
  void onExitEverythingIsSaved(String end) throws Exception {
    Ended ended = child(end, "-Dpagewheel.save.on-exit=made/last.dat");
    assertSaved("made/last.dat", ended);
    assertFalse(ended.output().contains("could not be saved"), ended.output());
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit", "close"})
  void onExitASummaryIsPrintedOfEachBuffer(String end) throws Exception {
    Ended ended = child(end, "-Dpagewheel.save.report-on-exit=true");
    for (String buffer : List.of("main", "other")) {
      String head = "pagewheel: buffer " + buffer + " at the end:\n";
      int at = ended.output().indexOf(head);
      assertTrue(at >= 0, ended::toString);
      String screen = ended.output().substring(at + head.length());
      assertTrue(screen.startsWith("buffer " + buffer + "\n1 event, "), ended::toString);
      assertTrue(screen.contains("ftrace:print"), ended::toString);
    }
  }

  @Test
  void aSummaryThatTakesTooLongIsLeftOut() throws Exception {
    Ended ended =
        child("exit", "-Dpagewheel.save.report-on-exit=true", "-Dpagewheel.stop-timeout=1ms");
    assertEquals(7, ended.status(), ended::toString);
    assertTrue(ended.output().contains("pagewheel: buffer main at the end:\n"), ended::toString);
  }

  @Test
  void whatCannotBeSavedIsALineAndTheHostsStatusItsOwn() throws Exception {
    Ended ended = child("close", "-Dpagewheel.save.on-exit=/dev/full");
    assertEquals(0, ended.status(), ended::toString);
    String line = "the buffers could not be saved to /dev/full: ";
    assertEquals(
        1, ended.output().lines().filter(each -> each.contains(line)).count(), ended.output());
  }

  @Test
  void onSigtermEverythingIsSaved() throws Exception {
    Path output = directory.resolve("output.txt");
    Process process = start("wait", output, "-Dpagewheel.save.on-exit=last.dat");
    await(process, output, "ready");
    process.destroy();
    assertEquals(128 + 15, process.waitFor());
    assertSaved("last.dat", new Ended(143, Files.readString(output)));
  }

  /** The log may be closed by then. */
  @ParameterizedTest
  @ValueSource(strings = {"exit", "wait"})
  void whatCannotBeSavedWhileTheProcessEndsIsALineToo(String end) throws Exception {
    Path output = directory.resolve("output.txt");
    Process process = start(end, output, "-Dpagewheel.save.on-exit=/proc/last.dat");
    if (end.equals("wait")) {
      await(process, output, "ready");
      process.destroy();
    }
    process.waitFor();
    String line = "pagewheel: the buffers could not be saved to /proc/last.dat: ";
    List<String> lines = Files.readAllLines(output);
    assertEquals(1, lines.stream().filter(each -> each.startsWith(line)).count(), lines::toString);
  }

  @Test
  void withoutAWordAboutItNothingIsSaved() throws Exception {
    Ended ended = child("exit");
    assertEquals(7, ended.status(), ended::toString);
    try (var files = Files.list(directory)) {
      assertEquals(List.of(directory.resolve("output.txt")), files.toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"oom", "oom-main", "oom-array"})
  void onAnOutOfMemoryErrorEverythingIsSavedAndTheProcessGoesOn(String end) throws Exception {
    Ended ended = child(end, "-Dpagewheel.save.on-out-of-memory=oom.dat");
    assertSaved("oom.dat", ended);
    assertTrue(ended.output().contains("java.lang.OutOfMemoryError"), ended.output());
    assertFalse(Files.exists(directory.resolve("oom.dat.trial")));
    if (!end.equals("oom-main")) {
      assertTrue(ended.output().contains("goes on"), ended.output());
      assertEquals(0, ended.status());
    }
  }

  @Test
  void withoutTheGuardNothingIsSaved() throws Exception {
    Ended ended = child("oom");
    assertTrue(ended.output().contains("java.lang.OutOfMemoryError"), ended.output());
    assertFalse(Files.exists(directory.resolve("oom.dat")));
  }

  /** The JVM itself tells of the first error of all, caught or not: by a signal that ends it. */
  @Test
  void anErrorThatIsCaughtIsSavedWithTheHelpOfTheJvm() throws Exception {
    Ended ended =
        child(
            "oom-caught",
            "-Dpagewheel.save.on-exit=last.dat",
            "-Dpagewheel.save.on-out-of-memory=oom.dat",
            "-XX:OnOutOfMemoryError=kill -TERM %p");
    assertEquals(128 + 15, ended.status(), ended::toString);
    assertSaved("last.dat", ended);
    assertFalse(Files.exists(directory.resolve("oom.dat")), "nobody died of it");
  }

  @Test
  void aHandlerThatWasThereIsStillCalled() throws Exception {
    Ended ended = child("oom-handler", "-Dpagewheel.save.on-out-of-memory=oom.dat");
    assertSaved("oom.dat", ended);
    assertTrue(ended.output().contains("handled java.lang.OutOfMemoryError"), ended.output());
  }

  @Test
  void aFileThatCannotBeWrittenIsToldAtTheStart() throws Exception {
    Path output = directory.resolve("output.txt");
    Process process = start("wait", output, "-Dpagewheel.save.on-out-of-memory=/dev/null/oom.dat");
    await(process, output, "the buffers could not be saved to /dev/null/oom.dat.trial");
    process.destroyForcibly().waitFor();
  }

  private static void await(Process process, Path output, String text) throws Exception {
    while (!Files.readString(output).contains(text)) {
      assertTrue(process.isAlive(), Files.readString(output));
      Thread.sleep(20);
    }
  }
}
