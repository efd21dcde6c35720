package org.pagewheel.analysis;

import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;

/** A JSON object in a line for each event. */
final class JsonRows implements RowWriter {
  private final Cells cells;
  private final Style style;
  private final Iterable<String> columns;
  private final Json json = new Json();

  /**
   * Prepares to write.
   *
   * @param columns the columns; null for everything
   */
  JsonRows(Cells cells, Style style, Iterable<String> columns) {
    this.cells = cells;
    this.style = style;
    this.columns = columns;
  }

  @Override
  public String header() {
    return null;
  }

  @Override
  public String row(LaneEvents at) {
    json.open('{');
    if (columns == null) {
      JsonTimes.add(json, Cells.TIME, at.time(), at.trace, style);
      json.key(Cells.CPU).value(at.lane.cpu()).key(Cells.TID).value(at.tid());
      json.key(Cells.THREAD).value(cells.thread(at));
      if (!at.lane.buffer().isEmpty()) {
        json.key("buffer").value(at.lane.buffer());
      }
      Event event = cells.event(at);
      json.key(Cells.EVENT).value(Cells.name(event)).key(Cells.FIELDS).open('{');
      for (EventField field : event.fields()) {
        json.key(field.name()).any(Cells.field(event, field.name()));
      }
      json.close('}');
    } else {
      for (String column : columns) {
        if (column.equals(Cells.TIME)) {
          JsonTimes.add(json, column, at.time(), at.trace, style);
        } else {
          json.key(column).any(cells.value(column, at));
        }
      }
    }
    return json.close('}').take();
  }

  @Override
  public boolean hasLosses() {
    return true;
  }

  @Override
  public String loss(LaneEvents at, long missed) {
    json.open('{');
    JsonTimes.add(json, Cells.TIME, at.time(), at.trace, style);
    json.key(Cells.CPU).value(at.lane.cpu());
    if (!at.lane.buffer().isEmpty()) {
      json.key("buffer").value(at.lane.buffer());
    }
    return json.key("lost").count(missed).close('}').take();
  }
}
