package org.pagewheel.consumer.stats.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricsProcessor;
import org.hawkular.agent.prometheus.types.MetricFamily;
import org.hawkular.agent.prometheus.walkers.CollectorPrometheusMetricsWalker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.CpuNumber;
import org.pagewheel.Page;
import org.pagewheel.backend.heap.internal.HeapBackend;
import org.pagewheel.consumer.stats.BufferReport;
import org.pagewheel.consumer.testing.GivenContext;
import org.pagewheel.consumer.testing.Recorded;
import org.pagewheel.consumer.testing.TickPages;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.PageFormat;
import org.pagewheel.spi.ConsumerAccount;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;
import org.pagewheel.tracedat.TraceBuffer;
import org.pagewheel.tracedat.TraceFileWriter;
import org.pagewheel.tracedat.TraceMetadata;
import org.pagewheel.tracedat.TraceVersion;

/** What is told of the pages that came, in each of the ways. */
class StatsConsumerTest {
  private static final int PAGE_SIZE = 4096;
  private static final int PER_PAGE = TickPages.perPage(PAGE_SIZE);
  private static final long MILLI = 1_000_000;

  /** A type that nobody has described; none of ours has so high a number. */
  private static final int UNKNOWN = 29_999;

  /** Of the consumer; text that OpenMetrics has to quote. */
  private static final ConsumerAccount QUOTED =
      account("a \"b\" \\c", Map.of("dir", "/"), 9, 0, 1, false);

  private static ConsumerAccount account(
      String name,
      Map<String, String> settings,
      long pages,
      long missed,
      int queued,
      boolean isStuck) {
    return ConsumerAccount.builder(name, "splice")
        .settings(settings)
        .pages(pages)
        .missed(missed)
        .queued(queued)
        .capacity(64)
        .held(3)
        .isStuck(isStuck)
        .build();
  }

  @TempDir Path directory;
  private final Map<String, String> settings = new HashMap<>();
  private final AtomicLong time = new AtomicLong();
  private final GivenContext context = context("main", settings);
  private final Ring ring = ring();
  private final TickPages pages = new TickPages(2, PAGE_SIZE, TickPages.TICK.id());
  private StatsConsumer consumer;

  private GivenContext context(String buffer, Map<String, String> itsSettings) {
    GivenContext made = new GivenContext(buffer, 2, PAGE_SIZE, itsSettings);
    Clock clock =
        new Clock() {
          @Override
          public String name() {
            return "mono";
          }

          @Override
          public long now() {
            return time.get();
          }
        };
    made.buffer().config(made.buffer().config().withClock(2, clock, CpuNumber.system()));
    made.accounts(List.of(QUOTED));
    return made;
  }

  /** Takes what the consumer writes. */
  private Ring ring() {
    BufferConfig config = BufferConfig.of("main", "heap").withClock(1, Clock.MONO, () -> 0);
    try {
      Ring made = new HeapBackend().open(RingConfig.of(config));
      context.buffer().writer(made);
      return made;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** CPU 1 loses. */
  private void lose(long overrun, long commitOverrun, long dropped, long disabled, long tooLong) {
    lose(overrun, commitOverrun, dropped, disabled, tooLong, 0);
  }

  private void lose(
      long overrun, long commitOverrun, long dropped, long disabled, long tooLong, long recursion) {
    context
        .buffer()
        .counters(
            1,
            Counters.builder()
                .set(Counter.WRITTEN, 100)
                .set(Counter.READ, 50)
                .set(Counter.OVERRUN, overrun)
                .set(Counter.COMMIT_OVERRUN, commitOverrun)
                .set(Counter.DROPPED, dropped)
                .set(Counter.DISABLED, disabled)
                .set(Counter.TOO_LONG, tooLong)
                .set(Counter.RECURSION, recursion)
                .build());
  }

  private StatsConsumer open(String... more) throws IOException {
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    consumer = (StatsConsumer) new StatsFactory().open(context);
    return consumer;
  }

  @AfterEach
  void close() {
    if (consumer != null) {
      consumer.close();
    }
    context.buffer().close();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < until, "waited in vain");
      Thread.sleep(5);
    }
  }

  private void someEvents() throws IOException {
    time.set(10 * MILLI);
    consumer.accept(pages.page(0), 0);
    consumer.accept(pages.page(1), 0);
    pages.type(UNKNOWN, 1);
    consumer.accept(pages.page(1), 0);
  }

