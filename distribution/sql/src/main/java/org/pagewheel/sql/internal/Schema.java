package org.pagewheel.sql.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pagewheel.analysis.Table;
import org.pagewheel.analysis.Table.Column;
import org.pagewheel.analysis.Table.Type;

/** Statements that make tables, and which of them a question names. */
final class Schema {
  /** The database; with a name that no event's system has. */
  static final String CATALOG = "pagewheel tables";

  static final String MAIN = "main";

  /** Words of questions about the tables themselves. */
  private static final Set<String> ABOUT_TABLES =
      Set.of(
          "show",
          "describe",
          "desc",
          "pragma",
          "information_schema",
          "pg_catalog",
          "pg_tables",
          "sqlite_master",
          "duckdb_tables",
          "duckdb_views",
          "duckdb_columns");

  /** Functions by which a question names a table without writing its name. */
  private static final Set<String> HIDING = Set.of("query", "query_table");

  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}_$]+");

  private final String sql;
  private final Set<String> words;

  /** Of a question. */
  Schema(String sql) {
    this.sql = small(sql);
    this.words = new HashSet<>(List.of(NO_WORD.split(this.sql)));
  }

  private static String small(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Whether the question may be about the rows of a table: it has one of its names. */
  boolean names(Table table) {
    return !Collections.disjoint(words, HIDING)
        || Stream.concat(Stream.of(table.name()), table.views().stream())
            .map(Schema::small)
            .anyMatch(
                name -> NO_WORD.matcher(name).find() ? sql.contains(name) : words.contains(name));
  }

  /** Whether the question may be about what tables there are. */
  boolean isAboutTables() {
    return !Collections.disjoint(words, ABOUT_TABLES);
  }

  /** The statements that make a table with all its names. */
  static String make(Table table) {
    List<String> statements = new ArrayList<>();
    String schema = table.schema().isEmpty() ? MAIN : table.schema();
    if (!table.schema().isEmpty()) {
      statements.add("create schema if not exists " + quoted(schema));
    }
    String name = quoted(schema) + "." + quoted(table.name());
    statements.add(
        "create table "
            + name
            + table.columns().stream()
                .map(column -> quoted(column.name()) + " " + type(column))
                .collect(Collectors.joining(", ", " (", ")")));
    for (String view : table.views()) {
      statements.add("create view " + MAIN + "." + quoted(view) + " as from " + name);
    }
    return String.join(";\n", statements) + ";\n";
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A text of SQL. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String type(Column column) {
    return type(column.type()) + (column.isList() ? "[]" : "");
  }

  private static String type(Type type) {
    return switch (type) {
      case NUMBER -> "bigint";
      case UNSIGNED -> "ubigint";
      case HUGE -> "hugeint";
      case REAL -> "double";
      case FLAG -> "boolean";
      case TEXT -> "varchar";
      case BYTES -> "blob";
      case TIME -> "timestamp_ns";
      case TEXTS -> "map(varchar, varchar)";
    };
  }
}
