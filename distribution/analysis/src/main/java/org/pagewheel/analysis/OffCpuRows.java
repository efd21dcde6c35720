package org.pagewheel.analysis;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pagewheel.analysis.OffCpuFound.Row;
import org.pagewheel.analysis.OffCpuFound.Total;
import org.pagewheel.analysis.TimeParts.Part;

/** Lines about threads that did not run. */
final class OffCpuRows {
  private static final List<String> HEADINGS =
      List.of(
          "span",
          "fields",
          "thread",
          "tid",
          "begin",
          "duration",
          "running",
          "runnable",
          "blocked",
          "sleeping",
          "uninterruptible",
          "gc",
          "safepoint",
          "unknown",
          "migrations",
          "longest",
          "state",
          "after",
          "stack",
          "waker",
          "waker_tid");

  private final List<Trace> traces;
  private final Style style;
  private final boolean areThreads;
  private final BlockWords words;
  private final Json json = new Json();

  OffCpuRows(List<Trace> traces, Cells cells, Style style, boolean areThreads) {
    this.traces = traces;
    this.style = style;
    this.areThreads = areThreads;
    this.words = new BlockWords(traces, cells);
  }

  /**
   * All lines.
   *
   * @param shown the spans or threads, in their order
   * @param count how many there are
   * @param totals of spans, by type
   */
  Iterable<String> lines(
      Query.Format format, List<Row> shown, long count, Map<String, Total> totals) {
    return switch (format) {
      case TEXT -> new OffCpuText(traces, words, style, areThreads).lines(shown, count, totals);
      case CSV ->
          Stream.concat(Stream.of(String.join(",", HEADINGS)), shown.stream().map(this::csv))
              .toList();
      case JSON ->
          Stream.concat(
                  shown.stream().map(this::json),
                  totals.entrySet().stream().map(each -> json(each.getKey(), each.getValue())))
              .toList();
    };
  }

  private String csv(Row row) {
    Block block = row.longest;
    TimeParts parts = row.parts;
    return Words.text(
        Stream.of(
                row.span,
                row.content,
                words.name(row.tid),
                row.tid,
                Words.time(row.begin, traces.get(row.trace), style),
                parts.total(),
                parts.get(Part.RUNNING),
                parts.get(Part.RUNNABLE),
                parts.blocked(),
                parts.get(Part.SLEEPING),
                parts.get(Part.UNINTERRUPTIBLE),
                parts.get(Part.GC),
                parts.get(Part.SAFEPOINT),
                parts.get(Part.UNKNOWN),
                parts.migrations,
                block == null ? "" : block.length,
                block == null ? "" : block.state,
                words.after(block),
                words.stack(block),
                words.waker(block),
                words.waker(block).isEmpty() || block.isInterrupt ? "" : block.waker)
            .map(each -> ColumnRows.quoted(each.toString()))
            .collect(Collectors.joining(",")));
  }

  private String json(Row row) {
    json.open('{');
    if (!areThreads) {
      json.key("span").value(row.span).key("fields").value(row.content);
    }
    json.key("thread").value(words.name(row.tid)).key("tid").value(row.tid);
    JsonTimes.add(json, "begin", row.begin, traces.get(row.trace), style);
    json(row.parts);
    Block block = row.longest;
    if (block != null) {
      json.key("longest").open('{').key("duration").value(block.length);
      json.key("state").value(String.valueOf(block.state));
      json.key("after").value(words.after(block)).key("stack").value(words.stack(block));
      boolean isKnown = block.waker != Block.NOBODY && !block.isInterrupt;
      json.key("waker").value(isKnown ? words.name(block.waker) : null);
      json.key("waker_tid").any(isKnown ? (Object) (long) block.waker : null);
      json.key("interrupt").value(block.isInterrupt).close('}');
    }
    return json.close('}').take();
  }

  private String json(String span, Total total) {
    json.open('{').key("total").value(span).key("spans").value(total.spans);
    json(total.parts);
    return json.close('}').take();
  }

  private void json(TimeParts parts) {
    json.key("duration").value(parts.total()).key("running").value(parts.get(Part.RUNNING));
    json.key("runnable").value(parts.get(Part.RUNNABLE)).key("blocked").value(parts.blocked());
    json.key("sleeping").value(parts.get(Part.SLEEPING));
    json.key("uninterruptible").value(parts.get(Part.UNINTERRUPTIBLE));
    json.key("gc").value(parts.get(Part.GC)).key("safepoint").value(parts.get(Part.SAFEPOINT));
    json.key("unknown").value(parts.get(Part.UNKNOWN)).key("migrations").value(parts.migrations);
  }
}
