package org.pagewheel.analysis;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageLayout;

/** One pass over traces that fills tables. Where rows are not wanted, they go to null. */
final class TableFilling {
  /** The cause of a loss that a gap in the pages represents. */
  private static final String GAP = "gap";

  /** How often it is asked whether the thread is interrupted; a power of two. */
  private static final int OFTEN = 1 << 12;

  private final List<Trace> traces;
  private final boolean isWall;
  private final Problems problems;
  private final TableRows events;
  private final TableRows losses;
  private final TableRows spans;
  private final Map<String, Place> places = new HashMap<>();

  /** Where the rows of an event type go. */
  private record Place(EventTable type, TableRows to) {}

  TableFilling(
      List<Trace> traces,
      boolean isWall,
      Problems problems,
      TableRows events,
      TableRows losses,
      TableRows spans) {
    this.traces = traces;
    this.isWall = isWall;
    this.problems = problems;
    this.events = events;
    this.losses = losses;
    this.spans = spans;
  }

  /** Also gives the rows of a type. */
  void add(String name, EventTable type, TableRows to) {
    places.put(name, new Place(type, to));
  }

  /** Gives the names of all threads. */
  void threads(TableRows to) throws IOException {
    for (Trace trace : traces) {
      for (Map.Entry<Integer, String> each : trace.threadNames().entrySet()) {
        to.number(each.getKey());
        to.text(each.getValue());
        to.end();
      }
    }
  }

  private List<Place[]> byId() {
    List<Place[]> byId = new ArrayList<>();
    for (Trace trace : traces) {
      Place[] ids = new Place[TypeIndex.IDS];
      for (EventFormat format : trace.formats()) {
        if (format.id() >= 0 && format.id() < ids.length) {
          ids[format.id()] = places.get(TypeIndex.name(format));
        }
      }
      byId.add(ids);
    }
    return byId;
  }

  /**
   * Reads the traces, if anything but names is wanted.
   *
   * @return how many events are lost that the tables say nothing of
   */
  long run() throws IOException {
    if (events == null && losses == null && spans == null && places.isEmpty()) {
      return 0;
    }
    Cells cells = new Cells(traces);
    List<Place[]> byId = byId();
    SpanTable pairs = spans == null ? null : new SpanTable(this, traces, cells, spans);
    Merged merged = new Merged(traces, problems);
    long count = 0;
    for (LaneEvents at = merged.next(); at != null; at = merged.next()) {
      if ((++count & OFTEN - 1) == 0 && Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("it was interrupted");
      }
      if (losses != null && at.missed() != 0) {
        loss(losses, at, at.missed());
      }
      Place place = at.type() < 0 ? null : byId.get(at.traceIndex)[at.type()];
      if (place != null) {
        common(place.to, at, cells);
        place.type.write(cells.event(at), place.to);
        place.to.end();
      }
      if (events != null) {
        common(events, at, cells);
        events.text(Cells.name(cells.event(at)));
        events.text((String) cells.value(Cells.FIELDS, at));
        events.end();
      }
      if (pairs != null) {
        pairs.look(at);
      }
    }
    if (pairs != null) {
      pairs.end();
    }
    if (losses != null) {
      endLosses(merged, losses);
      return 0;
    }
    return traces.stream().mapToLong(Trace::refused).reduce(merged.lost(), PageLayout::sumOfMissed);
  }

  private void common(TableRows to, LaneEvents at, Cells cells) throws IOException {
    time(at.traceIndex, at.time(), to);
    to.number(at.lane.cpu());
    to.number(at.tid());
    to.text(cells.thread(at));
    to.text(at.lane.buffer());
  }

  private void loss(TableRows to, LaneEvents lane, long missed) throws IOException {
    loss(to, lane.traceIndex, lane.time(), lane.lane.cpu(), lane.lane.buffer(), missed, GAP);
  }

  private void loss(
      TableRows to, int trace, Long at, int cpu, String buffer, long missed, String cause)
      throws IOException {
    time(trace, at, to);
    to.number(cpu);
    to.text(buffer);
    if (missed < 0) {
      to.nothing();
    } else {
      to.number(missed);
    }
    to.text(cause);
    to.end();
  }

  /** Those after the last event of a lane, and those that never came into a ring. */
  private void endLosses(Merged merged, TableRows to) throws IOException {
    for (LaneEvents lane : merged.lanes()) {
      if (lane.missedAtEnd() != 0) {
        loss(to, lane, lane.missedAtEnd());
      }
    }
    for (int i = 0; i < traces.size(); i++) {
      for (Trace.Lost each : traces.get(i).losses()) {
        if (each.isRefused()) {
          loss(to, i, null, each.cpu(), each.buffer(), each.events(), each.cause());
        }
      }
    }
  }

  /** Gives a time, as it is wanted; null if there is none. */
  void time(int trace, Long at, TableRows to) throws IOException {
    if (at == null) {
      to.nothing();
    } else if (isWall) {
      to.time(at + traces.get(trace).wallOffset().orElseThrow());
    } else {
      to.number(at);
    }
  }

  String thread(int trace, int tid) {
    return Threads.name(traces.get(trace).threadNames(), tid);
  }
}