  @Test
  void everythingIsCountedByCpuAndType() throws Exception {
    open();
    someEvents();
    BufferReport report = consumer.getReport();
    assertEquals("main", report.buffer());
    assertTrue(report.on());
    assertEquals(2, report.cpus().size());
    assertEquals(1, report.cpus().get(0).pages());
    assertEquals(2, report.cpus().get(1).pages());
    assertEquals(PER_PAGE * 16L, report.cpus().get(0).bytes());
    assertEquals(PER_PAGE * 16.0 / 4080, report.cpus().get(0).occupancy(), 1e-9);
    assertEquals(
        List.of("demo:tick " + 2 * PER_PAGE, "null:" + UNKNOWN + " " + PER_PAGE),
        report.types().stream()
            .map(each -> each.system() + ":" + each.event() + " " + each.events())
            .toList());
    assertEquals(3L * PER_PAGE, report.latency().events());
    assertEquals(10.0 * MILLI, report.latency().max(), 0.1 * MILLI);
  }

  @Test
  void lossesAreToldByCauseAndRatesBySecond() throws Exception {
    open("events", "false");
    Thread.sleep(2500); // of which nothing is told
    someEvents();
    lose(5, 4, 3, 2, 1);
    // A second is as long as the machine makes it, and may end between the two.
    double[] most = new double[2];
    await(
        () -> {
          BufferReport now = consumer.getReport();
          most[0] = Math.max(most[0], now.eventsPerSecond());
          most[1] = Math.max(most[1], now.lostPerSecond());
          return most[0] > 0 && most[1] > 0;
        });
    assertTrue(most[0] <= 1.5 * 3 * PER_PAGE, most[0] + " events in a second");
    assertTrue(most[1] <= 1.5 * 13, most[1] + " lost in a second");
    BufferReport report = consumer.getReport();
    assertEquals(13, report.lost());
    assertEquals(5, report.cpus().get(1).count(Counter.OVERRUN));
    assertEquals(4, report.cpus().get(1).count(Counter.COMMIT_OVERRUN));
    assertEquals(3, report.cpus().get(1).count(Counter.DROPPED));
    assertEquals(2, report.cpus().get(1).count(Counter.DISABLED));
    assertEquals(1, report.cpus().get(1).count(Counter.TOO_LONG));
    await(() -> consumer.getReport().eventsPerSecond() == 0);
  }

  @Test
  void anIdleBufferHasNoEventsOfOurs() throws Exception {
    open();
    Thread.sleep(1300);
    assertEquals(0, ring.counters(0).written());
    lose(5, 0, 0, 0, 0);
    someEvents();
    long written = 2 + 2; // for the CPU that lost and its cause, and for both types that came
    await(() -> ring.counters(0).written() >= written);
    Thread.sleep(2300);
    assertEquals(written, ring.counters(0).written());
  }

  /** What trace-cmd makes of the events, from their names on. */
  private List<String> recorded() throws Exception {
    PageFormat format = PageFormat.of(ring.pageSize());
    Path file = directory.resolve("stats.dat");
    TraceBuffer buffer = new TraceBuffer("", "mono", ring.pageSize(), 1);
    try (TraceFileWriter writer =
        TraceFileWriter.create(file, TraceVersion.V6, format, List.of(buffer))) {
      Page page = ring.take(0, true);
      writer.write(0, 0, page.memory(), 0);
      page.release();
      writer.finish(TraceMetadata.builder(format).add(Metadata.process()).build());
    }
    return Recorded.report(file).stream()
        .filter(line -> line.contains("_stats: "))
        .map(line -> line.substring(line.lastIndexOf("]")).replaceAll(" +", " "))
        .map(line -> line.replaceFirst(".*?(\\w+_stats: )", "$1"))
        .toList();
  }

