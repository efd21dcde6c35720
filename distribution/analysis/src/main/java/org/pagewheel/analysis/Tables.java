package org.pagewheel.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.pagewheel.analysis.Table.Column;
import org.pagewheel.analysis.Table.Type;
import org.pagewheel.event.EventFormat;

/**
 * The content of traces as tables: one for each event type, and {@code events}, {@code threads},
 * {@code losses} and {@code spans}. Only those that are wanted are filled, in one pass over the
 * traces. For one thread.
 */
public final class Tables {
  private static final String EVENTS = "events";
  private static final String THREADS = "threads";
  private static final String LOSSES = "losses";
  private static final String SPANS = "spans";

  /** The schemas and catalogs that every database of the kind has. */
  private static final List<String> SCHEMAS =
      List.of("main", "temp", "system", "memory", "pg_catalog", "information_schema");

  private final List<Trace> traces;
  private final Type time;
  private final boolean isWall;
  private final Problems problems = new Problems();
  private final List<Table> all = new ArrayList<>();
  private final Map<String, EventTable> types = new LinkedHashMap<>();
  private final Map<String, Table> byType = new HashMap<>();
  private long lost;

  /**
   * The tables of traces.
   *
   * @param traces of one clock; they stay open
   * @param isWall whether times are times of day, which each trace must know, instead of numbers
   */
  public Tables(List<Trace> traces, boolean isWall) {
    this.traces = List.copyOf(traces);
    this.isWall = isWall;
    this.time = isWall ? Type.TIME : Type.NUMBER;
    List<Column> common = common();
    List<Column> events = new ArrayList<>(common);
    events.add(Column.of("type", Type.TEXT));
    events.add(Column.of("text", Type.TEXT));
    add(EVENTS, events);
    add(THREADS, List.of(Column.of("tid", Type.NUMBER), Column.of("thread", Type.TEXT)));
    add(
        LOSSES,
        List.of(
            Column.of("ts", time),
            Column.of("cpu", Type.NUMBER),
            Column.of("buffer", Type.TEXT),
            Column.of("count", Type.NUMBER),
            Column.of("cause", Type.TEXT)));
    add(SPANS, SpanTable.columns(time));
    for (Trace trace : this.traces) {
      for (EventFormat format : trace.formats()) {
        types.computeIfAbsent(TypeIndex.name(format), key -> new EventTable(format)).add(format);
      }
    }
    addTypes(common);
  }

  private List<Column> common() {
    return List.of(
        Column.of("ts", time),
        Column.of("cpu", Type.NUMBER),
        Column.of("tid", Type.NUMBER),
        Column.of("thread", Type.TEXT),
        Column.of("buffer", Type.TEXT));
  }

  private void add(String name, List<Column> columns) {
    all.add(new Table("", name, List.of(), columns));
  }

  /** Full names come before the short ones that only one type has. */
  private void addTypes(List<Column> common) {
    TableNames views = new TableNames(all.stream().map(Table::name).toList());
    TableNames schemas = new TableNames(SCHEMAS);
    Map<String, String> schemaOf = new HashMap<>();
    Map<String, TableNames> namesIn = new HashMap<>();
    Map<String, String> full = new HashMap<>();
    types.forEach((key, type) -> full.put(key, views.add(type.system + "_" + type.name)));
    Map<String, Long> alike =
        types.values().stream()
            .collect(Collectors.groupingBy(type -> small(type.name), Collectors.counting()));
    types.forEach(
        (key, type) -> {
          String schema = schemaOf.computeIfAbsent(type.system, schemas::add);
          String name =
              namesIn.computeIfAbsent(schema, each -> new TableNames(List.of())).add(type.name);
          List<String> also = new ArrayList<>(List.of(full.get(key)));
          if (alike.get(small(type.name)) == 1 && views.addIfFree(type.name)) {
            also.add(type.name);
          }
          Table table = new Table(schema, name, List.copyOf(also), type.columns(common));
          all.add(table);
          byType.put(key, table);
        });
  }

  private static String small(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * All tables.
   *
   * @return those about all events first
   */
  public List<Table> all() {
    return List.copyOf(all);
  }

  /**
   * Fills tables with the rows of the traces, in the order of time.
   *
   * @param wanted where the rows of a table go; null if nowhere
   * @throws IOException if nothing can be read, the rows cannot be stored, or the thread is
   *     interrupted
   */
  public void fill(Function<Table, TableRows> wanted) throws IOException {
    Map<String, TableRows> own = new HashMap<>();
    all.stream()
        .filter(table -> table.schema().isEmpty())
        .forEach(table -> own.put(table.name(), wanted.apply(table)));
    TableFilling filling =
        new TableFilling(
            traces, isWall, problems, own.get(EVENTS), own.get(LOSSES), own.get(SPANS));
    byType.forEach(
        (type, table) -> {
          TableRows to = wanted.apply(table);
          if (to != null) {
            filling.add(type, types.get(type), to);
          }
        });
    if (own.get(THREADS) != null) {
      filling.threads(own.get(THREADS));
    }
    lost = filling.run();
  }

  /**
   * What could not be read.
   *
   * @return one line each, with the file and the place
   */
  public List<String> problems() {
    return problems.lines();
  }

  /**
   * Notes on the rows, such as that the trace lost events and the table of losses is not wanted.
   *
   * @return one line each
   */
  public List<String> notes() {
    return Words.lossNote(lost);
  }
}
