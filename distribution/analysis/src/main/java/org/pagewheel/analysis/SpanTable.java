package org.pagewheel.analysis;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pagewheel.analysis.Table.Column;
import org.pagewheel.analysis.Table.Type;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;
import org.pagewheel.event.EventField.Role;

/**
 * The table of spans, a row for each: complete when it has ended, else without its end, or, if the
 * begin is missing, without that. The content of a limited number of begins is kept, and of a
 * limited size: the oldest is given up, as one that has not ended.
 */
final class SpanTable {
  private static final int MAX_OPEN = 1 << 16;
  private static final long MAX_CHARS = 1 << 24;

  /** A begin that waits. */
  private record Begun(LaneOf of, String type, int tid, long id, Map<String, String> fields) {
    long chars() {
      return fields.entrySet().stream()
          .mapToLong(each -> each.getKey().length() + each.getValue().length())
          .sum();
    }
  }

  /** Where an event is from. */
  private record LaneOf(int trace, String buffer) {}

  private final TableFilling tables;
  private final TableRows to;
  private final Cells cells;
  private final SpanPairs pairs;
  private final Map<Integer, Begun> open = new HashMap<>();
  private long chars;

  SpanTable(TableFilling tables, List<Trace> traces, Cells cells, TableRows to) {
    this.tables = tables;
    this.to = to;
    this.cells = cells;
    this.pairs = new SpanPairs(traces, cells, MAX_OPEN, this::giveUp);
  }

  static List<Column> columns(Type time) {
    return List.of(
        Column.of("ts", time),
        Column.of("end_ts", time),
        Column.of("duration", Type.NUMBER),
        Column.of("tid", Type.NUMBER),
        Column.of("thread", Type.TEXT),
        Column.of("buffer", Type.TEXT),
        Column.of("type", Type.TEXT),
        Column.of("id", Type.NUMBER),
        Column.of("failed", Type.FLAG),
        Column.of("fields", Type.TEXTS));
  }

  void look(LaneEvents at) throws IOException {
    switch (pairs.look(at)) {
      case BEGIN -> {
        Event event = cells.event(at);
        Begun begun = begun(at, event, fields(event));
        open.put(pairs.entry(), begun);
        chars += begun.chars();
        while (chars > MAX_CHARS) {
          pairs.giveUpOldest();
        }
      }
      case SPAN -> span(at);
      case ALONE -> {
        Event event = cells.event(at);
        Begun lost = begun(at, event, fields(event));
        tables.time(lost.of.trace, null, to);
        tables.time(lost.of.trace, at.time(), to);
        to.nothing();
        rest(lost, pairs.part().isLeft(event));
      }
      case NOTHING -> {
        // the event is in the other tables
      }
    }
  }

  private Begun begun(LaneEvents at, Event event, Map<String, String> fields) {
    SpanTypes.Part part = pairs.part();
    long id = event.getLong(part.field()); // it has been read before
    return new Begun(
        new LaneOf(at.traceIndex, at.lane.buffer()), part.name(), at.tid(), id, fields);
  }

  private void span(LaneEvents at) throws IOException {
    SpanTypes.Part part = pairs.part();
    Event event = cells.event(at);
    Begun begun;
    if (part.isWhole()) {
      begun = begun(at, event, fields(event));
    } else {
      begun = open.remove(pairs.entry());
      chars -= begun.chars();
      if (!part.isLeft(event)) { // else they are zeros that nobody wrote
        begun.fields.putAll(fields(event));
      }
    }
    tables.time(begun.of.trace, pairs.begin(), to);
    tables.time(begun.of.trace, at.time(), to);
    to.number(part.isWhole() ? begun.id : at.time() - pairs.begin());
    rest(begun, part.isLeft(event), part.isWhole());
  }

  private void giveUp(int entry) throws IOException {
    Begun begun = open.remove(entry);
    chars -= begun.chars();
    tables.time(begun.of.trace, pairs.begin(entry), to);
    tables.time(begun.of.trace, null, to);
    to.nothing();
    rest(begun, null, false);
  }

  private void rest(Begun begun, boolean isFailed) throws IOException {
    rest(begun, isFailed, false);
  }

  /** What follows the times; of a span that has not ended it is unknown whether it failed. */
  private void rest(Begun begun, Boolean isFailed, boolean isWhole) throws IOException {
    to.number(begun.tid);
    to.text(tables.thread(begun.of.trace, begun.tid));
    to.text(begun.of.buffer);
    to.text(begun.type);
    if (isWhole) {
      to.nothing(); // such spans have no number
    } else {
      to.number(begun.id);
    }
    if (isFailed == null) {
      to.nothing();
    } else {
      to.flag(isFailed);
    }
    to.texts(begun.fields);
    to.end();
  }

  void end() throws IOException {
    pairs.end();
  }

  /** Without what makes the event a part of a span. */
  private static Map<String, String> fields(Event event) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (EventField field : event.fields()) {
      boolean isPart =
          field.role() != Role.NONE && field.role() != Role.FLOW && field.role() != Role.COUNTER;
      if (!isPart && !field.name().equals(SpanTypes.ENDED)) {
        fields.put(field.name(), ColumnRows.text(Cells.field(event, field.name())));
      }
    }
    return fields;
  }
}
