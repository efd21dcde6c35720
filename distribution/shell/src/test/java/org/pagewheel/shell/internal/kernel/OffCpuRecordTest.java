package org.pagewheel.shell.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.analysis.OffCpu;
import org.pagewheel.analysis.Query;
import org.pagewheel.analysis.Style;
import org.pagewheel.analysis.Trace;
import org.pagewheel.analysis.Traces;

/** Why threads did not run, of a real kernel's scheduling and a program that knows. */
@Timeout(600)
class OffCpuRecordTest {
  /** How far the kernel's account of CPU time may be from what its events say. */
  private static final long NEAR = 5_000_000;

  private static Optional<String> lack;

  @TempDir Path directory;

  @BeforeAll
  static void mount() throws Exception {
    RecordTest.mount();
    lack = Tracefs.lack();
  }

  private List<String> ask(Path file) throws Exception {
    List<String> lines = new ArrayList<>();
    try (Trace trace = Traces.open(file)) {
      OffCpu asked = new OffCpu(List.of(trace)).as(Query.Format.JSON).top(10_000);
      assertEquals(List.of(), asked.run(Style.PLAIN, lines::add));
      asked.notes().forEach(System.out::println);
    }
    return lines;
  }

  private static long number(String line, String name) {
    Matcher number = Pattern.compile("\\b" + name + "\"?[:=](\\d+)").matcher(line);
    assertTrue(number.find(), name + ": " + line);
    return Long.parseLong(number.group(1));
  }

  /** The spans of a type, each of whose parts are its time. */
  private static List<String> spans(List<String> lines, String name) {
    List<String> spans =
        lines.stream().filter(line -> line.startsWith("{\"span\":\"why:" + name + "\"")).toList();
    assertTrue(spans.size() > 1, () -> name + " among " + lines);
    for (String each : spans) {
      long sum = 0;
      for (String part : List.of("running", "runnable", "blocked", "gc", "safepoint", "unknown")) {
        sum += number(each, part);
      }
      assertEquals(number(each, "duration"), sum, each);
      long cpu = number(each, "cpu");
      assertTrue(number(each, "running") < cpu + NEAR, each);
      assertTrue(number(each, "running") + number(each, "unknown") > cpu - NEAR, each);
    }
    return spans;
  }

  @Test
  void eachSpanKnowsWhy() throws Exception {
    Path file = directory.resolve("why.dat");
    List<String> command = new ArrayList<>(RecordTest.java(RecordProgram.class));
    command.addAll(List.of("record", "--kernel", "sched", "-o", file.toString(), "--"));
    command.addAll(RecordTest.java(WaitingProgram.class));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out.txt").toFile())
            .start();
    assertEquals(0, process.waitFor(), () -> output());
    if (lack.isPresent()) {
      String problem = assertThrows(IllegalArgumentException.class, () -> ask(file)).getMessage();
      assertTrue(problem.startsWith(file + " has no scheduling events of the kernel"), problem);
      return;
    }
    List<String> lines = ask(file);
    // Where the machine is busy, a kernel may leave out a switch: that is unknown, and no more.
    assertTrue(
        spans(lines, "spin").stream()
            .anyMatch(each -> number(each, "running") > WaitingProgram.SPINS - NEAR),
        lines::toString);
    assertTrue(
        spans(lines, "sleep").stream()
            .filter(each -> number(each, "sleeping") > WaitingProgram.SLEEPS - NEAR)
            .filter(each -> each.contains("\"state\":\"S\",\"after\":\"why:sleep_begin\""))
            .anyMatch(each -> each.contains("\"waker_tid\":null,\"interrupt\":true")),
        lines::toString);
    assertTrue(
        spans(lines, "lock").stream()
            .filter(each -> number(each, "sleeping") > WaitingProgram.SLEEPS - NEAR)
            .anyMatch(each -> each.contains("\"waker\":\"" + WaitingProgram.HOLDER + "\"")),
        lines::toString);
    // Of two that want one CPU, the one that ends later has waited for the other.
    List<String> competing = spans(lines, "compete");
    long waited =
        competing.stream()
            .mapToLong(each -> number(each, "runnable") + number(each, "unknown"))
            .sum();
    assertTrue(waited > WaitingProgram.SPINS, competing::toString);
  }

  private String output() {
    try {
      return Files.readString(directory.resolve("out.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
