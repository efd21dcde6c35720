package org.pagewheel.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.tracedat.TraceFile;

/** A part of a file has just the lines of the whole that it should, for the real tool. */
class ExtractTest {
  @TempDir Path directory;

  private Path extract(Path from, Function<Extract, Extract> how) throws IOException {
    Path to = directory.resolve("part.dat");
    try (Trace trace = Traces.open(from)) {
      assertEquals(List.of(), how.apply(new Extract(trace)).write(to));
    }
    return to;
  }

  private static Extract between(Extract extract, String from, String to) {
    try {
      return extract.between(from, to);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> lines(Path file, String pattern) throws Exception {
    return TraceCmd.report(file, "-t").stream().filter(line -> line.matches(pattern)).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sched", "idle", "instance", "subbuf16", "discard", "boot", "tsc"})
  void allOfAFileIsTheFile(String name) throws Exception {
    Path whole = TraceMaker.kernel(name);
    assertEquals(
        TraceCmd.report(whole, "-t"),
        TraceCmd.report(extract(whole, each -> each.where(Condition.of("*"))), "-t"));
  }

  @ParameterizedTest
  @CsvSource({"sched,sched_waking", "instance,sched_wakeup", "subbuf16,sched_wakeup"})
  void aConditionChoosesEvents(String name, String event) throws Exception {
    Path whole = TraceMaker.kernel(name);
    Path part = extract(whole, each -> each.where(Condition.of(event)));
    List<String> wanted = lines(whole, ".* " + event + ": .*");
    assertTrue(wanted.size() > 10, wanted::toString);
    assertEquals(wanted, lines(part, "(?!.*DROPPED).*"));
    try (TraceFile before = TraceFile.open(whole);
        TraceFile after = TraceFile.open(part)) {
      assertEquals(before.buffers().size(), after.buffers().size());
      assertEquals(before.metadata().threadNames(), after.metadata().threadNames());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3-1", "1-3,7", "x", "", "99999999999"})
  void whatIsNoCpuOfTheFileIsRefused(String cpus) throws Exception {
    try (Trace trace = Traces.open(TraceMaker.kernel("sched"))) {
      Extract extract = new Extract(trace);
      String wrong =
          assertThrows(IllegalArgumentException.class, () -> extract.cpus(cpus)).getMessage();
      assertTrue(wrong.startsWith("--cpu = " + cpus + ": "), wrong);
    }
  }

  @Test
  void aTimeAndACpuChooseEvents() throws Exception {
    Path whole = TraceMaker.kernel("sched");
    List<String> all = lines(whole, ".* \\[001\\] .*");
    String from = all.get(all.size() / 3).replaceFirst(".* (\\d+\\.\\d{9}): .*", "$1");
    String to = all.get(all.size() / 2).replaceFirst(".* (\\d+\\.\\d{9}): .*", "$1");
    Path part = extract(whole, each -> between(each, from, to).cpus("1"));
    assertEquals(all.subList(all.size() / 3, all.size() / 2 + 1), lines(part, "(?!.*DROPPED).*"));
  }

  @Test
  void buffersAreChosenByName() throws Exception {
    Path whole = TraceMaker.kernel("instance");
    String name;
    try (TraceFile file = TraceFile.open(whole)) {
      name = file.buffers().getLast().name();
    }
    Path part = extract(whole, each -> each.buffer(name));
    assertEquals(
        lines(whole, " *" + name + ": .*").size(), lines(part, ".* \\[00\\d\\] .*").size());
    try (Trace trace = Traces.open(whole)) {
      String problem =
          assertThrows(IllegalArgumentException.class, () -> new Extract(trace).buffer("nosuch"))
              .getMessage();
      assertTrue(problem.startsWith(trace.name() + " has no buffer nosuch, "), problem);
    }
  }

  /** Large gaps, losses, and events that are too many for a page. */
  @Test
  void lossesStandBeforeTheNextEventThatIsKept() throws Exception {
    Path file = directory.resolve("whole.dat");
    TraceMaker maker = new TraceMaker(file, 1).type("tick", "n").type("tock", "n");
    long time = 1_000_000_000L;
    Random random = new Random(7);
    for (int i = 0; i < 3000; i++) {
      time += random.nextInt(4) == 0 ? 3_000_000_000L : 1 + random.nextInt(1000);
      if (i == 1000) {
        maker.lose(0, 5); // before a tock, and
      }
      if (i == 1001) {
        maker.lose(0, 7); // before a tick
      }
      maker.event(0, time, 7, i % 2 == 0 ? "tock" : "tick", i);
    }
    maker.finish();
    Path part = extract(file, each -> each.where(Condition.of("tick")));
    List<String> lines = TraceCmd.report(part, "-t");
    assertEquals(1501, lines.size());
    assertEquals("CPU:0 [12 EVENTS DROPPED]", lines.get(500));
    lines = lines.stream().filter(line -> !line.contains("DROPPED")).toList();
    assertEquals(lines(file, ".* tick: .*"), lines);
  }

  @Test
  void theFileItselfIsNeverWritten() throws Exception {
    Path file = directory.resolve("copy.dat");
    Files.copy(TraceMaker.kernel("sched"), file);
    try (Trace trace = Traces.open(file)) {
      assertThrows(IOException.class, () -> new Extract(trace).write(file));
    }
    assertEquals(-1, Files.mismatch(TraceMaker.kernel("sched"), file));
  }
}
