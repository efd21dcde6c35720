package org.pagewheel.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageLayout;

/**
 * Events by condition, thread and time, as lines. Options are set first, in any order; what does
 * not apply to the traces is an {@link IllegalArgumentException} of one line, before a line is
 * written. For one thread.
 */
public final class Query {
  /** The format of lines. */
  public enum Format {
    /** As {@code trace-cmd report} prints them. */
    TEXT,
    /** Comma-separated values with a line of headings. */
    CSV,
    /** A JSON object each. */
    JSON
  }

  private static final String ASCENDING = ".ascending";
  private static final String DESCENDING = ".descending";

  private final List<Trace> traces;
  private final Problems problems = new Problems();
  private Matching where;

  /** The threads; null for all. */
  private ThreadChoice threads;

  private long from = Long.MIN_VALUE;
  private long to = Long.MAX_VALUE;
  private Spans around;
  private Format format = Format.TEXT;
  private List<String> columns;
  private String sort;
  private boolean isAscending;
  private int top = Integer.MAX_VALUE;
  private boolean isNanosShown;
  private final List<String> notes = new ArrayList<>();

  /**
   * All events.
   *
   * @param traces of one clock; they stay open
   */
  public Query(List<Trace> traces) {
    this.traces = List.copyOf(traces);
  }

  /**
   * Only some events.
   *
   * @param condition says which
   * @return this query
   */
  public Query where(Condition condition) {
    where = condition.in(traces);
    return this;
  }

  /**
   * Only events of some threads; several calls add up.
   *
   * @param thread a number, a name, or a pattern of names in which {@code *} matches anything; the
   *     text printed for a thread without a name is one too
   * @return this query
   */
  public Query thread(String thread) {
    threads = threads == null ? new ThreadChoice(traces) : threads;
    threads.add(thread);
    return this;
  }

  /**
   * Only events of a span of time.
   *
   * @param begin a time as it is printed, a time of day, or such as {@code +2s} after the first
   *     event
   * @param end likewise
   * @return this query
   * @throws IOException if the first event cannot be read
   */
  public Query between(String begin, String end) throws IOException {
    Interval span = Interval.of(traces, begin, end);
    from = span.from();
    to = span.to();
    return this;
  }

  /**
   * Only what happened around some events, which are searched for at once.
   *
   * @param condition says which
   * @param before a length of time such as {@code 2s}
   * @param after likewise
   * @return this query
   * @throws IOException if nothing can be read
   */
  public Query around(Condition condition, String before, String after) throws IOException {
    boolean isNanos = traces.stream().allMatch(Trace::isNanos);
    long past = TimeText.duration("--before", before, isNanos);
    long future = TimeText.duration("--after", after, isNanos);
    Matching matching = condition.in(traces);
    around = new Spans();
    Merged events = new Merged(traces, problems);
    for (LaneEvents at = events.next(); at != null; at = events.next()) {
      if (matching.test(at) && !around.add(at.time() - past, at.time() + future)) {
        problems.add("too many events match " + condition.text() + ": the later ones are left out");
        break;
      }
    }
    if (around.isEmpty()) {
      notes.add(
          "--around: no event is one of " + condition.text() + ", so there is none around it");
    }
    return this;
  }

  /**
   * The format of lines.
   *
   * @param format the format
   * @param columns the columns; null for everything
   * @return this query
   */
  public Query as(Format format, List<String> columns) {
    this.format = format;
    this.columns = columns == null ? null : List.copyOf(columns);
    return this;
  }

  /**
   * Times with nine places, as of {@code trace-cmd report -t}.
   *
   * @return this query
   */
  public Query nanos() {
    isNanosShown = true;
    return this;
  }

  /**
   * In the order of a column, the greatest first.
   *
   * @param column a column; with {@code .ascending} the least comes first
   * @return this query
   */
  public Query sort(String column) {
    isAscending = column.endsWith(ASCENDING);
    String direction = isAscending ? ASCENDING : column.endsWith(DESCENDING) ? DESCENDING : "";
    sort = column.substring(0, column.length() - direction.length());
    return this;
  }

  /**
   * At most this many lines.
   *
   * @param lines at least 1
   * @return this query
   */
  public Query top(int lines) {
    top = lines;
    return this;
  }

  /**
   * Asks.
   *
   * @param style the layout
   * @param out gets line by line and returns whether it wants more
   * @return what could not be read, one line each
   * @throws IOException if nothing can be read, or there is too much to sort
   */
  public List<String> run(Style style, Predicate<String> out) throws IOException {
    List<EventFormat> formats = where == null ? all() : where.formats();
    if (columns != null) {
      columns.forEach(column -> Cells.check("--columns", column, formats));
    }
    if (sort != null) {
      Cells.check("--sort", sort, formats);
    }
    Cells cells = new Cells(traces);
    RowWriter writer = writer(cells, style, formats);
    Ranking ranking = sort == null ? null : new Ranking(top, isAscending);
    Merged events = new Merged(traces, problems);
    boolean isWanted = writer.header() == null || out.test(writer.header());
    int count = 0;
    long lost = traces.stream().mapToLong(Trace::refused).sum();
    for (LaneEvents at = events.next(); isWanted && at != null; at = events.next()) {
      if (at.time() > to) {
        break;
      }
      if (at.time() >= from && (ranking != null || !writer.hasLosses())) {
        lost = PageLayout.sumOfMissed(lost, at.missed());
      }
      if (!isMeant(at)) {
        continue;
      }
      if (ranking != null) {
        ranking.add(cells.value(sort, at), writer.row(at));
        continue;
      }
      String loss = at.missed() == 0 || !writer.hasLosses() ? null : writer.loss(at, at.missed());
      isWanted = (loss == null || out.test(loss)) && out.test(writer.row(at)) && ++count < top;
    }
    if (ranking != null) {
      for (String row : ranking.rows()) {
        if (!out.test(row)) {
          break;
        }
      }
    }
    notes.addAll(Words.lossNote(lost));
    return problems.lines();
  }

  /**
   * Notes on the lines that they do not contain, once they are written.
   *
   * @return one line each
   */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  private boolean isMeant(LaneEvents at) {
    return at.time() >= from
        && (around == null || around.contains(at.time()))
        && (threads == null || threads.contains(at.traceIndex, at.tid()))
        && (where == null || where.test(at));
  }

  private List<EventFormat> all() {
    return traces.stream().flatMap(trace -> trace.formats().stream()).toList();
  }

  private RowWriter writer(Cells cells, Style style, List<EventFormat> formats) {
    if (format == Format.JSON) {
      return new JsonRows(cells, style, columns);
    }
    if (format == Format.TEXT && columns == null) {
      return new ReportRows(traces, cells, style, isNanosShown);
    }
    return new ColumnRows(
        cells, style, columns == null ? columns(formats) : columns, format == Format.CSV);
  }

  /** The fields of the only type, or all fields as one text. */
  private static List<String> columns(List<EventFormat> formats) {
    List<String> columns = new ArrayList<>(Cells.COMMON);
    if (formats.stream().map(TypeIndex::name).distinct().count() == 1) {
      formats.getFirst().fields().forEach(field -> columns.add(field.name()));
    } else {
      columns.add(Cells.FIELDS);
    }
    return columns;
  }
}
