package org.pagewheel.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.format.PageLayout;

/** How many events there are in each slice of time. */
public final class Rate implements Answer {
  private static final int ROWS = 20;
  private static final int MAX_ROWS = 10_000;

  private final List<Trace> traces;
  private final String what;
  private final Problems problems = new Problems();
  private final boolean isNanos;
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;
  private long begin;
  private long every;
  private long[] counts = {};
  private long lost;

  private Rate(List<Trace> traces, Condition condition) {
    this.traces = List.copyOf(traces);
    this.what = condition == null ? "all events" : condition.text();
    this.isNanos = traces.stream().allMatch(Trace::isNanos);
  }

  /**
   * Computes the answer.
   *
   * @param traces of one clock; they stay open
   * @param condition which events; null for all
   * @param every how long a slice is, such as {@code 100ms}; null for a length that gives about
   *     twenty slices
   * @return the answer
   * @throws IOException if nothing can be read
   */
  public static Rate of(List<Trace> traces, Condition condition, String every) throws IOException {
    Rate rate = new Rate(traces, condition);
    Matching matching = condition == null ? null : condition.in(traces);
    long asked = every == null ? 0 : TimeText.duration("--every", every, rate.isNanos);
    if (every != null && asked == 0) {
      throw new IllegalArgumentException("--every must be more than 0");
    }
    rate.look(matching, false);
    if (rate.first > rate.last) {
      return rate;
    }
    rate.every = every == null ? round((rate.last - rate.first) / ROWS + 1) : asked;
    rate.begin = Math.floorDiv(rate.first, rate.every) * rate.every;
    long rows = (rate.last - rate.begin) / rate.every + 1;
    if (rows > MAX_ROWS || rows < 1) {
      throw new IllegalArgumentException(
          "--every %s makes more than %s slices of %s"
              .formatted(
                  every,
                  Words.number(MAX_ROWS),
                  Words.duration(rate.last - rate.first, rate.isNanos)));
    }
    rate.counts = new long[(int) rows];
    rate.look(matching, true);
    return rate;
  }

  /** The next of 1, 2, 5, 10 and so on. */
  private static long round(long length) {
    long unit = 1;
    while (unit <= length / 10) {
      unit *= 10;
    }
    return length <= unit
        ? unit
        : length <= 2 * unit ? 2 * unit : length <= 5 * unit ? 5 * unit : 10 * unit;
  }

  private void look(Matching matching, boolean isCounting) throws IOException {
    for (int i = 0; i < traces.size(); i++) {
      for (Lane lane : traces.get(i).lanes()) {
        LaneEvents at = new LaneEvents(i, traces.get(i), lane, problems);
        while (at.next()) {
          if (matching != null && !matching.test(at)) {
            continue;
          }
          if (isCounting) {
            int slice = (int) Math.clamp((at.time() - begin) / every, 0L, counts.length - 1L);
            counts[slice]++; // in a living ring later events may have come since the first pass
          } else {
            first = Math.min(first, at.time());
            last = Math.max(last, at.time());
          }
        }
        lost = isCounting ? lost : PageLayout.sumOfMissed(lost, at.lost());
      }
      lost = isCounting ? lost : PageLayout.sumOfMissed(lost, traces.get(i).refused());
      traces.get(i).warnings().forEach(problems::add);
    }
  }

  @Override
  public List<String> notes() {
    return Words.lossNote(lost);
  }

  @Override
  public List<String> problems() {
    return problems.lines();
  }

  @Override
  public List<String> text(Style style) {
    List<String> lines = new ArrayList<>();
    if (counts.length == 0) {
      lines.add(Words.name(what) + ": none");
      return lines;
    }
    long most = 0;
    for (long count : counts) {
      most = Math.max(most, count);
    }
    lines.add(Words.name(what) + " every " + Words.duration(every, isNanos));
    Rows rows = new Rows().add("from", "events", isNanos ? "a second" : "", "");
    for (int i = 0; i < counts.length; i++) {
      rows.add(
          Words.time(begin + i * every, traces.getFirst(), style),
          Words.number(counts[i]),
          isNanos ? Words.rate(counts[i] * 1e9 / every) : "",
          Words.bar(counts[i], most, Math.max(8, style.columns() - 50), style));
    }
    lines.addAll(rows.lines(style.columns()));
    return lines;
  }

  @Override
  public String json(Style style) {
    Json json = new Json().open('{').key("events").value(what).key("every").value(every);
    if (counts.length > 0) {
      JsonTimes.add(json, "from", begin, traces.getFirst(), style);
    }
    return json.key("counts")
        .any(counts)
        .key("lost")
        .count(lost)
        .key("problems")
        .any(problems())
        .close('}')
        .take();
  }
}
