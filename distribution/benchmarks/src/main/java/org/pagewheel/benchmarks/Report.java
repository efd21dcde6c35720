package org.pagewheel.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints the result. */
final class Report {
  private static final String YARDSTICK = "floor.nanotime";

  private Report() {}

  /** One line for each row: NAME, VALUE, ERROR, UNIT with tabs between them. */
  static void printTsv(List<Row> rows, PrintStream out) {
    for (Row row : rows) {
      out.println(
          String.join("\t", row.name(), number(row.value()), number(row.error()), row.unit()));
    }
  }

  /**
   * A table for people; times also as multiples of a reading of the clock, if that was measured.
   */
  static void printTable(List<Row> rows, PrintStream out) {
    int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    double clock =
        rows.stream()
            .filter(row -> row.name().equals(YARDSTICK))
            .mapToDouble(Row::value)
            .findFirst()
            .orElse(Double.NaN);
    for (Row row : rows) {
      String error = Double.isNaN(row.error()) ? "" : "± " + number(row.error());
      String multiple =
          row.unit().equals("ns") && !Double.isNaN(clock)
              ? String.format(Locale.ROOT, "%10.2f × nanoTime", row.value() / clock)
              : "";
      out.println(
          String.format(
                  Locale.ROOT,
                  "%-" + width + "s %14s %-14s %-5s %s",
                  row.name(),
                  number(row.value()),
                  error,
                  row.unit(),
                  multiple)
              .stripTrailing());
    }
    out.println();
    out.println(
        "times are of one operation on one thread; "
            + Runtime.getRuntime().availableProcessors()
            + " CPUs, Java "
            + Runtime.version()
            + ", "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version"));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "NaN" : String.format(Locale.ROOT, "%.2f", value);
  }
}
