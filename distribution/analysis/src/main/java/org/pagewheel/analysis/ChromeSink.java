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
 * Points, calls and spans are drawn as {@link PerfettoSink} draws them; scheduling has no form here
 * and is points, too. What a CPU has lost is a counter.
 */
final class ChromeSink implements EventSink {
  private final List<Trace> traces;
  private final OutputStream out;
  private final Cells cells;
  private final List<Drawing> drawings;
  private final Tracks tracks = new Tracks();
  private final Map<Long, Long> lost = new HashMap<>();
  private final Json json = new Json();
  private boolean isFirst = true;
  private long newest;

  ChromeSink(List<Trace> traces, OutputStream out) {
    this.traces = traces;
    this.out = out;
    this.cells = new Cells(traces);
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
  public void event(LaneEvents at) throws IOException {
    newest = Math.max(newest, at.time());
    Event event = cells.event(at);
    if (tracks.isNew(Tracks.thread(at))) {
      name("thread_name", Tracks.process(at), at.tid(), cells.thread(at));
    }
    switch (drawings.get(at.traceIndex).shape(at.type())) {
      case BEGIN -> drawn(at, event, "B", at.time(), -1);
      case END -> drawn(at, event, "E", at.time(), -1);
      case NOTHING -> {}
      case SPAN, CALL -> {
        long duration = Math.min(Drawing.duration(event), at.time());
        drawn(at, event, "X", at.time() - duration, duration);
      }
      default -> drawn(at, event, "i", at.time(), -1);
    }
  }

  private void drawn(LaneEvents at, Event event, String kind, long time, long duration)
      throws IOException {
    json.open('{').key("ph").value(kind);
    json.key("name").value(Drawing.name(event, cells, at)).key("cat").value(event.system());
    json.key("ts").micros(time);
    if (duration >= 0) {
      json.key("dur").micros(duration);
    }
    if (kind.equals("i")) {
      json.key("s").value("t");
    }
    json.key("pid").value(Tracks.process(at)).key("tid").value(at.tid());
    json.key("args").open('{').key("cpu").value(at.lane.cpu());
    for (EventField field : event.fields()) {
      json.key(field.name()).any(Cells.field(event, field.name()));
    }
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
    newest = Math.max(newest, at.time());
    lost(at.traceIndex, at.lane, newest, missed);
  }

  private void lost(int trace, Lane lane, long time, long missed) throws IOException {
    long all = lost.merge(Tracks.lost(trace, lane), Math.max(0, missed), Long::sum);
    json.open('{').key("ph").value("C").key("name").value(Tracks.lostName(lane));
    json.key("ts").micros(time).key("pid").value(traces.get(trace).process().orElse(0));
    json.key("args").open('{').key("events").value(all).close('}').close('}');
    write();
  }

  @Override
  public void end() throws IOException {
    for (int i = 0; i < traces.size(); i++) {
      for (Trace.Lost each : traces.get(i).losses()) {
        if (each.isRefused()) {
          lost(i, new Lane(each.buffer(), each.cpu(), null), newest, each.events());
        }
      }
    }
    out.write("\n]}\n".getBytes(StandardCharsets.UTF_8));
  }
}
