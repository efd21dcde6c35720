package org.pagewheel.analysis;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;

/**
 * Perfetto's protocol buffers. A trace is a repetition of packets:
 *
 * <pre>
 * trace            1 packet…
 * packet           1 ftrace events   6 clock snapshot   8 timestamp   10 sequence   11 track event
 *                  13 sequence flags   42 previous packet dropped   58 clock of timestamp
 *                  60 track descriptor
 * clock snapshot   1 { 1 clock  2 value }…        clocks: 1 time of day, 3 mono, 6 boot
 * track descriptor 1 number  2 name  5 parent  3 process { 1 pid  6 name }
 *                  4 thread { 1 pid  2 tid  5 name }  8 counter { }
 * track event      9 type (1 begin, 2 end, 3 instant, 4 counter)  11 track  22 category  23 name
 *                  30 value  44 value (double)  47 flow (fixed64)…
 *                  4 { 10 name  2 bool, 3 uint, 4 int, 5 double or 6 text }…
 * ftrace events    1 cpu  3 lost  2 { 1 time  2 pid  4 sched_switch { 1..7 its fields } }
 * </pre>
 *
 * <p>Events are points on their threads; calls of a function graph and events with a duration are
 * slices, the latter on a separate line for each type; the kernel's {@code sched_switch} is
 * scheduling. A CPU's losses are a counter, and a flag that Perfetto's statistics show; a loss of
 * unknown number is only the flag. Perfetto's own clock is the time since boot: it is assumed to be
 * the file's, which is true until the machine sleeps.
 */
final class PerfettoSink extends TimelineSink {
  private static final int MONO = 3;
  private static final int BOOT = 6;
  private static final int WALL = 1;

  private static final int BEGIN = 1;
  private static final int END = 2;
  private static final int INSTANT = 3;
  private static final int COUNTER = 4;

  /** The reason why an earlier packet is missing: it was overwritten. */
  private static final int OVERWRITTEN = 64;

  private static final int ENOUGH = 1 << 16;

  private final OutputStream out;
  private final List<Drawing> drawings;
  private final Map<Long, Long> lost = new HashMap<>();
  private final Protobuf packets = new Protobuf();
  private final boolean isMono;
  private final Protobuf content = new Protobuf();
  private boolean hasBegun;

  /** The loss to flag in the next scheduling event of a CPU. */
  private final Map<Long, Boolean> flagged = new HashMap<>();

  PerfettoSink(List<Trace> traces, OutputStream out) {
    super(traces);
    this.out = out;
    this.drawings = traces.stream().map(Drawing::new).toList();
    this.isMono = traces.getFirst().clock().equals("mono");
  }

  @Override
  public void begin() {
    // the clocks' packet needs the first time
  }

  private void clocks(long time) {
    packets.begin(1).begin(6);
    clock(BOOT, time);
    clock(MONO, time);
    traces.getFirst().wallOffset().ifPresent(offset -> clock(WALL, time + offset));
    packets.end().number(10, 1).number(13, 1).end();
    for (int i = 0; i < traces.size(); i++) {
      process(i, traces.get(i));
    }
    hasBegun = true;
  }

  private void clock(int clock, long time) {
    packets.begin(1).number(1, clock).number(2, time).end();
  }

  private void process(int index, Trace trace) {
    if (trace.process().isPresent()) {
      packets.begin(1).number(10, 1).begin(60).number(1, Tracks.process(index));
      packets.begin(3).number(1, trace.process().getAsInt()).text(6, trace.name()).end();
      packets.end().end();
    }
  }

  private void ready(LaneEvents at) throws IOException {
    if (!hasBegun) {
      clocks(at.time());
    }
    if (packets.size() > ENOUGH) {
      packets.moveTo(out);
    }
  }

  @Override
  void point(LaneEvents at, Event event) throws IOException {
    ready(at);
    Drawing.Shape shape = drawings.get(at.traceIndex).shape(at.type());
    if (shape == Drawing.Shape.SWITCH && sched(event, at)) {
      return;
    }
    long duration = Math.min(Drawing.duration(shape, event), at.time());
    long track = shape == Drawing.Shape.SPAN ? ownTrack(event, at, duration) : threadTrack(at);
    switch (shape) {
      case NOTHING -> {}
      case SPAN, CALL -> {
        track(at, at.time() - duration, BEGIN, track, event);
        packet(at.time()).number(9, END).number(11, track).end().end();
      }
      case BEGIN -> track(at, at.time(), BEGIN, track, event);
      case END -> packet(at.time()).number(9, END).number(11, track).end().end();
      default -> track(at, at.time(), INSTANT, track, event);
    }
  }

  /** Opens a packet and a track event in it. */
  private Protobuf packet(long time) {
    packets.begin(1).number(8, time).number(10, 1);
    if (isMono) {
      packets.number(58, MONO);
    }
    return packets.begin(11);
  }

  private void track(LaneEvents at, long time, int type, long track, Event event) {
    packet(time).number(9, type).number(11, track);
    packets.text(22, event.system()).text(23, Drawing.name(event, cells, at));
    fields(packets, at, event);
    packets.end().end();
  }

  private void fields(Protobuf to, LaneEvents at, Event event) {
    for (EventField field : event.fields()) {
      to.begin(4).text(10, field.name());
      value(to, Cells.field(event, field.name()));
      to.end();
    }
    flows(at, event).forEach(flow -> to.fixed(47, flow));
  }

  @Override
  byte[] content(LaneEvents at, Event event) {
    fields(content, at, event);
    return content.take();
  }

