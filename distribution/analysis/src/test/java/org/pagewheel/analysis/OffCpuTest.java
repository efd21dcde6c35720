package org.pagewheel.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why threads did not run, of schedules that the test wrote itself. */
class OffCpuTest {
  private static final int S = 1;
  private static final int D = 2;
  private static final int PREEMPTED = 256;
  private static final int JAVA = 2;
  private static final int JVM = 4;

  @TempDir Path directory;
  private Path file;
  private List<String> notes;

  @BeforeEach
  void name() {
    file = directory.resolve("both.dat");
  }

  static TraceMaker types(TraceMaker maker) {
    return maker
        .kernels("sched", "sched_switch", "prev_pid", "prev_state", "next_pid")
        .kernels("sched", "sched_waking", "pid", "target_cpu")
        .kernels("sched", "sched_wakeup", "pid", "target_cpu")
        .kernels("sched", "sched_wakeup_new", "pid", "target_cpu")
        .type("place_begin", "span_begin u64 span", "id")
        .type("place_end", "span_end u64 span", "fills")
        .type("matched", "span s64 duration", "id")
        .type("waits", "id");
  }

  /** The kernel has two CPUs, and so have the buffers app and jvm. */
  private TraceMaker maker() throws IOException {
    return types(new TraceMaker(file, 2, List.of("app", "jvm")))
        .system("jvm", "gc_pause", "began", "duration")
        .system("jvm", "safepoint_begin", "safepoint", "began", "duration")
        .system("jvm", "safepoint_end", "safepoint", "began", "duration")
        .thread(7, "trader")
        .thread(8, "holder");
  }

  private List<String> ask(Query.Format format, UnaryOperator<OffCpu> asking) throws IOException {
    try (Trace trace = Traces.open(file)) {
      List<String> lines = new ArrayList<>();
      OffCpu asked = asking.apply(new OffCpu(List.of(trace)).as(format));
      assertEquals(List.of(), asked.run(Style.PLAIN, lines::add));
      notes = asked.notes();
      return lines;
    }
  }

  private List<String> json() throws IOException {
    return ask(Query.Format.JSON, asked -> asked);
  }

  private static String parts(
      long all,
      long running,
      long runnable,
      long s,
      long d,
      long gc,
      long safepoint,
      long unknown) {
    return ("\"duration\":%d,\"running\":%d,\"runnable\":%d,\"blocked\":%d,\"sleeping\":%d,"
            + "\"uninterruptible\":%d,\"gc\":%d,\"safepoint\":%d,\"unknown\":%d")
        .formatted(all, running, runnable, s + d, s, d, gc, safepoint, unknown);
  }

  /** A span that runs, is preempted, waits for a lock and for a disk, and changes its CPU. */
  private TraceMaker simple(TraceMaker maker) throws IOException {
    return maker
        .event(0, 1000, 0, "sched_switch", 0, 0, 7)
        .event(JAVA, 1100, 7, "place_begin", 1, 42)
        .event(0, 1200, 7, "sched_switch", 7, PREEMPTED, 8)
        .event(0, 1300, 8, "sched_switch", 8, S, 7)
        .event(JAVA, 1350, 7, "waits", 5)
        .event(0, 1400, 7, "sched_switch", 7, S, 0)
        .event(1, 1900, 8, "sched_waking", 7, 1)
        .event(1, 1910, 8, "sched_wakeup", 7, 1)
        .event(1, 2000, 8, "sched_switch", 8, S, 7)
        .event(1, 2100, 7, "sched_switch", 7, D, 0)
        .event(1, 2150, 0, "sched_waking", 7, 1)
        .event(1, 2160, 0, "sched_switch", 0, 0, 7)
        .event(JAVA, 2200, 7, "place_end", 1, 3);
  }