  @Test
  void whatCameAndWhatWasLostStandsInTheTrace() throws Exception {
    context.accounts(List.of(account("file", Map.of(), 9, 1, 0, false)));
    open();
    context.accounts(List.of(account("file", Map.of(), 12, 8, 2, false)));
    lose(5, 4, 3, 2, 1, 6);
    someEvents();
    await(() -> ring.counters(0).written() == 10);
    int page = PER_PAGE * 16;
    assertEquals(
        List.of(
            "cpu_stats: cpu=1 events=100 bytes=%d B lost=19 occupancy=%d%%"
                .formatted(2 * page, 2 * page * 100 / (2 * 4080)),
            "loss_stats: cpu=1 cause=OVERRUN events=5",
            "loss_stats: cpu=1 cause=DROPPED events=3",
            "loss_stats: cpu=1 cause=COMMIT_OVERRUN events=4",
            "loss_stats: cpu=1 cause=DISABLED events=2",
            "loss_stats: cpu=1 cause=TOO_LONG events=1",
            "loss_stats: cpu=1 cause=RECURSION events=6",
            "type_stats: type=%d events=%d bytes=%d B".formatted(UNKNOWN, PER_PAGE, 12 * PER_PAGE),
            "type_stats: type=demo:tick events=%d bytes=%d B"
                .formatted(2 * PER_PAGE, 24 * PER_PAGE),
            "consumer_stats: consumer=file pages=3 missed=7 queued=2"),
        recorded());
    pages.type(UNKNOWN, 1);
    consumer.accept(pages.page(1), 0);
    await(() -> ring.counters(0).written() == 11);
    assertEquals(
        List.of(
            "type_stats: type=%d events=%d bytes=%d B".formatted(UNKNOWN, PER_PAGE, 12 * PER_PAGE)),
        recorded(),
        "of what came since alone");
  }

  @Test
  void theTextIsOpenMetrics() throws Exception {
    open();
    someEvents();
    lose(5, 4, 3, 2, 1);
    String text = consumer.openMetrics();
    Map<String, Double> samples = OpenMetricsGrammar.check(text);
    assertEquals(
        2.0 * PER_PAGE,
        samples.get("pagewheel_type_events_total{buffer=\"main\",system=\"demo\",event=\"tick\"}"));
    assertEquals(
        5, samples.get("pagewheel_lost_events_total{buffer=\"main\",cpu=\"1\",cause=\"overrun\"}"));
    assertEquals(
        9,
        samples.get(
            "pagewheel_consumer_pages_total{buffer=\"main\",consumer=\"a \\\"b\\\" \\\\c\","
                + "type=\"splice\"}"));
  }

  @Test
  void aParserOfOthersReadsTheText() throws Exception {
    open();
    someEvents();
    CollectorPrometheusMetricsWalker collector = new CollectorPrometheusMetricsWalker();
    byte[] text = consumer.openMetrics().getBytes(StandardCharsets.UTF_8);
    new TextPrometheusMetricsProcessor(new ByteArrayInputStream(text), collector).walk();
    List<String> names =
        collector.getAllMetricFamilies().stream().map(MetricFamily::getName).toList();
    assertTrue(names.contains("pagewheel_latency_seconds"), names.toString());
    assertTrue(names.contains("pagewheel_unread_events"), names.toString());
  }

  /** The parser that Prometheus itself gives to Python programs; it refuses what is not exact. */
  @Test
  void theReferenceParserReadsTheText() throws Exception {
    open();
    someEvents();
    lose(5, 4, 3, 2, 1);
    Process parser =
        new ProcessBuilder(
                "/usr/bin/python3",
                "-c",
                """
                import sys
                from prometheus_client.openmetrics.parser import text_string_to_metric_families
                for family in text_string_to_metric_families(sys.stdin.read()):
                    for sample in family.samples:
                        labels = sorted(sample.labels.values())
                        print(family.type, sample.name, labels, float(sample.value))
                """)
            .redirectErrorStream(true)
            .start();
    try (OutputStream in = parser.getOutputStream()) {
      in.write(consumer.openMetrics().getBytes(StandardCharsets.UTF_8));
    }
    String read = new String(parser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, parser.waitFor(), read);
    List<String> lines = read.lines().toList();
    String ticks = "counter pagewheel_type_events_total ['demo', 'main', 'tick'] ";
    assertTrue(lines.contains(ticks + 2.0 * PER_PAGE), read);
    String lost = "counter pagewheel_lost_events_total ['1', 'main', 'overrun'] 5.0";
    assertTrue(lines.contains(lost), read);
    assertEquals(OpenMetricsGrammar.check(consumer.openMetrics()).size(), lines.size());
  }

