package org.pagewheel.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.shop.Gate;
import com.acme.shop.Orders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.ringfile.RingFile;
import org.pagewheel.runtime.Pagewheel;

/** What the options of a graph do, and what trace-cmd makes of it. */
class OptionsTest {
  private static final String ORDERS = "com.acme.shop.Orders";

  private Pagewheel pagewheel;
  private Buffer buffer;
  private Probes probes;

  @TempDir private Path directory;

  @BeforeEach
  void start() throws Exception {
    pagewheel = Pagewheel.start(Map.of());
    buffer = pagewheel.buffers().get("main");
    probes = Probes.of(ProbingAgent.instrumentation(), pagewheel.buffers(), 1);
  }

  @AfterEach
  void stop() {
    probes.close();
    pagewheel.close();
  }

  private List<String> calls() throws Exception {
    Recorded recorded = Recorded.of(buffer);
    assertTrue(recorded.lines().size() <= 1, "calls of several threads");
    return recorded.lines().values().stream()
        .flatMap(lines -> Recorded.texts(lines, "com.acme.shop.").stream())
        .toList();
  }

  @Test
  void depth() throws Exception {
    Orders orders = new Orders();
    probes.graph("main", GraphOptions.of("com.acme.shop.**").withDepth(1));
    orders.place(1, "A");
    assertEquals(List.of("{ 0 Orders.place", "} 0 Orders.place"), calls());
    assertEquals(5_000, orders.deep(5_000));
    assertEquals(List.of("{ 0 Orders.deep", "} 0 Orders.deep"), calls());
  }

  @Test
  void from() throws Exception {
    Orders orders = new Orders();
    probes.graph("main", GraphOptions.of("com.acme.shop.**").withFrom(ORDERS + ".place"));
    orders.deep(3);
    Orders.rate();
    assertThrows(IllegalArgumentException.class, () -> orders.place(1, null));
    assertEquals(
        List.of("{ 0 Orders.place", "{ 1 Orders.check", "} 1 Orders.check", "} 0 Orders.place"),
        calls());
  }

  @Test
  void threads() throws Exception {
    Orders orders = new Orders();
    probes.graph("main", GraphOptions.of(ORDERS).withThreads("http-*"));
    orders.deep(1);
    Thread other = new Thread(() -> orders.deep(0), "http-7");
    other.start();
    other.join();
    assertEquals(List.of("{ 0 Orders.deep", "} 0 Orders.deep"), calls());
  }

  @Test
  void ofMethodsAlone() throws Exception {
    Orders orders = new Orders();
    probes.graph("main", GraphOptions.of("com.acme.*.Orders.p*e"));
    orders.place(1, "A");
    assertEquals(
        List.of("{ 0 Orders.place", "{ 1 Orders.price", "} 1 Orders.price", "} 0 Orders.place"),
        calls());
  }

  @Test
  void longer() throws Exception {
    Orders orders = new Orders();
    probes.graph("main", GraphOptions.of(ORDERS).withLonger(Duration.ofMillis(500)));
    orders.place(1, "A");
    assertEquals(List.of(), calls());
    orders.slow(600_000_000);
    orders.place(1, "A");
    Path file = directory.resolve("longer.dat");
    pagewheel.buffers().save(file, "main");
    Recorded recorded = Recorded.of(buffer);
    assertTrue(recorded.durations().stream().allMatch(each -> each >= 500_000_000));
    assertEquals(
        List.of("{ 0 Orders.slow", "{ 1 Orders.slowest", "} 1 Orders.slowest", "} 0 Orders.slow"),
        Recorded.texts(recorded.lines().values().iterator().next(), "com.acme.shop."));
    String report = TraceCmd.report(file);
    assertTrue(
        report.matches(
            "(?s).*\\|  com.acme.shop.Orders.slow\\(\\) \\{\n"
                + ".* \\d{6,}\\.\\d+ us \\|    com.acme.shop.Orders.slowest\\(\\);\n"
                + ".* \\d{7,}[.\\d]* us \\|  \\}.*"),
        report);
  }

  @Test
  void traceCmdShowsNestedCallsAndTheirDurations() throws Exception {
    Orders orders = new Orders();
    probes.graph("main", GraphOptions.of("com.acme.shop.**"));
    orders.place(1, "A");
    Path file = directory.resolve("calls.dat");
    pagewheel.buffers().save(file, "main");
    Recorded recorded = Recorded.of(buffer);
    List<String> report =
        TraceCmd.report(file).lines().filter(l -> l.contains("funcgraph")).toList();
    assertTrue(report.getFirst().endsWith("|  com.acme.shop.Orders.place() {"), report.toString());
    assertTrue(
        report.get(1).matches(".* us +\\|    com.acme.shop.Orders.check\\(\\);"),
        report.toString());
    assertTrue(
        report.get(2).matches(".* us +\\|    com.acme.shop.Orders.price\\(\\);"),
        report.toString());
    assertTrue(report.getLast().endsWith("us |  }"), report.toString());
    long last = recorded.durations().getLast();
    String shown = "%d.%03d us |  }".formatted(last / 1000, last % 1000);
    assertTrue(report.getLast().endsWith(shown), report.getLast() + " is not " + shown);
  }

