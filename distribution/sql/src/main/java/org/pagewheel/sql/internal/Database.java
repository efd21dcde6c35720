package org.pagewheel.sql.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.pagewheel.analysis.Table;
import org.pagewheel.analysis.Tables;

/**
 * A database in memory that has the tables of a question. It reads no file and writes none, except
 * what does not fit into memory, below a directory, and the files that it is made for; it loads no
 * extension, and so has no network. A question cannot change that: the settings are locked.
 */
final class Database implements AutoCloseable {
  private static final String MEMORY = "128MiB";
  private static final String MAX_SPILLED = "16GiB";
  private static final int MAX_THREADS = 4;

  /** All tables are made for a question about tables, and to find what a mistake means. */
  private static final int MANY = 5000;

  private final DuckDBConnection connection;
  private final Set<Table> made = new LinkedHashSet<>();

  private Database(DuckDBConnection connection) {
    this.connection = connection;
  }

  static Database open(Path directory, List<Path> writable) throws IOException {
    Properties settings = new Properties();
    settings.setProperty("memory_limit", MEMORY);
    settings.setProperty("temp_directory", directory.resolve("spill").toString());
    settings.setProperty("max_temp_directory_size", MAX_SPILLED);
    int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    settings.setProperty("threads", Integer.toString(threads));
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    settings.setProperty("allow_community_extensions", "false");
    settings.setProperty("allow_persistent_secrets", "false");
    settings.setProperty("jdbc_stream_results", "true");
    try {
      Database database =
          new Database(DuckDBConnection.newConnection("jdbc:duckdb:", false, settings));
      database.lock(writable);
      return database;
    } catch (SQLException e) {
      throw new IOException(SqlMessage.of(e), e);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (LinkageError e) {
      throw new IOException("DuckDB cannot be loaded here: " + e.getMessage(), e);
    } catch (Exception e) {
      throw new IOException("DuckDB cannot be started here: " + e.getMessage(), e);
    }
  }

  private void lock(List<Path> writable) throws SQLException {
    String files =
        writable.stream()
            .map(file -> Schema.literal(file.toString()))
            .collect(Collectors.joining(", ", "[", "]"));
    execute("attach ':memory:' as " + Schema.quoted(Schema.CATALOG) + " (compress)");
    execute("use " + Schema.quoted(Schema.CATALOG));
    execute("set allowed_paths = " + files);
    execute("set enable_external_access = false");
    execute("set lock_configuration = true");
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * Makes the tables of a question, checks it, and fills them.
   *
   * @throws IllegalArgumentException if the question cannot be asked
   */
  void make(Tables tables, String sql) throws IOException {
    Schema schema = new Schema(sql);
    List<Table> all = tables.all();
    List<Table> named = all.stream().filter(schema::names).toList();
    List<Table> many = all.size() <= MANY ? all : all.subList(0, MANY);
    try {
      make(named);
      if (schema.isAboutTables()) {
        make(many);
      }
      try {
        check(sql);
      } catch (SQLException e) {
        make(many); // the message may name a table that would be right
        check(sql);
      }
    } catch (SQLException e) {
      throw new IllegalArgumentException(SqlMessage.of(e), e);
    }
    fill(tables, named);
  }

  private void make(List<Table> tables) throws SQLException {
    StringBuilder statements = new StringBuilder();
    for (Table table : tables) {
      if (made.add(table)) {
        statements.append(Schema.make(table));
      }
    }
    if (!statements.isEmpty()) {
      execute(statements.toString());
    }
  }

  /** Of several statements all but the last are run, hence the transaction. */
  private void check(String sql) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement _ = connection.prepareStatement(sql)) {
      // it can be prepared
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private void fill(Tables tables, List<Table> named) throws IOException {
    Map<Table, DuckDbRows> open = new HashMap<>();
    try {
      for (Table table : named) {
        open.put(table, new DuckDbRows(connection, table));
      }
      tables.fill(open::get);
      for (DuckDbRows rows : open.values()) {
        rows.close();
      }
    } catch (SQLException e) {
      throw new IOException(SqlMessage.of(e), e);
    }
  }

  PreparedStatement prepare(String sql) throws SQLException {
    return connection.prepareStatement(sql);
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException(SqlMessage.of(e), e);
    }
  }
}
