package org.pagewheel.shell.internal.print;

import java.lang.reflect.RecordComponent;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Several things as a command's result: an ordinary list of records for scripts, printed as a table
 * with a column for each component.
 *
 * @param <R> the rows
 */
public final class Table<R extends Record> extends AbstractList<R> {
  private static final String ELLIPSIS = "..";

  /** A column is not cut further: it would be useless. */
  private static final int NARROWEST = 8;

  private final Class<R> type;
  private final String ifEmpty;
  private final List<R> rows;

  /**
   * Makes one.
   *
   * @param ifEmpty the text for a person if there are no rows: what would make one
   */
  public Table(Class<R> type, String ifEmpty, List<R> rows) {
    this.type = type;
    this.ifEmpty = ifEmpty;
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
    return format(Integer.MAX_VALUE);
  }

  /** The same for a terminal of a width: the widest columns are cut, or fields are listed. */
  public String format(int columns) {
    if (rows.isEmpty()) {
      return ifEmpty + "\n";
    }
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
    return fitted(cells, right, columns);
  }

  /** Lines of cells, no wider than the columns given; the first line has the headings. */
  public static String fitted(List<List<String>> lines, boolean[] right, int columns) {
    List<List<String>> cells = new ArrayList<>();
    lines.forEach(line -> cells.add(new ArrayList<>(line.stream().map(Printable::line).toList())));
    return fit(cells, columns) ? align(cells, right) : oneByOne(cells);
  }

  /** Cuts the widest columns; false if too little would be left of them. */
  private static boolean fit(List<List<String>> cells, int columns) {
    int count = cells.getFirst().size();
    int[] widths = new int[count];
    for (List<String> line : cells) {
      for (int i = 0; i < count; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    int over = IntStream.of(widths).sum() + 2 * (count - 1) - columns;
    for (; over > 0; over--) {
      int widest = 0;
      for (int i = 1; i < count; i++) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      if (widths[widest] <= NARROWEST) {
        return false;
      }
      widths[widest]--;
    }
    for (List<String> line : cells) {
      for (int i = 0; i < count; i++) {
        String cell = line.get(i);
        if (cell.length() > widths[i]) {
          line.set(i, cell.substring(0, widths[i] - ELLIPSIS.length()) + ELLIPSIS);
        }
      }
    }
    return true;
  }

  /** For a narrow terminal: a line for each field, and an empty one between rows. */
  private static String oneByOne(List<List<String>> cells) {
    List<String> headings = cells.getFirst();
    int width = headings.stream().mapToInt(String::length).max().orElse(0);
    List<String> rows = new ArrayList<>();
    for (List<String> row : cells.subList(1, cells.size())) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String blanks = " ".repeat(width - headings.get(i).length() + 2);
        lines.append((headings.get(i) + blanks + row.get(i)).stripTrailing()).append('\n');
      }
      rows.add(lines.toString());
    }
    return String.join("\n", rows);
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

  static Object value(RecordComponent component, Record row) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true); // the record may be private to this package
      return accessor.invoke(row);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }
}
