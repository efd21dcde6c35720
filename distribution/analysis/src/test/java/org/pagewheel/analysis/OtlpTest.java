package org.pagewheel.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.tracedat.TraceOption;

/** Exports as OTLP/JSON, read by OpenTelemetry's own classes. */
class OtlpTest {
  private static final Pattern ID =
      Pattern.compile("\"(traceId|spanId|parentSpanId)\":\"([0-9a-f]*)\"");

  private static final long WALL = 1_700_000_000_123_456_789L;

  @TempDir Path directory;

  private final List<Span> spans = new ArrayList<>();
  private final List<LogRecord> logs = new ArrayList<>();

  private String export(Path file) throws IOException {
    try (Trace trace = Traces.open(file)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      assertEquals(List.of(), new Export(List.of(trace), Export.Format.OTLP_JSON).run(out));
      return out.toString(StandardCharsets.UTF_8);
    }
  }

  /** Ids are hexadecimal in OTLP/JSON, and base64 in that of protocol buffers. */
  private void read(String lines) throws IOException {
    for (String line : lines.split("\n", -1)) {
      String json =
          ID.matcher(line)
              .replaceAll(
                  id -> {
                    byte[] bytes = HexFormat.of().parseHex(id.group(2));
                    String base64 = Base64.getEncoder().encodeToString(bytes);
                    return "\"" + id.group(1) + "\":\"" + base64 + "\"";
                  });
      if (line.startsWith("{\"resourceSpans\"")) {
        var request = ExportTraceServiceRequest.newBuilder();
        JsonFormat.parser().merge(json, request);
        request
            .getResourceSpansList()
            .forEach(
                each -> each.getScopeSpansList().forEach(of -> spans.addAll(of.getSpansList())));
      } else if (!line.isEmpty()) {
        var request = ExportLogsServiceRequest.newBuilder();
        JsonFormat.parser().merge(json, request);
        request
            .getResourceLogsList()
            .forEach(
                each -> each.getScopeLogsList().forEach(of -> logs.addAll(of.getLogRecordsList())));
      }
    }
  }

  private static AnyValue attribute(List<KeyValue> attributes, String name) {
    List<AnyValue> found =
        attributes.stream()
            .filter(each -> each.getKey().equals(name))
            .map(KeyValue::getValue)
            .toList();
    assertEquals(1, found.size(), name + " in " + attributes);
    return found.getFirst();
  }

  private Span named(String name, long id) {
    return spans.stream()
        .filter(span -> span.getName().equals(name))
        .filter(span -> attribute(span.getAttributesList(), "id").getIntValue() == id)
        .findFirst()
        .orElseThrow();
  }

  private TraceMaker maker(Path file) throws IOException {
    return new TraceMaker(file, 2)
        .type("place_begin", "span_begin u64 span", "id", "flow s64 flow")
        .type("place_end", "span_end u64 span", "id", "fills")
        .type("trade_begin", "async_begin u64 span", "id")
        .type("trade_end", "async_end u64 span")
        .type("matched", "span s64 duration", "id")
        .type("sent", "id", "flow s64 flow")
        .type("other", "id", "u64 large")
        .thread(7, "trader")
        .option(TraceOption.version(77, WALL));
  }

