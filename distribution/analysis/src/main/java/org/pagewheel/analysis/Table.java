package org.pagewheel.analysis;

import java.util.List;

/**
 * A table that {@link Tables} fills. Names are as events have them: who makes a statement of them
 * quotes them.
 *
 * @param schema the system of an event type; empty for a table that is about all events
 * @param name its name there; no two of a schema differ only in case
 * @param views further names without a schema, such as {@code shop_order_filled}; no two of all
 *     tables differ only in case
 * @param columns its columns, in the order of the values of a row
 */
public record Table(String schema, String name, List<String> views, List<Column> columns) {
  /** What the values of a column are; each may be missing. */
  public enum Type {
    /** A whole number of 64 bits with a sign. */
    NUMBER,
    /** A whole number of 64 bits without a sign. */
    UNSIGNED,
    /** A whole number of either kind. */
    HUGE,
    /** A double. */
    REAL,
    /** A boolean. */
    FLAG,
    /** A text. */
    TEXT,
    /** Bytes. */
    BYTES,
    /** A time of day: nanoseconds since 1970, in UTC. */
    TIME,
    /** Texts by their names. */
    TEXTS
  }

  /**
   * A column.
   *
   * @param name its name; no two of a table differ only in case
   * @param type what its values are
   * @param isList whether each value is a list of such
   */
  public record Column(String name, Type type, boolean isList) {
    static Column of(String name, Type type) {
      return new Column(name, type, false);
    }
  }
}
