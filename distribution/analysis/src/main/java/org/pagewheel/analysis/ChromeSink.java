package org.pagewheel.analysis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;

/**
 * The JSON of Chrome's about:tracing: an object with a list of events, times in microseconds.
 * Points, calls and spans are drawn as {@link PerfettoSink} draws them; scheduling has no form
 * here, so it is points too. A CPU's losses are a counter.
 */
final class ChromeSink extends TimelineSink {
  /** Arrows go from slice to slice: an event with one is a slice of this many nanoseconds. */
  private static final int FLOW_LENGTH = 2;

  private final OutputStream out;
  private final List<Drawing> drawings;
  private final Flows begun = new Flows();
  private final Map<Long, Long> lost = new HashMap<>();
  private final Json json = new Json();
  private boolean isFirst = true;
  private long asynchronous;

  ChromeSink(List<Trace> traces, OutputStream out) {
    super(traces);
    this.out = out;
    this.drawings = traces.stream().map(Drawing::new).toList();
  }

  @Override
  public void begin() throws IOException {
    out.write("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < traces.size(); i++) {
      Trace trace = traces.get(i);
      if (trace.process().isPresent()) {
        name("process_name", trace.process().getAsInt(), 0, trace.name());
      }
    }
  }

  @Override
  void point(LaneEvents at, Event event) throws IOException {
    ready(at);
    switch (drawings.get(at.traceIndex).shape(at.type())) {
      case BEGIN -> drawn(at, event, "B", at.time(), -1);
      case END -> drawn(at, event, "E", at.time(), -1);
      case NOTHING -> {}
      case SPAN, CALL -> {
        long duration = Math.min(Drawing.duration(event), at.time());
        drawn(at, event, "X", at.time() - duration, duration);
      }
      default -> {
        boolean isFlow = !flows(at, event).isEmpty();
        drawn(at, event, isFlow ? "X" : "i", at.time(), isFlow ? FLOW_LENGTH : -1);
      }
    }
    flow(at, event);
  }

  private void ready(LaneEvents at) throws IOException {
    if (tracks.isNew(Tracks.thread(at))) {
      name("thread_name", Tracks.process(at), at.tid(), cells.thread(at));
    }
  }

  @Override
  byte[] content(LaneEvents at, Event event) throws IOException {
    ready(at);
    flow(at, event);
    fields(event);
    return json.take().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  void span(LaneEvents at, SpanTypes.Part part, long begin, byte[] atBegin, boolean isNested)
      throws IOException {
    ready(at);
    Event event = cells.event(at);
    json.open('{').key("ph").value(isNested ? "X" : "b");
    head(part.plainName(), part.system(), begin);
    if (isNested) {
      json.key("dur").micros(at.time() - begin);
    } else {
      json.key("id").value(++asynchronous);
    }
    thread(at.traceIndex, at.tid());
    json.key("args").open('{').key("cpu").value(at.lane.cpu());
    json.raw(atBegin == null ? "" : new String(atBegin, StandardCharsets.UTF_8));
    fields(event);
    json.close('}').close('}');
    write();
    if (!isNested) {
      json.open('{').key("ph").value("e");
      head(part.plainName(), part.system(), at.time());
      json.key("id").value(asynchronous);
      thread(at.traceIndex, at.tid());
      json.close('}');
      write();
    }
  }

  @Override
  void unended(int trace, SpanTypes.Part part, long begin, byte[] atBegin) throws IOException {
    json.open('{').key("ph").value("b");
    head(part.plainName(), part.system(), begin);
    json.key("id").value(++asynchronous);
    thread(trace, 0);
    json.key("args").open('{').raw(new String(atBegin, StandardCharsets.UTF_8));
    json.close('}').close('}');
    write();
  }

  @Override
  void counter(LaneEvents at, String name, Number value) throws IOException {
    counter(at.traceIndex, name, at.time(), "value", value);
  }

  private void counter(int trace, String name, long time, String what, Number value)
      throws IOException {
    json.open('{').key("ph").value("C").key("name").value(name);
    json.key("ts").micros(time).key("pid").value(traces.get(trace).process().orElse(0));
    json.key("args").open('{').key(what).any(value).close('}').close('}');
    write();
  }

  /** Arrows from the earlier events with these numbers; they are tied to what is open then. */
  private void flow(LaneEvents at, Event event) throws IOException {
    for (long number : flows(at, event)) {
      json.open('{').key("ph").value(begun.add(number) ? "s" : "t");
      head("flow", "flow", at.time() + FLOW_LENGTH - 1);
      json.key("id").value(Long.toHexString(number));
      thread(at.traceIndex, at.tid());
      json.close('}');
      write();
    }
  }

  private void head(String name, String category, long time) {
    json.key("name").value(name).key("cat").value(category).key("ts").micros(time);
  }

  private void thread(int trace, int tid) {
    int process = tid == 0 ? 0 : traces.get(trace).process().orElse(tid);
    json.key("pid").value(process).key("tid").value(tid);
  }

  private void fields(Event event) {
    for (EventField field : event.fields()) {
      json.key(field.name()).any(Cells.field(event, field.name()));
    }
  }

  private void drawn(LaneEvents at, Event event, String kind, long time, long duration)
      throws IOException {
    json.open('{').key("ph").value(kind);
    head(Drawing.name(event, cells, at), event.system(), time);
    if (duration >= 0) {
      json.key("dur").micros(duration);
    }
    if (kind.equals("i")) {
      json.key("s").value("t");
    }
    thread(at.traceIndex, at.tid());
    json.key("args").open('{').key("cpu").value(at.lane.cpu());
    fields(event);
    json.close('}').close('}');
    write();
  }

  private void name(String what, int process, int thread, String name) throws IOException {
    json.open('{').key("ph").value("M").key("name").value(what);
    json.key("pid").value(process).key("tid").value(thread);
    json.key("args").open('{').key("name").value(name).close('}').close('}');
    write();
  }

  private void write() throws IOException {
    out.write(isFirst ? '\n' : ',');
    if (!isFirst) {
      out.write('\n');
    }
    isFirst = false;
    out.write(json.take().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void lost(LaneEvents at, long missed) throws IOException {
    see(at);
    lost(at.traceIndex, at.lane, newest(), missed);
  }

  private void lost(int trace, Lane lane, long time, long missed) throws IOException {
    long all = lost.merge(Tracks.lost(trace, lane), Math.max(0, missed), Long::sum);
    counter(trace, Tracks.lostName(lane), time, "events", all);
  }

  @Override
  public void end() throws IOException {
    for (int i = 0; i < traces.size(); i++) {
      for (Trace.Lost each : traces.get(i).losses()) {
        if (each.isRefused()) {
          lost(i, new Lane(each.buffer(), each.cpu(), null), newest(), each.events());
        }
      }
    }
    endSpans();
    out.write("\n]}\n".getBytes(StandardCharsets.UTF_8));
  }
}
