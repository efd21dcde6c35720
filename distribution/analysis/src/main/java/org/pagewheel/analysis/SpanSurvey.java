package org.pagewheel.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** How many spans of each type there are in some traces, and how long they took. */
final class SpanSurvey {
  private static final int PENDING = 1 << 18;

  /** More types than a program has: each has a histogram. */
  private static final int MAX_TYPES = 1024;

  /** Spans of one type. */
  static final class OfType {
    final String name;
    final Histogram histogram = new Histogram(3);
    long most;

    /** Spans without the result that their type has. */
    long left;

    /** Begins without an end. */
    long unended;

    /** Ends without a begin. */
    long unbegun;

    OfType(String name) {
      this.name = name;
    }

    long spans() {
      return histogram.getTotalCount();
    }

    long percentile(double percentile) {
      return Math.min(most, histogram.getValueAtPercentile(percentile));
    }
  }

  private final Map<String, OfType> byName = new TreeMap<>();
  private final Map<Integer, String> names = new TreeMap<>();

  /** Looks at all events, if there may be spans among them. */
  SpanSurvey(List<Trace> traces) throws IOException {
    if (new SpanTypes(traces).isEmpty()) {
      return;
    }
    SpanPairs[] pairs = new SpanPairs[1];
    pairs[0] =
        new SpanPairs(traces, new Cells(traces), PENDING, entry -> unended(pairs[0].number(entry)));
    Cells cells = new Cells(traces);
    Merged events = new Merged(traces, new Problems());
    for (LaneEvents at = events.next(); at != null; at = events.next()) {
      look(pairs[0], pairs[0].look(at), at, cells);
    }
    pairs[0].end();
  }

  private void look(SpanPairs pairs, SpanPairs.Look look, LaneEvents at, Cells cells) {
    if (look == SpanPairs.Look.NOTHING) {
      return;
    }
    names.putIfAbsent(pairs.part().number(), pairs.part().name());
    OfType type = type(pairs.part().name());
    if (type != null && look == SpanPairs.Look.ALONE) {
      type.unbegun++;
    } else if (type != null && look == SpanPairs.Look.SPAN) {
      long length = Math.clamp(at.time() - pairs.begin(), 0, Long.MAX_VALUE / 2);
      type.histogram.recordValue(length);
      type.most = Math.max(type.most, length);
      if (pairs.part().isLeft(cells.event(at))) {
        type.left++;
      }
    }
  }

  private void unended(int number) {
    OfType type = type(names.get(number));
    if (type != null) {
      type.unended++;
    }
  }

  private OfType type(String name) {
    return byName.size() < MAX_TYPES ? byName.computeIfAbsent(name, OfType::new) : byName.get(name);
  }

  /** Those with the longest total come first. */
  List<OfType> types() {
    List<OfType> types = new ArrayList<>(byName.values());
    types.sort(
        Comparator.comparingDouble(
                (OfType type) -> type.spans() == 0 ? 0 : type.histogram.getMean() * type.spans())
            .reversed());
    return types;
  }
}
