package org.pagewheel.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.pagewheel.analysis.Latency.Found;
import org.pagewheel.analysis.Latency.Pair;

/** The text of an answer about latencies. */
final class LatencyText implements Answer {
  static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};
  private static final int MAX_TYPES = 4;

  private final Latency question;
  private final Found found;
  private final List<Pair> slowest;
  private final List<String> problems;

  LatencyText(Latency question, Found found, List<Pair> slowest, Problems problems) {
    this.question = question;
    this.found = found;
    this.slowest = slowest;
    this.problems = problems.lines();
  }

  @Override
  public List<String> problems() {
    return problems;
  }

  private String length(long length) {
    return Words.duration(length, question.isNanos());
  }

  @Override
  public List<String> text(Style style) {
    List<String> lines = new ArrayList<>();
    Histogram histogram = found.histogram;
    lines.add(Words.name(head(histogram.getTotalCount())));
    if (histogram.getTotalCount() > 0) {
      lines.add(percentiles());
      if (question.over >= 0) {
        lines.add(
            "%s (%s) took longer than %s%s"
                .formatted(
                    Words.number(found.over),
                    Words.percent(found.over, histogram.getTotalCount()),
                    length(question.over),
                    hidden()));
      }
      bars(lines, style);
    }
    unpaired(lines);
    if (!slowest.isEmpty()) {
      lines.add("");
      lines.add("the slowest:");
      slowest.forEach(pair -> slow(pair, lines, style));
    }
    List<String> fitted = new ArrayList<>();
    lines.forEach(line -> Words.wrap(line, style.columns(), fitted));
    return fitted;
  }

  private String head(long count) {
    if (question.span != null) {
      String left =
          found.left == 0 ? "" : ", " + Words.number(found.left) + " of them left without a result";
      return question.text() + ": " + Words.count(count, "span") + left;
    }
    return question.text() + ": " + Words.count(count, "pair");
  }

  /** A hint how to see those that took too long, if not all of them are among the slowest. */
  private String hidden() {
    if (found.over <= slowest.size()) {
      return "";
    }
    return found.over <= Latency.MAX_TOP
        ? ": --top " + found.over + " shows them all"
        : ": --top " + Latency.MAX_TOP + " shows the slowest of them";
  }

  private String percentiles() {
    Histogram histogram = found.histogram;
    StringBuilder line = new StringBuilder("least ").append(length(found.least));
    for (double percentile : PERCENTILES) {
      if (histogram.getTotalCount() * (100 - percentile) / 100 >= 1 || percentile == 50) {
        line.append(", p")
            .append(percentile == (long) percentile ? "" + (long) percentile : "" + percentile);
        line.append(' ').append(length(found.percentile(percentile)));
      }
    }
    return line.append(", most ").append(length(found.most)).toString();
  }

  /** A row for each power of two. */
  private void bars(List<String> lines, Style style) {
    Histogram histogram = found.histogram;
    int least = log2(found.least);
    int last = log2(found.most);
    long[] counts = new long[last - least + 1];
    histogram
        .recordedValues()
        .forEach(
            value ->
                counts[Math.clamp(log2(value.getValueIteratedTo()) - least, 0, last - least)] +=
                    value.getCountAddedInThisIterationStep());
    long most = 1;
    for (long count : counts) {
      most = Math.max(most, count);
    }
    Rows rows = new Rows().add("from", question.span != null ? "spans" : "pairs", "");
    int width = Math.max(8, style.columns() - 30);
    for (int i = 0; i < counts.length; i++) {
      long from = i + least == 0 ? 0 : 1L << i + least;
      rows.add(length(from), Words.number(counts[i]), Words.bar(counts[i], most, width, style));
    }
    lines.add("");
    lines.addAll(rows.lines(style.columns()));
  }

  private static int log2(long value) {
    return value <= 1 ? 0 : 63 - Long.numberOfLeadingZeros(value);
  }

  private void unpaired(List<String> lines) {
    List<String> why = new ArrayList<>();
    add(why, found.waiting, question.isLive ? "open" : "without an end in the trace");
    add(why, found.repeated, "followed by another of the same key");
    add(why, found.aged, "older than --within");
    add(why, found.crowded, "given up, for more than --pending waited");
    if (!why.isEmpty()) {
      lines.add("unpaired %s: %s".formatted(begins(), String.join(", ", why)));
    }
    if (found.endsAlone > 0) {
      lines.add("unpaired %s: %s without a begin".formatted(ends(), Words.number(found.endsAlone)));
    }
    if (found.backwards + found.damaged > 0) {
      lines.add(
          "left out: %s that end before they begin, %s damaged"
              .formatted(Words.number(found.backwards), Words.number(found.damaged)));
    }
    if (found.lost != 0) {
      lines.add(
          "the %s lost %s: pairs may be among them"
              .formatted(question.isLive ? "observer" : "trace", Words.lost(found.lost)));
    }
  }

  private String begins() {
    return Words.name(question.first.text()) + (question.span != null ? " begins" : "");
  }

  private String ends() {
    return Words.name(question.second.text()) + (question.span != null ? " ends" : "");
  }

  private static void add(List<String> to, long count, String why) {
    if (count > 0) {
      to.add(Words.number(count) + " " + why);
    }
  }

  private void slow(Pair pair, List<String> lines, Style style) {
    Trace trace = question.traces.get(pair.traceIndex);
    String first = Threads.text(trace.threadNames(), pair.beginTid);
    String second = Threads.text(trace.threadNames(), pair.endTid);
    lines.add(
        Words.name(
            "%s  %s  from %s %s [%03d] to %s %s [%03d]"
                .formatted(
                    length(pair.length()),
                    pair.text(),
                    Words.time(pair.begin, trace, style),
                    first,
                    pair.beginCpu,
                    Words.time(pair.end, trace, style),
                    second,
                    pair.endCpu)));
    if (question.isLive) {
      return; // the other events are not kept
    }
    counts(first, pair.meanwhile.onFirst, lines);
    if (pair.endTid != pair.beginTid) {
      counts(second, pair.meanwhile.onSecond, lines);
    }
    for (Meanwhile.OfJvm each : pair.meanwhile.jvm) {
      String took = each.duration() == 0 ? "" : " took " + length(each.duration());
      String name = each.what().isEmpty() ? "" : " " + each.what();
      lines.add(Words.name("    meanwhile " + each.event() + name + took));
    }
    if (pair.meanwhile.jvmMore > 0) {
      lines.add("    and " + Words.number(pair.meanwhile.jvmMore) + " more events of the JVM");
    }
  }

  private static void counts(String thread, Map<String, Long> counts, List<String> lines) {
    if (counts.isEmpty()) {
      lines.add(Words.name("    " + thread + ": nothing else recorded"));
      return;
    }
    List<String> most =
        counts.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(MAX_TYPES)
            .map(each -> Words.number(each.getValue()) + " " + each.getKey())
            .toList();
    String more =
        counts.size() > MAX_TYPES
            ? " and " + Words.count(counts.size() - (long) MAX_TYPES, "more type")
            : "";
    lines.add(Words.name("    " + thread + ": " + String.join(", ", most) + more));
  }

  @Override
  public String json(Style style) {
    return LatencyJson.of(question, found, slowest, problems, style);
  }
}