  @Override
  void span(LaneEvents at, SpanTypes.Part part, long begin, byte[] atBegin, boolean isNested)
      throws IOException {
    ready(at);
    Event event = cells.event(at);
    long track = isNested ? threadTrack(at) : spanTrack(at, part, begin);
    packet(begin).number(9, BEGIN).number(11, track);
    packets.text(22, part.system()).text(23, part.plainName());
    if (atBegin != null) {
      packets.raw(atBegin).end().end();
    } else {
      fields(packets, at, event);
      packets.end().end();
    }
    packet(at.time()).number(9, END).number(11, track);
    if (atBegin != null) {
      fields(packets, at, event);
    }
    packets.end().end();
  }

  private long spanTrack(LaneEvents at, SpanTypes.Part part, long begin) {
    long track = tracks.span(at, part, begin);
    if (tracks.isNew(track)) {
      descriptor(track, part.plainName(), at.traceIndex).end().end();
    }
    return track;
  }

  @Override
  void unended(int trace, SpanTypes.Part part, long begin, byte[] atBegin) {
    long track = Tracks.open(trace, part);
    if (tracks.isNew(track)) {
      descriptor(track, part.plainName() + ", not ended", trace).end().end();
    }
    packet(begin).number(9, BEGIN).number(11, track);
    packets.text(22, part.system()).text(23, part.plainName()).raw(atBegin).end().end();
  }

  @Override
  void counter(LaneEvents at, String name, Number value) throws IOException {
    ready(at);
    long track = tracks.counter(at.traceIndex, name);
    if (tracks.isNew(track)) {
      descriptor(track, name, at.traceIndex).begin(8).end().end().end();
    }
    packet(at.time()).number(9, COUNTER).number(11, track);
    if (value instanceof Double real) {
      packets.real(44, real);
    } else {
      packets.number(30, value.longValue());
    }
    packets.end().end();
  }

  private static void value(Protobuf to, Object value) {
    switch (value) {
      case Boolean flag -> to.number(2, flag ? 1 : 0);
      case BigInteger number -> to.number(3, number.longValue());
      case Long number -> to.number(4, number);
      case Double number -> to.real(5, number);
      default -> to.text(6, ColumnRows.text(value));
    }
  }

  private long threadTrack(LaneEvents at) {
    long track = Tracks.thread(at);
    if (tracks.isNew(track)) {
      packets.begin(1).number(10, 1).begin(60).number(1, track).begin(4);
      packets.number(1, Tracks.process(at)).number(2, at.tid()).text(5, cells.thread(at));
      packets.end().end().end();
    }
    return track;
  }

  private long ownTrack(Event event, LaneEvents at, long duration) {
    long track = tracks.span(at, at.time() - duration);
    if (tracks.isNew(track)) {
      descriptor(track, Cells.name(event), at.traceIndex).end().end();
    }
    return track;
  }

  /** Opens the packet of a track's descriptor. */
  private Protobuf descriptor(long track, String name, int trace) {
    packets.begin(1).number(10, 1).begin(60).number(1, track).text(2, name);
    return traces.get(trace).process().isPresent()
        ? packets.number(5, Tracks.process(trace))
        : packets;
  }

  /** Returns false if the event is damaged. */
  private boolean sched(Event event, LaneEvents at) {
    long previous;
    long next;
    try {
      previous = event.getLong("prev_pid");
      next = event.getLong("next_pid");
    } catch (IllegalStateException e) {
      return false;
    }
    packets.begin(1).number(10, 1).begin(1).number(1, at.lane.cpu());
    if (flagged.remove(Tracks.lost(at.traceIndex, at.lane)) != null) {
      packets.number(3, 1);
    }
    packets.begin(2).number(1, at.time()).number(2, at.tid()).begin(4);
    packets.text(1, text(event, "prev_comm")).number(2, previous);
    packets.number(3, whole(event, "prev_prio")).number(4, whole(event, "prev_state"));
    packets.text(5, text(event, "next_comm")).number(6, next);
    packets.number(7, whole(event, "next_prio"));
    packets.end().end().end().end();
    return true;
  }

  private static long whole(Event event, String field) {
    return event.has(field) && Cells.field(event, field) instanceof Long number ? number : 0;
  }

  private static String text(Event event, String field) {
    return event.has(field) ? ColumnRows.text(Cells.field(event, field)) : "";
  }

  @Override
  public void lost(LaneEvents at, long missed) throws IOException {
    see(at);
    ready(at);
    lost(at.traceIndex, at.lane, newest(), missed);
  }

  private void lost(int trace, Lane lane, long time, long missed) {
    long track = Tracks.lost(trace, lane);
    if (tracks.isNew(track)) {
      descriptor(track, Tracks.lostName(lane), trace).begin(8).end().end().end();
    }
    long all = lost.merge(track, Math.max(0, missed), Long::sum);
    packets.begin(1).number(8, time).number(10, 1).number(13, 1).number(42, OVERWRITTEN);
    if (isMono) {
      packets.number(58, MONO);
    }
    packets.begin(11).number(9, COUNTER).number(11, track).number(30, all).end().end();
    flagged.put(track, true);
  }

  @Override
  public void end() throws IOException {
    if (!hasBegun) {
      clocks(0);
    }
    for (int i = 0; i < traces.size(); i++) {
      for (Trace.Lost each : traces.get(i).losses()) {
        if (each.isRefused()) {
          lost(i, new Lane(each.buffer(), each.cpu(), null), newest(), each.events());
        }
      }
    }
    endSpans();
    packets.moveTo(out);
  }
}
