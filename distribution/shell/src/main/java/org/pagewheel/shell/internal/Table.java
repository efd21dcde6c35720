package org.pagewheel.shell.internal;

import java.lang.reflect.RecordComponent;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/**
 * What a command returns when it has several things to tell: an ordinary list of records for
 * scripts, printed as a table with a column for each component.
 *
 * @param <R> the rows
 */
final class Table<R extends Record> extends AbstractList<R> {
  private final Class<R> type;
  private final List<R> rows;

  Table(Class<R> type, List<R> rows) {
    this.type = type;
    this.rows = List.copyOf(rows);
  }

  @Override
  public R get(int index) {
    return rows.get(index);
  }

  @Override
  public int size() {
    return rows.size();
  }

  /** The first column, for the completion of names. */
  public List<String> keys() {
    RecordComponent first = type.getRecordComponents()[0];
    return rows.stream().map(row -> String.valueOf(value(first, row))).toList();
  }

  /** The table: a line of headings, then a line for each row, numbers to the right. */
  String format() {
    RecordComponent[] components = type.getRecordComponents();
    List<List<String>> cells = new ArrayList<>();
    cells.add(new ArrayList<>());
    boolean[] right = new boolean[components.length];
    for (int i = 0; i < components.length; i++) {
      cells.getFirst().add(heading(components[i].getName()));
      right[i] = components[i].getType().isPrimitive() && components[i].getType() != boolean.class;
    }
    for (R row : rows) {
      List<String> line = new ArrayList<>();
      for (RecordComponent component : components) {
        line.add(String.valueOf(value(component, row)));
      }
      cells.add(line);
    }
    return align(cells, right);
  }

  /** Lines of cells, each column as wide as its widest cell, two blanks between. */
  static String align(List<List<String>> cells, boolean[] right) {
    int[] widths = new int[right.length];
    for (List<String> line : cells) {
      for (int i = 0; i < line.size(); i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : cells) {
      StringBuilder out = new StringBuilder();
      for (int i = 0; i < line.size(); i++) {
        String blanks = " ".repeat(widths[i] - line.get(i).length());
        out.append(i == 0 ? "" : "  ");
        out.append(right[i] ? blanks + line.get(i) : line.get(i) + blanks);
      }
      text.append(out.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** {@code pageSize} becomes {@code page-size}: the name that configurations use. */
  private static String heading(String component) {
    StringBuilder heading = new StringBuilder();
    for (char c : component.toCharArray()) {
      heading.append(Character.isUpperCase(c) ? "-" + Character.toLowerCase(c) : c);
    }
    return heading.toString();
  }

  private static Object value(RecordComponent component, Record row) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true); // the record may be private to this package
      return accessor.invoke(row);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }
}
