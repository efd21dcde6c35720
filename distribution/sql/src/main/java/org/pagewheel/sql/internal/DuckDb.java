package org.pagewheel.sql.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pagewheel.analysis.SqlEngine;
import org.pagewheel.analysis.Tables;

/** The engine. A question is checked before its tables are filled: mistakes cost no time. */
final class DuckDb implements SqlEngine {
  private static final String PARQUET = "answer.parquet";

  private final Map<String, String> environment;

  DuckDb(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** What is done with a statement. */
  private interface Body<T> {
    T run(PreparedStatement statement) throws SQLException, IOException;
  }

  @Override
  public void ask(Tables tables, String sql, Rows rows) throws IOException {
    try (SpillDirectory spill = SpillDirectory.make(environment);
        Database database = Database.open(spill.path(), List.of())) {
      database.make(tables, sql);
      run(
          database,
          sql,
          statement -> {
            if (!statement.execute()) {
              throw new IllegalArgumentException("this has no rows to show: ask with select");
            }
            try (ResultSet result = statement.getResultSet()) {
              give(result, rows);
            }
            return null;
          });
    }
  }

  private static void give(ResultSet result, Rows rows) throws SQLException, IOException {
    ResultSetMetaData meta = result.getMetaData();
    int count = meta.getColumnCount();
    List<String> names = new ArrayList<>();
    List<Boolean> areNumbers = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      names.add(meta.getColumnLabel(i));
      areNumbers.add(Values.isNumber(meta, i));
    }
    rows.columns(names, areNumbers);
    boolean isWanted = true;
    while (isWanted && result.next()) {
      List<Object> values = new ArrayList<>(count);
      for (int i = 1; i <= count; i++) {
        values.add(Values.of(result.getObject(i)));
      }
      isWanted = rows.row(values);
    }
  }

  @Override
  public long parquet(Tables tables, String sql, OutputStream out) throws IOException {
    try (SpillDirectory spill = SpillDirectory.make(environment)) {
      Path file = spill.path().resolve(PARQUET);
      try (Database database = Database.open(spill.path(), List.of(file))) {
        database.make(tables, sql);
        String copy =
            "copy (\n%s\n) to %s (format parquet)"
                .formatted(sql.strip().replaceAll("[;\\s]+$", ""), Schema.literal(file.toString()));
        long rows = run(database, copy, statement -> (long) statement.executeUpdate());
        Files.copy(file, out);
        return rows;
      }
    }
  }

  private static <T> T run(Database database, String sql, Body<T> body) throws IOException {
    try (PreparedStatement statement = database.prepare(sql);
        Watch _ = Watch.over(statement)) {
      return body.run(statement);
    } catch (SQLException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("it was interrupted");
      }
      throw new IOException(SqlMessage.of(e), e);
    }
  }
}