  @Test
  void theTimeOfASpanIsSplit() throws Exception {
    simple(maker()).finish();
    String parts = parts(1100, 100 + 100 + 100 + 40, 100 + 100 + 10, 500, 50, 0, 0, 0);
    assertEquals(
        List.of(
            "{\"span\":\"shop:place\",\"fields\":\"id=42 fills=3\",\"thread\":\"trader\",\"tid\":7,"
                + "\"begin\":1100,"
                + parts
                + ",\"migrations\":1,\"longest\":{\"duration\":500,\"state\":\"S\","
                + "\"after\":\"shop:waits\",\"stack\":\"\",\"waker\":\"holder\",\"waker_tid\":8,"
                + "\"interrupt\":false}}",
            "{\"total\":\"shop:place\",\"spans\":1," + parts + ",\"migrations\":1}"),
        json());
    assertEquals(List.of(), notes);
    List<String> text = ask(Query.Format.TEXT, asked -> asked);
    assertEquals(
        List.of(
            "760 ns off its CPU of 1.10 us: shop:place id=42 fills=3 trader-7 from 0.000001",
            "    running 340 ns, runnable 210 ns, blocked (S) 500 ns, blocked (D) 50 ns, 1",
            "  CPU migration",
            "    longest blocked 500 ns in S, after shop:waits, woken by holder-8"),
        text.subList(0, 4));
    assertTrue(text.getLast().startsWith("shop:place      1  1.10 us"), text::toString);
    assertEquals(
        "shop:place,id=42 fills=3,trader,7,0.000001,1100,340,210,550,500,50,0,0,0,1,500,S,"
            + "shop:waits,,holder,8",
        ask(Query.Format.CSV, asked -> asked).getLast());
  }

