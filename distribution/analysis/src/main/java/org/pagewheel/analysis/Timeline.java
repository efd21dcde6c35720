package org.pagewheel.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pagewheel.event.Event;
import org.pagewheel.format.PageLayout;

/**
 * When each thread wrote events: threads down, time across. Below them are spans, events with a
 * duration such as garbage collections, and where events were lost.
 */
public final class Timeline implements Answer {
  private static final int USUAL_ROWS = 20;

  /** A hostile file may have a thread for each event. */
  private static final int MAX_ROWS = 4096;

  private static final int MAX_OPEN = 1 << 18;
  private static final int MIN_BARS = 16;
  private static final int LOST = 0;
  private static final int OTHERS = 1;

  /** A line. */
  private static final class Row {
    final int number;
    final String name;
    final boolean isThread;
    long events;

    Row(int number, String name, boolean isThread) {
      this.number = number;
      this.name = name;
      this.isThread = isThread;
    }
  }

  private final List<Trace> traces;
  private final Problems problems = new Problems();
  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Row> byName = new HashMap<>();
  private final Rates rates;
  private final Cells cells;
  private final int top;
  private long last = Long.MIN_VALUE;
  private long lost;

  private Timeline(List<Trace> traces, Matching matching, int top) throws IOException {
    this.traces = List.copyOf(traces);
    this.top = top > 0 ? top : USUAL_ROWS;
    this.cells = new Cells(traces);
    this.rates = new Rates(base(), MAX_ROWS);
    row("lost", false);
    row("other threads", true);
    for (int i = 0; i < traces.size(); i++) {
      Drawing drawing = new Drawing(traces.get(i));
      for (Lane lane : traces.get(i).lanes()) {
        look(new LaneEvents(i, traces.get(i), lane, problems), drawing, matching);
      }
      lost = PageLayout.sumOfMissed(lost, traces.get(i).refused());
      traces.get(i).warnings().forEach(problems::add);
    }
    if (!new SpanTypes(traces).isEmpty()) {
      pairs(matching);
    }
  }

  /** Spans of two events, found only in the order of time. */
  private void pairs(Matching matching) throws IOException {
    SpanPairs pairs = new SpanPairs(traces, cells, MAX_OPEN, entry -> {});
    Merged events = new Merged(traces, new Problems());
    for (LaneEvents at = events.next(); at != null; at = events.next()) {
      if ((matching == null || matching.test(at))
          && pairs.look(at) == SpanPairs.Look.SPAN
          && !pairs.part().isWhole()) {
        span(pairs.part().name(), at, at.time() - pairs.begin());
      }
    }
  }

  /**
   * Computes the answer.
   *
   * @param traces of one clock; they stay open
   * @param condition which events; null for all
   * @param top how many threads the text shows; 0 for 20
   * @return the answer
   * @throws IOException if nothing can be read
   */
  public static Timeline of(List<Trace> traces, Condition condition, int top) throws IOException {
    return new Timeline(traces, condition == null ? null : condition.in(traces), top);
  }

  private long base() throws IOException {
    long base = Long.MAX_VALUE;
    for (int i = 0; i < traces.size(); i++) {
      for (Lane lane : traces.get(i).lanes()) {
        LaneEvents at = new LaneEvents(i, traces.get(i), lane, new Problems());
        base = at.next() ? Math.min(base, at.time()) : base;
      }
    }
    return base;
  }

  private void look(LaneEvents at, Drawing drawing, Matching matching) {
    Row thread = null;
    int tid = 0;
    while (at.next()) {
      if (at.missed() != 0) {
        rates.add(LOST, at.time(), Math.max(1, at.missed()));
      }
      if (matching != null && !matching.test(at)) {
        continue;
      }
      if (thread == null || tid != at.tid()) { // many events of a CPU come from the same thread
        tid = at.tid();
        thread = row(Threads.text(at.trace.threadNames(), tid), true);
      }
      thread.events++;
      rates.add(thread.number, at.time());
      last = Math.max(last, at.time());
      if (drawing.shape(at.type()) == Drawing.Shape.SPAN) {
        Event event = cells.event(at);
        span(Cells.name(event), at, Drawing.duration(event));
      }
    }
    lost = PageLayout.sumOfMissed(lost, at.lost());
  }

  private void span(String name, LaneEvents at, long duration) {
    Row row = row(name, false);
    row.events++;
    long from = Math.max(rates.base(), at.time() - duration);
    for (long time = at.time(); time >= from; time -= rates.width()) {
      rates.add(row.number, time);
    }
  }

  private Row row(String name, boolean isThread) {
    Row known = byName.get(name);
    if (known == null && rows.size() >= MAX_ROWS) {
      return rows.get(OTHERS);
    }
    if (known == null) {
      known = new Row(rows.size(), name, isThread);
      rows.add(known);
      byName.put(name, known);
    }
    return known;
  }

  private List<Row> of(boolean areThreads) {
    return rows.stream()
        .filter(row -> row.isThread == areThreads && row.events > 0)
        .sorted(Comparator.comparingLong((Row row) -> row.events).reversed())
        .toList();
  }

  @Override
  public List<String> text(Style style) {
    List<String> lines = new ArrayList<>();
    List<Row> threads = of(true);
    if (threads.isEmpty()) {
      lines.add("no events");
      return lines;
    }
    Trace trace = traces.getFirst();
    List<Row> shown = new ArrayList<>(threads.subList(0, Math.min(top, threads.size())));
    shown.addAll(of(false));
    int name = shown.stream().mapToInt(row -> Words.name(row.name).length()).max().orElse(0);
    int bars = Math.max(MIN_BARS, style.columns() - Math.min(name, style.columns() / 3) - 14);
    long[] any = rates.over(rates.sum(), last, bars);
    Words.wrap(
        "%s to %s, each sign is %s"
            .formatted(
                Words.time(rates.base(), trace, style),
                Words.time(last, trace, style),
                Words.duration((last - rates.base()) / any.length + 1, trace.isNanos())),
        style.columns(),
        lines);
    Rows table = new Rows().add("thread", "events", "");
    for (Row row : shown) {
      table.add(Words.name(row.name), Words.number(row.events), bars(row, bars, style));
    }
    if (lost != 0) {
      table.add("lost", lost < 0 ? "?" : Words.number(lost), bars(rows.get(LOST), bars, style));
    }
    lines.addAll(table.lines(style.columns()));
    Words.more(threads.size(), top, "thread", style, lines);
    return lines;
  }

  private String bars(Row row, int parts, Style style) {
    return Words.bars(rates.over(rates.of(row.number), last, parts), style);
  }

  @Override
  public String json(Style style) {
    Json json = new Json().open('{');
    if (last != Long.MIN_VALUE) {
      JsonTimes.add(json, "from", rates.base(), traces.getFirst(), style);
    }
    json.key("every").value(rates.width());
    add(json.key("threads"), of(true));
    add(json.key("spans"), of(false));
    return json.key("lost")
        .count(lost)
        .key("losses")
        .any(used(LOST))
        .key("problems")
        .any(problems())
        .close('}')
        .take();
  }

  private void add(Json json, List<Row> of) {
    json.open('[');
    for (Row row : of) {
      json.open('{').key("name").value(row.name).key("events").value(row.events);
      json.key("counts").any(used(row.number)).close('}');
    }
    json.close(']');
  }

  private long[] used(int thing) {
    return last == Long.MIN_VALUE ? new long[0] : rates.over(rates.of(thing), last, Rates.SLICES);
  }

  @Override
  public List<String> problems() {
    return problems.lines();
  }
}
