package org.pagewheel.analysis;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Lines of columns: for people, padded, or as comma-separated values. */
final class ColumnRows implements RowWriter {
  private static final Map<String, Integer> WIDTHS =
      Map.of(Cells.TIME, 14, Cells.CPU, 3, Cells.TID, 7, Cells.THREAD, 16, Cells.EVENT, 24);

  private static final int WIDTH = 12;
  private static final int WALL_WIDTH = 29;

  private final Cells cells;
  private final Style style;
  private final List<String> columns;
  private final boolean isCsv;

  ColumnRows(Cells cells, Style style, List<String> columns, boolean isCsv) {
    this.cells = cells;
    this.style = style;
    this.columns = columns;
    this.isCsv = isCsv;
  }

  @Override
  public String header() {
    return isCsv
        ? columns.stream().map(ColumnRows::quoted).collect(Collectors.joining(","))
        : line(columns);
  }

  @Override
  public String row(LaneEvents at) {
    List<String> row = columns.stream().map(column -> text(column, at)).toList();
    return isCsv
        ? Words.text(row.stream().map(ColumnRows::quoted).collect(Collectors.joining(",")))
        : Words.name(line(row));
  }

  private String text(String column, LaneEvents at) {
    if (column.equals(Cells.TIME)) {
      return Words.time(at.time(), at.trace, style);
    }
    return text(cells.value(column, at));
  }

  static String text(Object value) {
    return switch (value) {
      case null -> "";
      case List<?> list -> list.stream().map(String::valueOf).collect(Collectors.joining("|"));
      case long[] longs -> Arrays.toString(longs);
      case BigInteger[] numbers -> Arrays.toString(numbers);
      case double[] doubles -> Arrays.toString(doubles);
      case boolean[] booleans -> Arrays.toString(booleans);
      case byte[] bytes -> Arrays.toString(bytes);
      default -> value.toString();
    };
  }

  private String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(i == 0 ? "" : "  ").append(cells.get(i));
      String column = columns.get(i);
      boolean isWall = column.equals(Cells.TIME) && style.isWall();
      int width = isWall ? WALL_WIDTH : WIDTHS.getOrDefault(column, WIDTH);
      line.append(" ".repeat(Math.max(0, width - cells.get(i).length())));
    }
    return line.toString().stripTrailing();
  }

  /** As RFC 4180 has it. */
  static String quoted(String cell) {
    boolean isPlain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return isPlain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  @Override
  public boolean hasLosses() {
    return false;
  }

  @Override
  public String loss(LaneEvents at, long missed) {
    throw new UnsupportedOperationException("only the events themselves are written");
  }
}
