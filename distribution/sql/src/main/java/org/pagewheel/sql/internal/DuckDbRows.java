package org.pagewheel.sql.internal;

import java.io.IOException;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.Map;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.pagewheel.analysis.Table;
import org.pagewheel.analysis.TableRows;

/** Puts rows into a table, many at a time: as many as a bounded memory has room for. */
final class DuckDbRows implements TableRows, AutoCloseable {
  private static final int MAX_ROWS = 1 << 15;
  private static final long MAX_BYTES = 1 << 23;

  /** What a value may do. */
  private interface Append {
    void run() throws SQLException;
  }

  private final DuckDBAppender appender;
  private boolean isInRow;
  private int rows;
  private long bytes;

  DuckDbRows(DuckDBConnection connection, Table table) throws SQLException {
    String schema = table.schema().isEmpty() ? Schema.MAIN : table.schema();
    appender = connection.createAppender(Schema.CATALOG, schema, table.name());
  }

  private void add(long size, Append append) throws IOException {
    try {
      if (!isInRow) {
        appender.beginRow();
        isInRow = true;
      }
      append.run();
      bytes += size;
    } catch (SQLException e) {
      throw new IOException(SqlMessage.of(e), e);
    }
  }

  @Override
  public void number(long value) throws IOException {
    add(Long.BYTES, () -> appender.append(value));
  }

  @Override
  public void huge(BigInteger value) throws IOException {
    add(2 * Long.BYTES, () -> appender.append(value));
  }

  @Override
  public void real(double value) throws IOException {
    add(Double.BYTES, () -> appender.append(value));
  }

  @Override
  public void flag(boolean value) throws IOException {
    add(1, () -> appender.append(value));
  }

  @Override
  public void text(String value) throws IOException {
    add(value.length(), () -> appender.append(value));
  }

  @Override
  public void bytes(byte[] value) throws IOException {
    add(value.length, () -> appender.append(value));
  }

  @Override
  public void time(long nanos) throws IOException {
    add(Long.BYTES, () -> appender.appendEpochNanos(nanos));
  }

  @Override
  public void list(Object array) throws IOException {
    switch (array) {
      case long[] longs -> add((long) longs.length * Long.BYTES, () -> appender.append(longs));
      case double[] doubles ->
          add((long) doubles.length * Double.BYTES, () -> appender.append(doubles));
      default -> {
        boolean[] flags = (boolean[]) array;
        add(flags.length, () -> appender.append(flags));
      }
    }
  }

  @Override
  public void texts(Map<String, String> value) throws IOException {
    long size = 0;
    for (Map.Entry<String, String> each : value.entrySet()) {
      size += each.getKey().length() + each.getValue().length();
    }
    add(size, () -> appender.append(value));
  }

  @Override
  public void nothing() throws IOException {
    add(1, appender::appendNull);
  }

  @Override
  public void end() throws IOException {
    try {
      appender.endRow();
      isInRow = false;
      if (++rows == MAX_ROWS || bytes > MAX_BYTES) {
        appender.flush();
        rows = 0;
        bytes = 0;
      }
    } catch (SQLException e) {
      throw new IOException(SqlMessage.of(e), e);
    }
  }

  @Override
  public void close() throws SQLException {
    appender.close();
  }
}