  @Test
  void afterwardsTheBytesAreTheOldOnes() throws Exception {
    byte[] before = ClassBytes.of(Orders.class);
    GraphStatus status = probes.graph("main", GraphOptions.of(ORDERS));
    assertEquals(1, status.classes());
    assertTrue(!Arrays.equals(before, ClassBytes.of(Orders.class)), "nothing was put in");
    probes.ungraph("main");
    assertTrue(Arrays.equals(before, ClassBytes.of(Orders.class)), "the bytes have changed");
    new Orders().place(1, "A");
    assertEquals(List.of(), calls());
  }

  @Test
  void aBadPatternChangesNothing() throws Exception {
    byte[] before = ClassBytes.of(Orders.class);
    for (String bad : List.of("", "com acme", "com/acme/**", "a***b", "x;", "(")) {
      assertThrows(
          IllegalArgumentException.class, () -> probes.graph("main", GraphOptions.of(bad)));
    }
    String many =
        assertThrows(
                IllegalArgumentException.class,
                () -> probes.graph("main", GraphOptions.of("com.acme.**").withLimit(5)))
            .getMessage();
    assertEquals("it means more than 5 methods: a narrower pattern, or a higher limit=", many);
    assertEquals(List.of(), probes.graphs());
    assertTrue(Arrays.equals(before, ClassBytes.of(Orders.class)), "the bytes have changed");
  }

  @Test
  void aRingFileHasTheNames() throws Exception {
    Path ring = directory.resolve("ring");
    try (Pagewheel other =
        Pagewheel.start(
            Map.of(
                "pagewheel.buffers.main.backend",
                "offheap",
                "pagewheel.buffers.main.file",
                ring.toString()))) {
      try (Probes its = Probes.of(ProbingAgent.instrumentation(), other.buffers())) {
        its.graph("main", GraphOptions.of(ORDERS));
        new Orders().place(1, "A");
      }
    }
    try (RingFile file = RingFile.open(ring)) { // as whoever comes after a kill
      assertEquals(List.of(), file.problems());
      assertEquals(Metadata.process().symbols(), file.metadata().symbols());
      assertTrue(file.metadata().symbols().containsValue(ORDERS + ".place"));
      List<String> names = file.metadata().formats().stream().map(EventFormat::name).toList();
      assertTrue(names.containsAll(List.of("funcgraph_entry", "funcgraph_exit")));
    }
  }

  @Test
  void aClockThatCountsNoNanoseconds() throws Exception {
    try (Pagewheel other = Pagewheel.start(Map.of("pagewheel.buffers.main.clock", "counter"));
        Probes its = Probes.of(ProbingAgent.instrumentation(), other.buffers())) {
      GraphOptions all = GraphOptions.of(ORDERS);
      assertEquals(
          "buffer main has the clock counter: longer takes one that counts nanoseconds, such as"
              + " mono",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> its.graph("main", all.withLonger(Duration.ofMillis(1))))
              .getMessage());
      its.graph("main", all);
      new Orders().place(1, "A");
      assertTrue(other.buffers().get("main").counters().written() > 0);
    }
  }

  /** Readers would take its counts for nanoseconds; mono by the same counter has those. */
  @Test
  void theProcessorsCounterIsNoClockOfAGraph() throws Exception {
    GraphOptions all = GraphOptions.of(ORDERS);
    clock("x86-tsc");
    assertEquals(
        "buffer main has the clock x86-tsc: a graph takes one that counts nanoseconds, such as"
            + " mono",
        assertThrows(IllegalArgumentException.class, () -> probes.graph("main", all)).getMessage());
    clock("mono-tsc");
    probes.graph("main", all.withLonger(Duration.ofNanos(1)));
    new Orders().place(1, "A");
    assertTrue(buffer.counters().written() > 0);
  }

  private void clock(String name) throws Exception {
    var administration = pagewheel.administration();
    administration.replace(administration.configure("main", Map.of("clock", name)));
  }

  @Test
  void aClockThatIsReplacedMeanwhile() throws Exception {
    Gate gate = new Gate();
    probes.graph("main", GraphOptions.of("com.acme.shop.Gate.pass"));
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    gate.pass(1, null);
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
    gate.awaitEntered();
    clock("counter");
    gate.open();
    caller.join();
    List<Long> durations = Recorded.of(buffer).durations();
    assertEquals(List.of(0L), durations);
    probes.ungraph("main");
    probes.graph("main", GraphOptions.of("com.acme.shop.Gate.look"));
    gate.look(1, null);
    assertTrue(Recorded.of(buffer).durations().getFirst() < 10);
    probes.ungraph("main");
    clock("mono");
    probes.graph(
        "main", GraphOptions.of("com.acme.shop.Gate.look").withLonger(Duration.ofMillis(1)));
    clock("counter");
    while (probes.graphs().getFirst().turnedOff().isEmpty()) { // a hang is a failure
      Thread.sleep(10);
    }
  }
}
