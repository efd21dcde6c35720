package org.pagewheel.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.pagewheel.analysis.Summary.Share;

/**
 * What has changed from one trace to another in the counts and rates of its types. The rate of the
 * second is given as a multiple of that of the first, with an interval that contains the true
 * factor with a confidence of 95 %, if events are independent of each other.
 */
public final class Difference implements Answer {
  private static final double SIGMAS = 1.96;
  private static final int MAX_ROWS = 60;

  /** A type in both; with the ratio of its rates and the ends of its interval. */
  private record Change(
      String type, long before, long after, double ratio, double least, double most) {
    /** How sure it is that something changed: 0 if it may be nothing. */
    double weight() {
      if (before == 0 || after == 0) {
        return Double.MAX_VALUE;
      }
      return least > 1 ? Math.log(least) : most < 1 ? -Math.log(most) : 0;
    }
  }

  private final Summary first;
  private final Summary second;
  private final List<Change> changes = new ArrayList<>();

  /** How many types are shown as text. */
  private final int top;

  private Difference(Summary first, Summary second, int top) {
    this.top = top > 0 ? top : MAX_ROWS;
    this.first = first;
    this.second = second;
    Map<String, long[]> counts = new TreeMap<>();
    add(counts, first.types, 0);
    add(counts, second.types, 1);
    counts.forEach((type, both) -> changes.add(change(type, both[0], both[1])));
    changes.sort(
        Comparator.comparingDouble(Change::weight)
            .reversed()
            .thenComparing(Comparator.comparingLong((Change c) -> c.before + c.after).reversed()));
  }

  /**
   * Compares.
   *
   * @param before a trace; it stays open
   * @param after another
   * @return the answer
   * @throws IOException if nothing can be read
   */
  public static Difference of(Trace before, Trace after) throws IOException {
    return of(before, after, 0);
  }

  /**
   * Compares, and shows more.
   *
   * @param before a trace; it stays open
   * @param after another
   * @param top how many types the text shows; 0 for 60
   * @return the answer
   * @throws IOException if nothing can be read
   */
  public static Difference of(Trace before, Trace after, int top) throws IOException {
    return new Difference(Summary.of(List.of(before)), Summary.of(List.of(after)), top);
  }

  private static void add(Map<String, long[]> counts, List<Share> types, int index) {
    types.forEach(
        type -> counts.computeIfAbsent(type.name(), name -> new long[2])[index] = type.events());
  }

  private Change change(String type, long before, long after) {
    double ratio = second.perSecond(after) / first.perSecond(before);
    double spread = Math.exp(SIGMAS * Math.sqrt(1.0 / before + 1.0 / after));
    return new Change(type, before, after, ratio, ratio / spread, ratio * spread);
  }

  @Override
  public List<String> problems() {
    List<String> problems = new ArrayList<>(first.problems());
    problems.addAll(second.problems());
    return problems;
  }

  @Override
  public List<String> text(Style style) {
    List<String> lines = new ArrayList<>();
    head(lines, "before", first, style);
    head(lines, "after", second, style);
    Rows rows = new Rows().add("type", "before", "after", "rate", "95% interval", "");
    for (Change change : changes.subList(0, Math.min(top, changes.size()))) {
      boolean isBoth = Double.isFinite(change.ratio) && change.ratio > 0;
      rows.add(
          Words.name(change.type),
          Words.number(change.before),
          Words.number(change.after),
          isBoth ? "x " + factor(change.ratio) : "-",
          isBoth ? factor(change.least) + " to " + factor(change.most) : "-",
          note(change));
    }
    lines.addAll(rows.lines(style.columns()));
    Words.more(changes.size(), top, "type", style, lines);
    return lines;
  }

  private static void head(List<String> lines, String when, Summary summary, Style style) {
    Words.wrap(
        "%s: %s, %s in %s, %s lost"
            .formatted(
                when,
                Words.name(summary.traces.getFirst().name()),
                Words.count(summary.events, "event"),
                Words.duration(summary.span(), summary.isNanos()),
                Words.lost(summary.lost)),
        style.columns(),
        lines);
  }

  private static String note(Change change) {
    if (change.before == 0) {
      return "new";
    }
    if (change.after == 0) {
      return "gone";
    }
    return change.least > 1 ? "more" : change.most < 1 ? "less" : "";
  }

  private static String factor(double factor) {
    return String.format(Locale.ROOT, factor < 10 ? "%.2f" : "%,.0f", factor);
  }

  @Override
  public String json(Style style) {
    Json json = new Json().open('{').key("types").open('[');
    for (Change change : changes) {
      json.open('{').key("type").value(change.type).key("before").value(change.before);
      json.key("after").value(change.after);
      if (Double.isFinite(change.ratio) && change.ratio > 0) {
        json.key("ratio").value(change.ratio).key("from").value(change.least);
        json.key("to").value(change.most);
      }
      json.close('}');
    }
    json.close(']').key("before").open('{').key("events").value(first.events);
    json.key("span").value(first.span()).key("lost").count(first.lost).close('}');
    json.key("after").open('{').key("events").value(second.events);
    json.key("span").value(second.span()).key("lost").count(second.lost).close('}');
    return json.key("problems").any(problems()).close('}').take();
  }
}
