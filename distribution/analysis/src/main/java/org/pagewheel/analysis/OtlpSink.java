package org.pagewheel.analysis;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;

/**
 * OTLP/JSON: spans, and all other events as log records, with the ids of the span that they are in.
 *
 * <p>A span's parent is the innermost pair of begin and end that is open on its thread when it
 * begins; a span of one event, or a call of a function graph, is known only when it has ended, and
 * is nobody's parent. A flow is a link to the span that the flow was in before; an event with a
 * flow outside all spans is a span without length, so that it can have one. A span that does not
 * end has the time of the last event as its end, and the attribute {@code pagewheel.unended}. Of
 * fields that both of a pair have, that of the end is called {@code end.NAME} if it differs.
 */
final class OtlpSink extends TimelineSink {
  private static final int INTERNAL = 1;
  private static final int ERROR = 2;
  private static final int INFO = 9;
  private static final int WARN = 13;
  private static final String UNENDED = "pagewheel.unended";

  private final List<Drawing> drawings;
  private final List<String> resources;
  private final OtlpIds ids;
  private final OtlpLines lines;
  private final Json json = new Json();

  OtlpSink(List<Trace> traces, OutputStream out) {
    super(traces);
    drawings = traces.stream().map(Drawing::new).toList();
    resources = traces.stream().map(this::resource).toList();
    ids = new OtlpIds(traces);
    lines = new OtlpLines(out);
  }

  private String resource(Trace trace) {
    json.open('{').key("attributes").open('[');
    attribute("service.name", trace.name().substring(trace.name().lastIndexOf('/') + 1));
    attribute("telemetry.sdk.name", "pagewheel");
    trace.host().ifPresent(host -> attribute("host.name", host));
    if (trace.process().isPresent()) {
      attribute("process.pid", (long) trace.process().getAsInt());
    }
    return json.close(']').close('}').take();
  }

  @Override
  public void begin() {
    // each line is whole
  }

  private String nanos(int trace, long time) {
    return Long.toUnsignedString(time + traces.get(trace).wallOffset().orElse(0));
  }

  private void attribute(String name, Object value) {
    json.open('{').key("key").value(name).key("value").open('{');
    switch (value) {
      case Boolean flag -> json.key("boolValue").value(flag.booleanValue());
      case Long number -> json.key("intValue").value(number.toString());
      case Double real -> json.key("doubleValue").value(real.doubleValue());
      case byte[] bytes -> json.key("bytesValue").value(Base64.getEncoder().encodeToString(bytes));
      case long[] longs -> {
        array();
        for (long each : longs) {
          json.open('{').key("intValue").value(Long.toString(each)).close('}');
        }
        json.close(']').close('}');
      }
      case BigInteger[] numbers -> {
        array();
        for (BigInteger each : numbers) {
          boolean isLong = each.bitLength() < Long.SIZE;
          json.open('{').key(isLong ? "intValue" : "stringValue").value(each.toString()).close('}');
        }
        json.close(']').close('}');
      }
      case double[] doubles -> {
        array();
        for (double each : doubles) {
          json.open('{').key("doubleValue").value(each).close('}');
        }
        json.close(']').close('}');
      }
      case boolean[] booleans -> {
        array();
        for (boolean each : booleans) {
          json.open('{').key("boolValue").value(each).close('}');
        }
        json.close(']').close('}');
      }
      case List<?> texts -> {
        array();
        texts.forEach(each -> json.open('{').key("stringValue").value("" + each).close('}'));
        json.close(']').close('}');
      }
      case BigInteger large -> json.key("stringValue").value(large.toString());
      default -> json.key("stringValue").value(value.toString());
    }
    json.close('}').close('}');
  }

  private void array() {
    json.key("arrayValue").open('{').key("values").open('[');
  }

  private void thread(LaneEvents at) {
    attribute("thread.id", (long) at.tid());
    attribute("thread.name", cells.thread(at));
    attribute("cpu.logical_number", (long) at.lane.cpu());
    if (!at.lane.buffer().isEmpty()) {
      attribute("pagewheel.buffer", at.lane.buffer());
    }
  }

  private void fields(Event event) {
    for (EventField field : event.fields()) {
      attribute(field.name(), Cells.field(event, field.name()));
    }
  }

  /** The fields of an end that its begin lacks, or has with another value. */
  private void fields(Event event, String atBegin) {
    for (EventField field : event.fields()) {
      Object value = Cells.field(event, field.name());
      // a quotation mark in a text is written with a backslash, so this is found in no text
      int before = atBegin.indexOf("{\"key\":\"" + field.name() + "\",");
      String written = written(field.name(), value);
      if (before < 0) {
        json.raw(written);
      } else if (!atBegin.startsWith(written, before)) {
        attribute("end." + field.name(), value);
      }
    }
  }

  private String written(String name, Object value) {
    String sofar = json.take();
    attribute(name, value);
    String written = json.take();
    json.raw(sofar);
    return written;
  }

  /** Opens a span and its attributes. */
  private void open(OtlpIds.Context span, int trace, String name, long end) {
    json.open('{').key("traceId").value(span.traceId()).key("spanId").value(span.spanId());
    if (span.parent != 0) {
      json.key("parentSpanId").value(HexFormat.of().toHexDigits(span.parent));
    }
    json.key("name").value(name).key("kind").value(INTERNAL);
    json.key("startTimeUnixNano").value(nanos(trace, span.begin));
    json.key("endTimeUnixNano").value(nanos(trace, end)).key("attributes").open('[');
  }