  @Test
  void spansAreChosenByConditionThreadAndTime() throws Exception {
    simple(maker()).finish();
    assertEquals(
        2, ask(Query.Format.JSON, asked -> asked.where(Condition.of("place if id == 42"))).size());
    assertEquals(
        0, ask(Query.Format.JSON, asked -> asked.where(Condition.of("place if id == 43"))).size());
    assertEquals(
        0, ask(Query.Format.JSON, asked -> asked.where(Condition.of("fills == 4"))).size());
    assertEquals(2, ask(Query.Format.JSON, asked -> asked.thread("trad*")).size());
    assertEquals(
        0, ask(Query.Format.JSON, asked -> asked.where(Condition.of("place")).thread("8")).size());
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> ask(Query.Format.JSON, asked -> asked.where(Condition.of("waits"))))
            .getMessage()
            .contains("is not a span"));
  }

  @Test
  void pausesOfTheJvmTakeWhatIsOffTheCpu() throws Exception {
    // Safepoint from 1450 to 1800, in it a collection from 1500 to 1700: 7 is blocked all the time.
    simple(maker())
        .event(JVM, 3000, 7, "safepoint_begin", 9, 1450, 20)
        .event(JVM, 3000, 7, "gc_pause", 1500, 200)
        .event(JVM, 3000, 7, "safepoint_end", 9, 1790, 10)
        // 2090 to 2110: 7 runs for half of it.
        .event(JVM, 3000, 7, "gc_pause", 2090, 20)
        // The time of an event is that of its end or later; of one it is the end itself.
        .event(JVM, 3000, 7, "gc_pause", 3000, 0)
        .finish();
    String line = json().getFirst();
    assertTrue(line.contains(parts(1100, 340, 210, 150, 40, 210, 150, 0)), line);
  }

  @Test
  void whatIsLostIsUnknown() throws Exception {
    maker()
        .event(0, 1000, 0, "sched_switch", 0, 0, 7)
        .event(JAVA, 1100, 7, "place_begin", 1, 42)
        .event(0, 1400, 7, "sched_switch", 7, S, 0)
        .event(1, 1450, 8, "sched_waking", 9, 1)
        .lose(1, 5)
        .event(1, 1550, 8, "sched_waking", 9, 1)
        .event(1, 1900, 8, "sched_waking", 7, 1)
        .event(1, 2000, 8, "sched_switch", 8, S, 7)
        .event(JAVA, 2200, 7, "place_end", 1, 3)
        .finish();
    String line = json().getFirst();
    assertTrue(line.contains(parts(1100, 300 + 200, 100, 50 + 350, 0, 0, 0, 100)), line);
    assertEquals(
        List.of("the trace lost 5 events: some that were asked for may be among them"), notes);
  }

  @Test
  void beforeTheFirstSwitchNothingIsKnown() throws Exception {
    maker()
        .event(JAVA, 1100, 7, "place_begin", 1, 42)
        .event(0, 1400, 7, "sched_switch", 7, S, 0)
        .event(1, 1900, 8, "sched_waking", 7, 1)
        .event(1, 2000, 8, "sched_switch", 8, S, 7)
        .event(JAVA, 2200, 7, "place_end", 1, 3)
        .event(JAVA, 2300, 1 << 23, "place_begin", 2, 42)
        .event(JAVA, 2400, 1 << 23, "place_end", 2, 42)
        .finish();
    List<String> lines = json();
    assertTrue(lines.get(0).contains(parts(1100, 200, 100, 500, 0, 0, 0, 300)), lines::toString);
    assertTrue(lines.get(1).contains(parts(100, 0, 0, 0, 0, 0, 0, 100)), lines::toString);
    assertEquals(List.of("1 span is of virtual threads, which the kernel does not know"), notes);
  }

  @Test
  void aSpanOfOneEventIsLookedUp() throws Exception {
    maker()
        .event(0, 1000, 0, "sched_switch", 0, 0, 7)
        .event(0, 1200, 7, "sched_switch", 7, PREEMPTED, 8)
        .event(0, 1300, 8, "sched_switch", 8, S, 7)
        .event(JAVA, 2000, 7, "matched", 900, 4)
        .finish();
    String line = json().getFirst();
    assertTrue(line.contains("\"fields\":\"id=4\""), line);
    assertTrue(line.contains("\"begin\":1100," + parts(900, 800, 100, 0, 0, 0, 0, 0)), line);
  }

  @Test
  void withoutSpansItIsAboutThreads() throws Exception {
    maker()
        .event(0, 1000, 0, "sched_switch", 0, 0, 7)
        .event(0, 1200, 7, "sched_switch", 7, PREEMPTED, 8)
        .event(0, 1300, 8, "sched_wakeup_new", 9, 1)
        .event(0, 1500, 8, "sched_switch", 8, D, 9)
        .event(0, 1600, 9, "sched_switch", 9, 16, 7)
        .event(0, 2000, 7, "sched_switch", 7, PREEMPTED, 0)
        .finish();
    List<String> lines = json();
    assertEquals(3, lines.size(), lines::toString);
    assertTrue(lines.get(0).contains("\"tid\":8,\"begin\":1000,"), lines::toString);
    assertTrue(lines.get(0).contains(parts(1000, 300, 0, 0, 500, 0, 0, 200)), lines::toString);
    assertTrue(lines.get(1).contains(parts(1000, 600, 400, 0, 0, 0, 0, 0)), lines::toString);
    assertTrue(lines.get(2).contains(parts(300, 100, 200, 0, 0, 0, 0, 0)), lines::toString);
    lines = ask(Query.Format.JSON, asked -> between(asked, "+250ns", "+350ns"));
    assertTrue(lines.get(0).contains(parts(100, 0, 100, 0, 0, 0, 0, 0)), lines::toString);
    assertTrue(lines.get(1).contains(parts(50, 0, 50, 0, 0, 0, 0, 0)), lines::toString);
    assertTrue(lines.get(2).contains(parts(100, 100, 0, 0, 0, 0, 0, 0)), lines::toString);
  }

  private static OffCpu between(OffCpu asked, String from, String to) {
    try {
      return asked.between(from, to);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void withoutSchedulingALineSaysWhatToRecord() throws Exception {
    types(new TraceMaker(file, 1))
        .event(0, 1100, 7, "place_begin", 1, 42)
        .event(0, 1200, 7, "place_end", 1, 42)
        .finish();
    assertEquals(
        file
            + " has no scheduling events of the kernel: pagewheel record --kernel sched records"
            + " them with those of a process",
        assertThrows(IllegalArgumentException.class, this::json).getMessage());
  }
}
