package org.pagewheel.analysis;

import java.io.IOException;
import java.util.List;

/**
 * A span of time, as events show theirs.
 *
 * @param from its first nanosecond, or unit of the clock
 * @param to its last one
 */
record Interval(long from, long to) {
  static final Interval ALL = new Interval(Long.MIN_VALUE, Long.MAX_VALUE);

  /** That between two times as people write them. */
  static Interval of(List<Trace> traces, String begin, String end) throws IOException {
    Trace trace = traces.getFirst();
    boolean isAfterFirst = begin.startsWith("+") || end.startsWith("+");
    LaneEvents first = isAfterFirst ? new Merged(traces, new Problems()).next() : null;
    long base = first == null ? 0 : first.time();
    long from = TimeText.time(begin, trace, base, false);
    long to = TimeText.time(end, trace, base, true);
    if (from > to) {
      throw new IllegalArgumentException("--between: " + begin + " is after " + end);
    }
    return new Interval(from, to);
  }
}
