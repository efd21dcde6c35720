package org.pagewheel.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The rows of an answer as lines: for people in columns as wide as the first rows need, as
 * comma-separated values, or as JSON objects. To be closed after the last row. For one thread.
 */
public final class RowLines implements SqlEngine.Rows, AutoCloseable {
  /** The format of lines. */
  public enum Format {
    /** Columns, with a line of headings. */
    TEXT,
    /** Comma-separated values with a line of headings. */
    CSV,
    /** A JSON object each. */
    JSONL
  }

  /** So many rows, or characters, decide the widths. */
  private static final int FIRST = 1000;

  private static final int FIRST_CHARS = 1 << 20;
  private static final String GAP = "  ";
  private static final String MISSING = "NULL";

  private final Format format;
  private final Predicate<String> out;
  private final Json json = new Json();
  private final List<List<String>> first = new ArrayList<>();
  private List<String> names = List.of();
  private List<Boolean> areNumbers = List.of();
  private int[] widths;
  private int chars;
  private boolean isWanted = true;
  private long rows;

  /**
   * Prepares to write.
   *
   * @param format the format
   * @param out gets line by line and returns whether it wants more
   */
  public RowLines(Format format, Predicate<String> out) {
    this.format = format;
    this.out = out;
  }

  @Override
  public void columns(List<String> columns, List<Boolean> numbers) {
    names = List.copyOf(columns);
    areNumbers = List.copyOf(numbers);
    switch (format) {
      case TEXT -> first.add(names.stream().map(Words::name).toList());
      case CSV -> isWanted = out.test(csv(names));
      case JSONL -> {
        // each line has the names
      }
    }
  }

  private static String csv(List<String> cells) {
    return Words.text(cells.stream().map(ColumnRows::quoted).collect(Collectors.joining(",")));
  }

  @Override
  public boolean row(List<Object> values) {
    rows++;
    switch (format) {
      case TEXT -> text(values.stream().map(each -> Words.name(cell(each, MISSING))).toList());
      case CSV -> isWanted = out.test(csv(values.stream().map(each -> cell(each, "")).toList()));
      case JSONL -> {
        json.open('{');
        for (int i = 0; i < values.size(); i++) {
          json.key(names.get(i)).any(values.get(i));
        }
        isWanted = out.test(json.close('}').take());
      }
    }
    return isWanted;
  }

  private String cell(Object value, String missing) {
    return switch (value) {
      case null -> missing;
      case List<?> list -> json.any(list).take();
      case Map<?, ?> map -> json.any(map).take();
      default -> value.toString();
    };
  }

  private void text(List<String> cells) {
    if (widths != null) {
      isWanted = out.test(line(cells));
      return;
    }
    first.add(cells);
    chars += cells.stream().mapToInt(String::length).sum();
    if (first.size() > FIRST || chars > FIRST_CHARS) {
      writeFirst();
    }
  }

  private void writeFirst() {
    widths = new int[names.size()];
    for (List<String> row : first) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : first) {
      if (isWanted) {
        isWanted = out.test(line(row));
      }
    }
    first.clear();
  }

  private String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String blanks = " ".repeat(Math.max(0, widths[i] - cells.get(i).length()));
      line.append(i == 0 ? "" : GAP);
      line.append(areNumbers.get(i) ? blanks + cells.get(i) : cells.get(i) + blanks);
    }
    return line.toString().stripTrailing();
  }

  /** Writes what waits for its widths. */
  @Override
  public void close() {
    if (format == Format.TEXT && widths == null && !first.isEmpty()) {
      writeFirst();
    }
  }

  /**
   * How many rows there were.
   *
   * @return at least 0
   */
  public long rows() {
    return rows;
  }
}
