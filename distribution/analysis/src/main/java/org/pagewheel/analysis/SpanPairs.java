package org.pagewheel.analysis;

import java.io.IOException;
import java.util.List;
import org.pagewheel.event.Event;

/**
 * Finds the two halves of spans among events that come in the order of their times. The begins that
 * wait are of a limited number: the oldest makes room for the newest. Allocates nothing for an
 * event.
 */
final class SpanPairs {
  /** The kind of an event. */
  enum Look {
    /** Not part of a span. */
    NOTHING,
    /** A begin, which waits at {@link #entry}. */
    BEGIN,
    /** The end of a span, whose values are available until the next look. */
    SPAN,
    /** An end without a begin. */
    ALONE
  }

  /** Gets the entry of a begin that is given up, before it is removed. */
  @FunctionalInterface
  interface Gone {
    void accept(int entry) throws IOException;
  }

  private final SpanTypes types;
  private final Cells cells;
  private final Pending pending;
  private final Gone gone;
  private final List<Trace> traces;
  private SpanTypes.Part part;
  private int entry;
  private long begin;
  private int beginTid;
  private boolean hasEntry;

  /**
   * Prepares.
   *
   * @param most how many begins may wait
   * @param gone gets begins without an end
   */
  SpanPairs(List<Trace> traces, Cells cells, int most, Gone gone) {
    this.traces = traces;
    this.types = new SpanTypes(traces);
    this.cells = cells;
    this.pending = types.isEmpty() ? null : new Pending(most);
    this.gone = gone;
  }

  /** Looks at the lane's current event. */
  Look look(LaneEvents at) throws IOException {
    if (pending == null) {
      return Look.NOTHING;
    }
    if (hasEntry) {
      pending.remove(entry);
      hasEntry = false;
    }
    part = types.of(at);
    if (part == null) {
      return Look.NOTHING;
    }
    Event event = cells.event(at);
    long value;
    try {
      value = event.getLong(part.field());
    } catch (IllegalStateException e) {
      return Look.NOTHING; // the event is shorter than its format
    }
    if (part.isWhole()) {
      boolean isNanos = traces.get(at.traceIndex).isNanos();
      begin = at.time() - (isNanos ? Math.clamp(value, 0, Math.max(0, at.time())) : 0);
      beginTid = at.tid();
      return Look.SPAN;
    }
    long kind = (long) at.traceIndex << Integer.SIZE | part.number();
    entry = pending.find(kind, value);
    if (part.isBegin()) {
      if (entry != 0) {
        giveUp(entry);
      } else if (pending.isFull()) {
        giveUp(pending.oldest());
      }
      entry = pending.add(kind, value, at.time(), at.tid(), at.lane.cpu());
      return Look.BEGIN;
    }
    if (entry == 0 || pending.time(entry) > at.time()) {
      return Look.ALONE;
    }
    begin = pending.time(entry);
    beginTid = pending.tid(entry);
    hasEntry = true;
    return Look.SPAN;
  }

  /** Gives up the begin that has waited the longest; there must be one. */
  void giveUpOldest() throws IOException {
    giveUp(pending.oldest());
  }

  private void giveUp(int which) throws IOException {
    gone.accept(which);
    pending.remove(which);
  }

  /** Gives up all waiting begins. */
  void end() throws IOException {
    if (pending != null) {
      if (hasEntry) {
        pending.remove(entry);
        hasEntry = false;
      }
      for (int oldest = pending.oldest(); oldest != 0; oldest = pending.oldest()) {
        giveUp(oldest);
      }
    }
  }

  /** The type of the event. */
  SpanTypes.Part part() {
    return part;
  }

  /** The place of the span's begin, at least 1; 0 if it is one event. */
  int entry() {
    return part.isWhole() ? 0 : entry;
  }

  long begin() {
    return begin;
  }

  int beginTid() {
    return beginTid;
  }

  /** The number of the name of a begin that waits. */
  int number(int which) {
    return (int) pending.first(which);
  }

  long begin(int which) {
    return pending.time(which);
  }
}
