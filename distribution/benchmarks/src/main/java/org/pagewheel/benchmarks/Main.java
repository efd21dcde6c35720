package org.pagewheel.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/** The main class of the script. Ends with 0, 1 if a benchmark failed, 2 for wrong arguments. */
public final class Main {
  private Main() {}

  /** Runs the benchmarks that the arguments choose. */
  public static void main(String[] words) {
    try {
      Arguments arguments = Arguments.parse(List.of(words));
      run(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("run: " + e.getMessage());
      System.exit(2);
    } catch (RunnerException | IOException | InterruptedException e) {
      System.err.println("run: " + root(e));
      System.exit(1);
    }
  }

  /** What went wrong in the benchmark; JMH hangs it to its own exception as a suppressed one. */
  private static Throwable root(Throwable e) {
    if (e.getCause() != null) {
      return root(e.getCause());
    }
    return e.getSuppressed().length > 0 ? root(e.getSuppressed()[0]) : e;
  }

  private static void run(Arguments arguments)
      throws RunnerException, IOException, InterruptedException {
    List<Entry> wanted =
        arguments.select(arguments.where() ? Catalogue.stepped() : Catalogue.all());
    if (arguments.list()) {
      wanted.stream()
          .flatMap(entry -> entry.names().stream())
          .filter(arguments::matches)
          .forEach(System.out::println);
      return;
    }
    if (arguments.where()) {
      for (Entry entry : wanted) {
        Where.measure(entry).print(System.out);
      }
      return;
    }
    Measurement measurement = arguments.quick() ? Measurement.QUICK : Measurement.FULL;
    List<Row> rows = new ArrayList<>();
    for (Entry entry : wanted) {
      System.err.println(
          "[" + (wanted.indexOf(entry) + 1) + "/" + wanted.size() + "] " + entry.name());
      for (Row row : measurement.run(entry)) {
        if (arguments.matches(row.name())) {
          rows.add(row);
        }
      }
    }
    if (arguments.tsv()) {
      Report.printTsv(rows, System.out);
    } else {
      Report.printTable(rows, System.out);
    }
  }
}
