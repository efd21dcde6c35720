package org.pagewheel.analysis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.pagewheel.analysis.Summary.Cpu;
import org.pagewheel.analysis.Summary.Loss;
import org.pagewheel.analysis.Summary.Share;

/** The text of a summary, which fits on a screen. */
final class SummaryText {
  private static final int MAX_TYPES = 6;
  private static final int MAX_SPANS = 3;
  private static final int MAX_THREADS = 3;
  private static final int MAX_CPUS = 3;
  private static final int SPARK = 16;

  private final Summary summary;
  private final Style style;
  private final Trace trace;
  private final List<String> lines = new ArrayList<>();

  SummaryText(Summary summary, Style style) {
    this.summary = summary;
    this.style = style;
    this.trace = summary.traces.getFirst();
  }

  List<String> lines() {
    head();
    if (summary.events > 0) {
      rate();
      types();
      spans();
      threads();
      cpus();
    }
    losses();
    return lines;
  }

  private void head() {
    int count = summary.traces.size();
    String name = Words.name(trace.name());
    say(count == 1 ? name : name + " and " + Words.count(count - 1L, "more file"));
    String clock = trace.clock().isEmpty() ? "" : ", clock " + Words.name(trace.clock());
    say(
        "%s, %s, of %s, %s and %s%s"
            .formatted(
                Words.count(summary.events, "event"),
                Words.bytes(summary.bytes),
                Words.count(summary.types.size(), "type"),
                Words.count(summary.threads.size(), "thread"),
                Words.count(summary.cpuCount(), "CPU"),
                clock));
    if (summary.events > 0) {
      double perSecond = summary.perSecond(summary.events);
      say(
          "%s to %s, %s%s"
              .formatted(
                  time(summary.first),
                  time(summary.last),
                  Words.duration(summary.span(), summary.isNanos()),
                  perSecond == 0 ? "" : ", " + Words.rate(perSecond) + " events a second"));
    }
  }

  private void say(String line) {
    Words.wrap(line, style.columns(), lines);
  }

  private String time(long time) {
    return Words.time(time, trace, style);
  }

  private void rate() {
    Rates rates = summary.rates;
    long[] slices = rates.sum();
    long[] parts = rates.over(slices, summary.last, style.columns() - 6);
    long most = 0;
    int at = 0;
    for (int i = 0; i < Rates.SLICES; i++) {
      if (slices[i] > most) {
        most = slices[i];
        at = i;
      }
    }
    lines.add("rate  " + Words.bars(parts, style));
    if (summary.isNanos() && summary.span() > 0) {
      long width = Math.min(rates.width(), summary.span());
      say(
          "      at most %s a second, at %s"
              .formatted(Words.rate(most * 1e9 / width), time(rates.base() + at * rates.width())));
    }
  }

  private void types() {
    Rows rows = new Rows().add("type", "events", "share", "bytes", "a second", "");
    for (Share type : first(summary.types, MAX_TYPES)) {
      long[] parts = summary.rates.over(type.slices(), summary.last, SPARK);
      rows.add(
          Words.name(type.name()),
          Words.number(type.events()),
          Words.percent(type.events(), summary.events),
          Words.bytes(type.bytes()),
          Words.rate(summary.perSecond(type.events())),
          Words.bars(parts, style));
    }
    lines.addAll(rows.lines(style.columns()));
    more(summary.types, MAX_TYPES, "type");
  }

  private void spans() {
    if (summary.spans.isEmpty()) {
      return;
    }
    Rows rows = new Rows().add("span", "ended", "p50", "p99", "most", "open", "no result");
    for (SpanSurvey.OfType each : first(summary.spans, MAX_SPANS)) {
      boolean has = each.spans() > 0;
      rows.add(
          Words.name(each.name),
          Words.number(each.spans()),
          has ? duration(each.percentile(50)) : "",
          has ? duration(each.percentile(99)) : "",
          has ? duration(each.most) : "",
          Words.number(each.unended),
          Words.number(each.left));
    }
    lines.addAll(rows.lines(style.columns()));
    more(summary.spans, MAX_SPANS, "span");
  }

  private String duration(long length) {
    return Words.duration(length, summary.isNanos());
  }

  private <T> List<T> first(List<T> all, int usual) {
    return all.subList(0, Math.min(summary.top > 0 ? summary.top : usual, all.size()));
  }

  private void more(List<?> all, int usual, String what) {
    Words.more(all.size(), first(all, usual).size(), what, style, lines);
  }

  private void threads() {
    Rows rows = new Rows().add("thread", "events", "share");
    for (Share each : first(summary.threads, MAX_THREADS)) {
      rows.add(
          Words.name(each.name()),
          Words.number(each.events()),
          Words.percent(each.events(), summary.events));
    }
    lines.addAll(rows.lines(style.columns()));
    more(summary.threads, MAX_THREADS, "thread");
  }

  private void cpus() {
    Rows rows = new Rows().add("CPU", "events", "share", "bytes", "lost");
    List<Cpu> most = new ArrayList<>(summary.cpus);
    if (first(most, MAX_CPUS).size() < most.size()) {
      most.sort(Comparator.comparingLong(Cpu::events).reversed());
      most = first(most, MAX_CPUS);
    }
    for (Cpu each : most) {
      rows.add(
          each.cpu() + (each.buffer().isEmpty() ? "" : " " + Words.name(each.buffer())),
          Words.number(each.events()),
          Words.percent(each.events(), summary.events),
          Words.bytes(each.bytes()),
          each.lost() < 0 ? "unknown" : Words.number(each.lost()));
    }
    lines.addAll(rows.lines(style.columns()));
    more(summary.cpus, MAX_CPUS, "line");
  }

  private void losses() {
    if (summary.lossPlaces == 0 && summary.causes.isEmpty()) {
      say("nothing was lost, as far as the file says");
      return;
    }
    if (summary.lossPlaces > 0) {
      Loss most = Collections.max(summary.losses, Comparator.comparingLong(Loss::events));
      say(
          "lost: %s in %s, %s on CPU %d%s%s"
              .formatted(
                  Words.lost(summary.missed),
                  Words.count(summary.lossPlaces, "gap"),
                  summary.lossPlaces == 1 ? "all" : "the most (" + Words.lost(most.events()) + ")",
                  most.cpu(),
                  most.buffer().isEmpty() ? "" : " " + Words.name(most.buffer()),
                  place(most)));
    }
    if (!summary.causes.isEmpty()) {
      List<String> causes = new ArrayList<>();
      summary.causes.forEach((cause, number) -> causes.add(Words.number(number) + " " + cause));
      say("the ring's account when it was saved: " + String.join(", ", causes));
    }
  }

  private String place(Loss loss) {
    return loss.isAfter() && loss.time() == 0
        ? ", of which there is no event"
        : (loss.isAfter() ? " after " : " before ") + time(loss.time());
  }
}
