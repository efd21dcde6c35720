package org.pagewheel.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pagewheel.analysis.Latency.Pair;
import org.pagewheel.event.Event;

/**
 * What the threads of a slow pair did between its begin and its end, and what the JVM did
 * meanwhile. An event of the JVM has the time of its end, and says how long it took.
 */
final class Meanwhile {
  private static final String JVM = "jvm";
  private static final String DURATION = "duration";
  private static final int MAX_TYPES = 64;
  private static final int MAX_JVM = 8;

  /** An event of the JVM that overlaps. */
  record OfJvm(String event, String what, long duration) {}

  /** Events by type of the thread on which it began, without the pair itself. */
  final Map<String, Long> onFirst = new LinkedHashMap<>();

  /** Those of the thread on which it ended, if that is another. */
  final Map<String, Long> onSecond = new LinkedHashMap<>();

  final List<OfJvm> jvm = new ArrayList<>();
  long jvmMore;

  /** Whether the pair's own events have been seen: others may have the same time and thread. */
  private boolean isBeginMet;

  private boolean isEndMet;

  /**
   * Looks at all events once more.
   *
   * @param begins the pairs' own events that begin
   * @param ends and those that end
   */
  static void fill(List<Pair> pairs, List<Trace> traces, Matching begins, Matching ends)
      throws IOException {
    if (pairs.isEmpty()) {
      return;
    }
    long from = Long.MAX_VALUE;
    long to = Long.MIN_VALUE;
    for (Pair pair : pairs) {
      from = Math.min(from, pair.begin);
      to = Math.max(to, pair.end);
    }
    Cells cells = new Cells(traces);
    for (int i = 0; i < traces.size(); i++) {
      boolean[] isJvm = new boolean[1 << 16];
      traces.get(i).formats().stream()
          .filter(format -> format.system().equals(JVM) && format.id() >> 16 == 0)
          .forEach(format -> isJvm[format.id()] = true);
      for (Lane lane : traces.get(i).lanes()) {
        LaneEvents at = new LaneEvents(i, traces.get(i), lane, new Problems());
        while (at.next()) {
          boolean ofJvm = at.type() >= 0 && isJvm[at.type()];
          if (at.time() >= from && (ofJvm || at.time() <= to)) {
            look(pairs, cells, at, ofJvm, begins, ends);
          }
        }
      }
    }
  }

  private static void look(
      List<Pair> pairs, Cells cells, LaneEvents at, boolean ofJvm, Matching begins, Matching ends) {
    int tid = at.tid();
    for (Pair pair : pairs) {
      boolean isBegin = !pair.meanwhile.isBeginMet;
      if (pair.meanwhile.isOwn(pair, at, begins, ends)) {
        if (isBegin
            && pair.meanwhile.isBeginMet
            && begins == ends
            && at.time() < pair.end) { // a span
          pair.atBegin = SpanLatency.text(cells.event(at));
        }
        continue;
      }
      if (ofJvm) {
        pair.meanwhile.jvm(pair, cells.event(at));
      } else if (at.time() >= pair.begin && at.time() <= pair.end) {
        if (tid == pair.beginTid) {
          count(pair.meanwhile.onFirst, cells, at);
        } else if (tid == pair.endTid) {
          count(pair.meanwhile.onSecond, cells, at);
        }
      }
    }
  }

  private boolean isOwn(Pair pair, LaneEvents at, Matching begins, Matching ends) {
    if (!isBeginMet
        && at.time() == pair.begin
        && at.tid() == pair.beginTid
        && at.lane.cpu() == pair.beginCpu
        && begins.test(at)) {
      isBeginMet = true;
      return true;
    }
    if (!isEndMet
        && at.time() == pair.end
        && at.tid() == pair.endTid
        && at.lane.cpu() == pair.endCpu
        && ends.test(at)) {
      isEndMet = true;
      return true;
    }
    return false;
  }

  private static void count(Map<String, Long> counts, Cells cells, LaneEvents at) {
    String name = Cells.name(cells.event(at));
    if (counts.size() < MAX_TYPES || counts.containsKey(name)) {
      counts.merge(name, 1L, Long::sum);
    }
  }

  private void jvm(Pair pair, Event event) {
    Object took = event.has(DURATION) ? Cells.field(event, DURATION) : null;
    long duration = took instanceof Long length ? Math.max(0, length) : 0;
    if (event.time() < pair.begin || event.time() - duration > pair.end) {
      return;
    }
    if (jvm.size() == MAX_JVM) {
      jvmMore++;
      return;
    }
    Object what = event.has("name") ? Cells.field(event, "name") : null;
    jvm.add(new OfJvm(Cells.name(event), what == null ? "" : what.toString(), duration));
  }
}