  /** Ends the attributes and the span. */
  private void close(OtlpIds.Context span, int trace, String scope, boolean isError)
      throws IOException {
    json.close(']');
    if (!span.links.isEmpty()) {
      json.key("links").open('[');
      for (OtlpIds.Context link : span.links) {
        json.open('{').key("traceId").value(link.traceId());
        json.key("spanId").value(link.spanId()).close('}');
      }
      json.close(']');
      span.links.clear(); // a later span of the flow keeps this one, and would keep all before it
    }
    if (isError) {
      json.key("status").open('{').key("code").value(ERROR).close('}');
    }
    lines.add(false, resources.get(trace), scope, json.close('}').take());
  }

  @Override
  void point(LaneEvents at, Event event) throws IOException {
    Drawing.Shape shape = drawings.get(at.traceIndex).shape(at.type());
    List<Long> flows = flows(at, event);
    boolean isSpan = shape == Drawing.Shape.SPAN || shape == Drawing.Shape.CALL;
    OtlpIds.Context around = ids.around(at, at.time());
    if (isSpan || around == null && !flows.isEmpty()) {
      long begin = at.time() - Math.min(Drawing.duration(shape, event), at.time());
      String name = Drawing.name(event, cells, at);
      OtlpIds.Context span = ids.single(at, name, begin, at.time());
      flows.forEach(flow -> ids.flow(flow, span));
      open(span, at.traceIndex, name, at.time());
      thread(at);
      fields(event);
      close(span, at.traceIndex, event.system(), false);
      return;
    }
    flows.forEach(flow -> ids.flow(flow, around));
    log(at.traceIndex, at.time(), INFO, Cells.name(event), body(at, event));
    thread(at);
    fields(event);
    json.close(']');
    if (around != null) {
      json.key("traceId").value(around.traceId()).key("spanId").value(around.spanId());
    }
    lines.add(true, resources.get(at.traceIndex), event.system(), json.close('}').take());
  }

  private String body(LaneEvents at, Event event) {
    String name = Drawing.name(event, cells, at);
    return name.equals(event.name()) ? Cells.name(event) : name;
  }

  /** Opens a log record and its attributes. */
  private void log(int trace, long time, int severity, String name, String body) {
    json.open('{').key("timeUnixNano").value(nanos(trace, time));
    json.key("observedTimeUnixNano").value(nanos(trace, time));
    json.key("severityNumber").value(severity).key("eventName").value(name);
    json.key("body").open('{').key("stringValue").value(body).close('}');
    json.key("attributes").open('[');
  }

  /** The span's id, and the attributes. */
  @Override
  byte[] content(LaneEvents at, Event event) {
    SpanTypes.Part part = part();
    OtlpIds.Context begun = ids.begin(at, part.name(), event.getLong(part.field()), part.isAsync());
    flows(at, event).forEach(flow -> ids.flow(flow, begun));
    thread(at);
    fields(event);
    byte[] attributes = json.take().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + attributes.length)
        .putLong(begun.id)
        .put(attributes)
        .array();
  }

  private static String attributes(byte[] content) {
    int begin = Long.BYTES;
    return new String(content, begin, content.length - begin, StandardCharsets.UTF_8);
  }

  @Override
  void span(LaneEvents at, SpanTypes.Part part, long begin, byte[] atBegin, boolean isNested)
      throws IOException {
    Event event = cells.event(at);
    OtlpIds.Context known = atBegin == null ? null : ids.end(ByteBuffer.wrap(atBegin).getLong());
    OtlpIds.Context span = known == null ? ids.single(at, part.name(), begin, at.time()) : known;
    flows(at, event).forEach(flow -> ids.flow(flow, span));
    open(span, at.traceIndex, part.plainName(), at.time());
    if (atBegin == null) {
      thread(at);
      fields(event);
    } else {
      String before = attributes(atBegin);
      json.raw(before);
      fields(event, before);
    }
    close(span, at.traceIndex, part.system(), part.isLeft(event));
  }

  @Override
  void unended(int trace, SpanTypes.Part part, long begin, byte[] atBegin) throws IOException {
    OtlpIds.Context span = ids.end(ByteBuffer.wrap(atBegin).getLong());
    open(span, trace, part.plainName(), Math.max(begin, newest()));
    json.raw(attributes(atBegin));
    attribute(UNENDED, true);
    close(span, trace, part.system(), false);
  }

  @Override
  void counter(LaneEvents at, String name, Number value) {
    // its event is a log record with the value as an attribute
  }

  @Override
  public void lost(LaneEvents at, long missed) throws IOException {
    see(at);
    lost(at.traceIndex, at.lane, missed);
  }

  private void lost(int trace, Lane lane, long missed) throws IOException {
    log(trace, newest(), WARN, "pagewheel:lost", Words.lost(missed) + " lost");
    attribute("cpu.logical_number", (long) lane.cpu());
    if (!lane.buffer().isEmpty()) {
      attribute("pagewheel.buffer", lane.buffer());
    }
    if (missed >= 0) {
      attribute("lost", missed);
    }
    json.close(']').close('}');
    lines.add(true, resources.get(trace), "pagewheel", json.take());
  }

  @Override
  public void end() throws IOException {
    for (int i = 0; i < traces.size(); i++) {
      for (Trace.Lost each : traces.get(i).losses()) {
        if (each.isRefused()) {
          lost(i, new Lane(each.buffer(), each.cpu(), null), each.events());
        }
      }
    }
    endSpans();
    lines.finish();
  }

  @Override
  public List<String> notes() {
    boolean isKnown = traces.stream().allMatch(trace -> trace.wallOffset().isPresent());
    return isKnown
        ? List.of()
        : List.of("OTLP, the file does not say what time of day its times are: they are as in it");
  }
}
