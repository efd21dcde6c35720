package org.pagewheel.sql.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pagewheel.analysis.Query;
import org.pagewheel.analysis.RowLines;
import org.pagewheel.analysis.Style;
import org.pagewheel.analysis.Tables;
import org.pagewheel.analysis.Trace;
import org.pagewheel.analysis.Traces;

/** Asks files, with a cache of the test's own. */
record Asking(Path cache) {
  DuckDb engine() {
    return new DuckDb(Map.of("XDG_CACHE_HOME", cache.toString()));
  }

  List<String> sql(Path file, RowLines.Format format, String sql) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Trace trace = Traces.open(file);
        RowLines rows = new RowLines(format, lines::add)) {
      engine().ask(new Tables(List.of(trace), false), sql, rows);
    }
    return lines;
  }

  /** Comma-separated, without the headings. */
  List<String> csv(Path file, String sql) throws IOException {
    return sql(file, RowLines.Format.CSV, sql).stream().skip(1).toList();
  }

  /** What the query without a condition prints as JSON. */
  static List<String> query(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Trace trace = Traces.open(file)) {
      new Query(List.of(trace)).as(Query.Format.JSON, null).run(Style.PLAIN, lines::add);
    }
    return lines;
  }

  /** A trace of a real kernel among the resources of the module that reads files. */
  static Path kernel(String name) {
    return Path.of("..", "..", "consumers", "trace-dat", "src", "test", "resources", "kernel")
        .resolve(name + ".dat");
  }
}