  @Test
  void theBeanHasOpenTypes() throws Exception {
    open();
    someEvents();
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("org.pagewheel:type=Statistics,name=main");
    CompositeData report =
        assertInstanceOf(CompositeData.class, server.getAttribute(name, "Report"));
    assertEquals("main", report.get("buffer"));
    assertNull(report.get("offReason"));
    CompositeData[] consumers = assertInstanceOf(CompositeData[].class, report.get("consumers"));
    assertEquals(3, consumers[0].get("held"));
    CompositeData[] cpus = assertInstanceOf(CompositeData[].class, report.get("cpus"));
    assertEquals(2L, cpus[1].get("pages"));
    CompositeData latency = assertInstanceOf(CompositeData.class, report.get("latency"));
    assertEquals(3L * PER_PAGE, latency.get("events"));
    Object text = server.invoke(name, "openMetrics", new Object[0], new String[0]);
    OpenMetricsGrammar.check(text.toString());
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> new StatsFactory().open(context));
    assertEquals("buffer main has a consumer of type stats already: one is enough", e.getMessage());
    consumer.close();
    assertFalse(server.isRegistered(name));
  }

  @Test
  void aPortAnswersOnLoopbackOnly() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    open("http-port", "" + port);
    someEvents();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = get(client, port, "/metrics");
      assertEquals(200, answer.statusCode());
      assertEquals(MetricsServer.TYPE, answer.headers().firstValue("Content-Type").orElse(""));
      OpenMetricsGrammar.check(answer.body());
      assertEquals(404, get(client, port, "/").statusCode());
    }
    // Whoever takes the same port on another address of this machine can have it.
    try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.2"))) {
      assertTrue(other.isBound());
    }
    GivenContext second = context("second", Map.of("http-port", "" + port));
    IOException e = assertThrows(IOException.class, () -> new StatsFactory().open(second));
    assertTrue(e.getMessage().startsWith("http-port = " + port + ": "), e.getMessage());
    assertFalse(
        ManagementFactory.getPlatformMBeanServer()
            .isRegistered(new ObjectName("org.pagewheel:type=Statistics,name=second")));
  }

  private static HttpResponse<String> get(HttpClient client, int port, String path)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void wrongSettingsAreToldInOneLine() {
    String[][] wrong = {
      {"port", "1", "stats has no setting port; it has http-port, events"},
      {"http-port", "0", "http-port = 0: a number from 1 to 65535 is right"},
      {"http-port", "x", "http-port = x: a number from 1 to 65535 is right"},
      {"events", "yes", "events = yes: true or false is right"},
    };
    for (String[] each : wrong) {
      Exception e =
          assertThrows(
              IllegalArgumentException.class, () -> StatsSettings.parse(Map.of(each[0], each[1])));
      assertEquals(each[2], e.getMessage());
    }
    assertArrayEquals(new String[] {"metrics", "rates"}, MetricsCommands.FUNCTIONS);
  }

  @Test
  void theShellTellsRates() throws Exception {
    MetricsCommands none = new MetricsCommands(List::of);
    Exception e = assertThrows(IllegalStateException.class, none::rates);
    assertEquals(
        "no buffer has a consumer of type stats: ring:attach BUFFER stats", e.getMessage());
    open();
    someEvents();
    String rates = new MetricsCommands(() -> List.of(consumer)).rates();
    assertTrue(rates.startsWith("main: "), rates);
    assertTrue(rates.contains("demo:tick: " + 2 * PER_PAGE + " events"), rates);
  }

  @Test
  void checksTellLossesOnceAndStuckConsumers() throws Exception {
    open("events", "false");
    HealthChecks checks = new HealthChecks(() -> List.of(consumer));
    assertTrue(checks.losing().isOk());
    assertTrue(checks.behind().isOk());
    assertTrue(checks.disabled().isOk());
    assertTrue(checks.disk().toString().contains("MiB"), checks.disk().toString());
    lose(5, 0, 0, 0, 0);
    assertFalse(checks.losing().isOk());
    assertTrue(checks.losing().isOk());
    context.accounts(List.of(account("file", Map.of(), 1, 0, 60, false)));
    assertFalse(checks.behind().isOk());
    context.accounts(List.of(account("file", Map.of(), 1, 0, 0, true)));
    assertFalse(checks.behind().isOk());
    context.buffer().on(false);
    assertFalse(checks.disabled().isOk());
  }
}