  @Test
  void spansLinksAndLogs() throws Exception {
    Path file = directory.resolve("spans.dat");
    maker(file)
        .event(0, 1000, 7, "place_begin", 1, 10, 99)
        .event(0, 1100, 7, "place_begin", 2, 11, 98)
        .event(0, 1150, 7, "trade_begin", 3, 12)
        .event(0, 1200, 7, "other", 13, -1)
        .event(0, 1300, 7, "matched", 50, 14)
        .event(0, 1400, 7, "place_end", 2, 11, 4)
        .event(0, 1450, 8, "sent", 15, 99)
        .event(0, 1500, 7, "sent", 16, 98)
        .event(0, 1600, 7, "place_end", 1, 17, 5)
        .event(0, 1700, 8, "trade_end", 3)
        .event(0, 1800, 7, "place_begin", 4, 18, 97)
        .lose(0, 12)
        .event(0, 1900, 7, "other", 19, 3)
        .finish();
    String lines = export(file);
    assertEquals(lines, export(file), "the same ids each time");
    read(lines);
    assertEquals(6, spans.size(), spans::toString);
    Span outer = named("place", 10);
    Span inner = named("place", 11);
    assertEquals(outer.getSpanId(), inner.getParentSpanId());
    assertEquals(inner.getSpanId(), named("trade", 12).getParentSpanId());
    assertEquals(inner.getSpanId(), named("matched", 14).getParentSpanId());
    assertTrue(outer.getParentSpanId().isEmpty());
    for (Span each : List.of(inner, named("trade", 12), named("matched", 14))) {
      assertEquals(outer.getTraceId(), each.getTraceId());
    }
    assertEquals(WALL + 1000, outer.getStartTimeUnixNano());
    assertEquals(WALL + 1600, outer.getEndTimeUnixNano());
    assertEquals(WALL + 1250, named("matched", 14).getStartTimeUnixNano());
    assertEquals(17, attribute(outer.getAttributesList(), "end.id").getIntValue());
    assertEquals(5, attribute(outer.getAttributesList(), "fills").getIntValue());
    assertEquals("trader", attribute(outer.getAttributesList(), "thread.name").getStringValue());
    Span sent = named("sent", 15);
    assertEquals(outer.getSpanId(), sent.getLinks(0).getSpanId());
    assertEquals(outer.getTraceId(), sent.getLinks(0).getTraceId());
    assertEquals(inner.getSpanId(), outer.getLinks(0).getSpanId(), "an event in it has a flow");
    Span unended = named("place", 18);
    assertTrue(attribute(unended.getAttributesList(), "pagewheel.unended").getBoolValue());
    assertEquals(WALL + 1900, unended.getEndTimeUnixNano());
    assertEquals(
        List.of("shop:other", "shop:sent", "shop:other", "pagewheel:lost"),
        logs.stream().map(LogRecord::getEventName).toList());
    LogRecord log = logs.getFirst();
    assertEquals(inner.getSpanId(), log.getSpanId());
    assertEquals(WALL + 1200, log.getTimeUnixNano());
    assertEquals(
        "18446744073709551615", attribute(log.getAttributesList(), "large").getStringValue());
    assertEquals(12, attribute(logs.getLast().getAttributesList(), "lost").getIntValue());
  }

  /** Random pairs that nest on four threads: each span has the parent that it should. */
  @Test
  void parentsAreThoseAround() throws Exception {
    Path file = directory.resolve("random.dat");
    TraceMaker maker = maker(file);
    Random random = new Random(5);
    Map<Integer, Deque<Long>> open = new HashMap<>();
    Map<Long, Long> parents = new HashMap<>();
    long number = 0;
    for (int i = 0; i < 20_000; i++) {
      int tid = 10 + random.nextInt(4);
      Deque<Long> all = open.computeIfAbsent(tid, key -> new ArrayDeque<>());
      if (random.nextInt(2) == 0 && all.size() < 20) {
        long id = ++number;
        parents.put(id, all.isEmpty() ? 0 : all.peek());
        all.push(id);
        maker.event(0, 1000 + i, tid, "place_begin", id, id, id);
      } else if (!all.isEmpty()) {
        long id = all.pop();
        maker.event(0, 1000 + i, tid, "place_end", id, id, 1);
      }
    }
    maker.finish();
    read(export(file));
    assertEquals(number, spans.size());
    Map<Object, Long> numbers = new HashMap<>();
    for (Span span : spans) {
      long id = attribute(span.getAttributesList(), "id").getIntValue();
      assertEquals(null, numbers.put(span.getSpanId(), id), "ids differ");
      assertEquals(8, span.getSpanId().size());
      assertEquals(16, span.getTraceId().size());
    }
    for (Span span : spans) {
      long parent = span.getParentSpanId().isEmpty() ? 0 : numbers.get(span.getParentSpanId());
      assertEquals(parents.get(numbers.get(span.getSpanId())), parent);
    }
  }

  @Test
  void ofAKernelTraceEachEventIsThere() throws Exception {
    Path file = TraceMaker.kernel("instance");
    read(export(file));
    long events = TraceCmd.report(file).stream().filter(line -> !line.endsWith("DROPPED]")).count();
    Set<String> names = new HashSet<>();
    long lost =
        logs.stream()
            .peek(log -> names.add(log.getEventName()))
            .filter(log -> log.getEventName().equals("pagewheel:lost"))
            .count();
    assertEquals(events, spans.size() + logs.size() - lost);
    assertTrue(names.contains("sched:sched_wakeup"), names::toString);
  }
}
