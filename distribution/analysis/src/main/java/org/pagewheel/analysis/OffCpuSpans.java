package org.pagewheel.analysis;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.pagewheel.analysis.OffCpuFound.Row;
import org.pagewheel.event.Event;

/** Splits the time of spans, whose events come in the order of their times. */
final class OffCpuSpans {
  static final String JVM = "jvm";
  private static final int PENDING = 1 << 18;

  /** Of the content of a begin, for a line that may be shown. */
  private static final int MAX_CONTENT = 256;

  /**
   * Which spans are meant.
   *
   * @param asked by a condition; null for all
   * @param named by the name in it alone
   * @param threads those of these threads; null for all
   * @param between those that begin in it
   */
  record Choice(Matching asked, Matching named, ThreadChoice threads, Interval between) {}

  /** A span that is open. */
  private record Open(TimeParts before, byte[] content, int cpu) {}

  private final Cells cells;
  private final Choice choice;
  private final Scheduling scheduling;
  private final OffCpuFound found;
  private final SpanPairs pairs;
  private Open[] opens = new Open[16];
  private int open;

  OffCpuSpans(
      List<Trace> traces, Cells cells, Choice choice, Scheduling scheduling, OffCpuFound found) {
    this.cells = cells;
    this.choice = choice;
    this.scheduling = scheduling;
    this.found = found;
    this.pairs = new SpanPairs(traces, cells, PENDING, this::giveUp);
  }

  /** Whether one that is meant has no end yet. */
  boolean isOpen() {
    return open > 0;
  }

  /** Gives up those that are open. */
  void finish() throws IOException {
    pairs.end();
  }

  /** Looks at the current event, which {@link Scheduling} has taken. */
  void look(LaneEvents at) throws IOException {
    SpanPairs.Look look = pairs.look(at);
    if (look == SpanPairs.Look.BEGIN) {
      begin(at);
    } else if (look == SpanPairs.Look.SPAN) {
      end(at);
    }
  }

  private boolean isMeant(LaneEvents at) {
    return choice.asked() == null
        || choice.named().test(at) && (!choice.asked().has(at) || choice.asked().test(at));
  }

  private boolean isMeant(LaneEvents at, long begin) {
    return begin >= choice.between().from()
        && begin <= choice.between().to()
        && (choice.threads() == null || choice.threads().contains(at.traceIndex, at.tid()))
        && !pairs.part().system().equals(JVM)
        && isMeant(at);
  }

  private void begin(LaneEvents at) {
    int entry = pairs.entry();
    if (entry >= opens.length) {
      opens = Arrays.copyOf(opens, Math.max(entry + 1, 2 * opens.length));
    }
    opens[entry] = null;
    if (!isMeant(at, at.time())) {
      return;
    }
    byte[] content = new byte[at.length() <= MAX_CONTENT ? at.length() : 0];
    MemorySegment.copy(at.memory(), ValueLayout.JAVA_BYTE, at.offset(), content, 0, content.length);
    TimeParts before = scheduling.at(at.tid()).sums().copy();
    opens[entry] = new Open(before, content, at.lane.cpu());
    open++;
  }

  private void giveUp(int entry) {
    if (entry < opens.length && opens[entry] != null) {
      opens[entry] = null;
      open--;
      found.unended++;
    }
  }

  private void end(LaneEvents at) {
    int entry = pairs.entry();
    Open from = entry == 0 ? null : opens[entry];
    if (from != null) {
      opens[entry] = null;
      open--;
    }
    boolean isMeant = entry == 0 ? isMeant(at, pairs.begin()) : from != null && isMeantAtEnd(at);
    if (!isMeant) {
      return;
    }
    long length = at.time() - pairs.begin();
    if (pairs.beginTid() != at.tid()) {
      found.elsewhere++;
      return;
    }
    ThreadTime thread = scheduling.at(at.tid());
    TimeParts parts = entry == 0 ? thread.since(pairs.begin()) : thread.sums().since(from.before());
    parts.add(TimeParts.Part.UNKNOWN, Math.max(0, length - parts.total()));
    if (parts.total() != length) {
      found.backwards++;
      return;
    }
    found.virtual += SchedTypes.isVirtual(at.tid()) ? 1 : 0;
    String name = pairs.part().name();
    found.add(name, parts);
    Row row =
        new Row(name, at.traceIndex, at.tid(), pairs.begin(), parts, thread.longest(pairs.begin()));
    if (found.spans.keep(row)) {
      row.content = content(from, row, cells.event(at));
    }
  }

  private boolean isMeantAtEnd(LaneEvents at) {
    return choice.asked() == null || !choice.asked().has(at) || choice.asked().test(at);
  }

  private String content(Open from, Row row, Event end) {
    String atEnd = SpanLatency.text(end);
    if (from == null || from.content().length == 0) {
      return atEnd;
    }
    String atBegin =
        SpanLatency.text(cells.event(row.trace, from.content(), row.begin, from.cpu()));
    return (atBegin + " " + atEnd).strip();
  }
}
