package org.pagewheel.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.pagewheel.analysis.OffCpuFound.Row;
import org.pagewheel.analysis.OffCpuFound.Total;
import org.pagewheel.analysis.TimeParts.Part;

/** Lines for people about threads that did not run. */
final class OffCpuText {
  private final List<Trace> traces;
  private final BlockWords words;
  private final Style style;
  private final boolean areThreads;
  private final boolean isNanos;

  OffCpuText(List<Trace> traces, BlockWords words, Style style, boolean areThreads) {
    this.traces = traces;
    this.words = words;
    this.style = style;
    this.areThreads = areThreads;
    this.isNanos = traces.stream().allMatch(Trace::isNanos);
  }

  private String length(long length) {
    return Words.duration(length, isNanos);
  }

  /** All lines: each span or thread, and what there is of each type. */
  List<String> lines(List<Row> shown, long count, Map<String, Total> totals) {
    List<String> lines = new ArrayList<>();
    for (Row row : shown) {
      lines.add(head(row));
      lines.add("    " + parts(row.parts));
      block(row.longest).ifPresent(line -> lines.add("    " + line));
    }
    if (count == 0) {
      lines.add("no " + (areThreads ? "threads" : "spans"));
    }
    List<String> wrapped = new ArrayList<>();
    lines.forEach(line -> Words.wrap(Words.name(line), style.columns(), wrapped));
    String what = areThreads ? "thread" : "span";
    Words.more((int) Math.min(Integer.MAX_VALUE, count), shown.size(), what, style, wrapped);
    if (!areThreads && !totals.isEmpty()) {
      wrapped.add("");
      wrapped.addAll(table(totals));
    }
    return wrapped;
  }

  private String head(Row row) {
    String what = row.span.isEmpty() ? "" : row.span + " ";
    String content = row.content.isEmpty() ? "" : row.content + " ";
    return "%s off its CPU of %s: %s%s%s from %s"
        .formatted(
            length(row.parts.offCpu()),
            length(row.parts.total()),
            what,
            content,
            words.thread(row.tid),
            Words.time(row.begin, traces.get(row.trace), style));
  }

  /** Those that are not 0. */
  private String parts(TimeParts parts) {
    List<String> shown = new ArrayList<>();
    for (Part part : Part.values()) {
      if (parts.get(part) > 0) {
        String word =
            switch (part) {
              case SLEEPING -> "blocked (S)";
              case UNINTERRUPTIBLE -> "blocked (D)";
              case OTHER -> "blocked (other)";
              case GC, SAFEPOINT, RUNNING, RUNNABLE, UNKNOWN -> name(part);
            };
        shown.add(word + " " + length(parts.get(part)));
      }
    }
    if (parts.migrations > 0) {
      shown.add(Words.count(parts.migrations, "CPU migration"));
    }
    return shown.isEmpty() ? "nothing" : String.join(", ", shown);
  }

  private static String name(Part part) {
    return part.name().toLowerCase(Locale.ROOT);
  }

  private Optional<String> block(Block block) {
    if (block == null) {
      return Optional.empty();
    }
    String line = "longest blocked " + length(block.length) + " in " + block.state;
    line += words.after(block).isEmpty() ? "" : ", after " + words.after(block);
    line += words.stack(block).isEmpty() ? "" : ", in " + words.stack(block);
    if (block.waker != Block.NOBODY) {
      line += ", woken by " + (block.isInterrupt ? "an interrupt" : words.thread(block.waker));
    }
    return Optional.of(line);
  }

  private List<String> table(Map<String, Total> totals) {
    Rows rows =
        new Rows()
            .add(
                "in all",
                "spans",
                "time",
                "running",
                "runnable",
                "blocked",
                "gc",
                "safepoint",
                "unknown");
    totals.forEach(
        (name, total) ->
            rows.add(
                Words.name(name),
                Words.number(total.spans),
                length(total.parts.total()),
                length(total.parts.get(Part.RUNNING)),
                length(total.parts.get(Part.RUNNABLE)),
                length(total.parts.blocked()),
                length(total.parts.get(Part.GC)),
                length(total.parts.get(Part.SAFEPOINT)),
                length(total.parts.get(Part.UNKNOWN))));
    return rows.lines(style.columns());
  }
}
