package org.pagewheel.shell.internal.analysis;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pagewheel.analysis.Condition;
import org.pagewheel.analysis.Query;
import org.pagewheel.analysis.Trace;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.spi.Reason;

/** A query with its options. */
final class QueryQuestion {
  static final String BETWEEN = "--between";

  /** The separator of the two times in one value. */
  static final String UNTIL = " to ";

  private static final String CSV = "--csv";
  private static final String NANOS = "-t";
  private static final String THREAD = "--thread";
  private static final String AROUND = "--around";
  private static final String BEFORE = "--before";
  private static final String AFTER = "--after";
  private static final String COLUMNS = "--columns";
  private static final String SORT = "--sort";
  private static final String TOP = "--top";
  private static final String USUAL_TIME = "1s";

  static final Set<String> FLAGS = Set.of(CSV, NANOS);
  static final Set<String> VALUED =
      Set.of(THREAD, BETWEEN, AROUND, BEFORE, AFTER, COLUMNS, SORT, TOP);

  private final Question question;
  private final Options options;

  QueryQuestion(Question question) {
    this.question = question;
    this.options = question.options();
  }

  void ask() throws IOException {
    if (question.isHelp()) {
      return;
    }
    List<String> files = new ArrayList<>(options.plain());
    Optional<String> condition = condition(files);
    if (options.has(CSV) && options.has(Question.JSON)) {
      throw options.wrong("--csv and --json exclude each other");
    }
    if (!options.has(AROUND) && (options.has(BEFORE) || options.has(AFTER))) {
      throw options.wrong("--before and --after need --around");
    }
    try (Asked asked = Asked.open(question.paths(files))) {
      question.checkWall(asked.traces());
      List<String> problems;
      Query query;
      PrintStream out = question.out();
      PrintedLines lines = new PrintedLines(out);
      try {
        query = query(asked.traces(), condition);
        problems = query.run(question.style(), lines);
      } catch (IllegalArgumentException e) {
        throw options.wrong(e);
      } catch (IOException e) {
        lines.flush();
        throw new CommandFailed(Reason.of(e), e);
      }
      lines.flush();
      question.note(query.notes());
      question.complain(problems);
    }
  }

  private Optional<String> condition(List<String> files) {
    return question.hasCondition() ? Optional.of(files.removeLast()) : Optional.empty();
  }

  private Query query(List<Trace> traces, Optional<String> condition) throws IOException {
    Query query = new Query(traces);
    condition.ifPresent(text -> query.where(Condition.of(text)));
    options.values(THREAD).forEach(query::thread);
    Optional<String> between = options.value(BETWEEN);
    if (between.isPresent()) {
      String[] times = between.get().split(UNTIL, -1);
      if (times.length != 2) {
        throw options.wrong("--between takes two times, FROM and TO");
      }
      query.between(times[0], times[1]);
    }
    Optional<String> around = options.value(AROUND);
    if (around.isPresent()) {
      query.around(
          Condition.of(around.get()),
          options.value(BEFORE).orElse(USUAL_TIME),
          options.value(AFTER).orElse(USUAL_TIME));
    }
    List<String> columns =
        options.value(COLUMNS).map(text -> List.of(text.split(","))).orElse(null);
    Query.Format format =
        options.has(Question.JSON)
            ? Query.Format.JSON
            : options.has(CSV) ? Query.Format.CSV : Query.Format.TEXT;
    query.as(format, columns);
    options.value(SORT).ifPresent(query::sort);
    if (options.has(TOP)) {
      query.top(options.number(TOP, 1));
    }
    return options.has(NANOS) ? query.nanos() : query;
  }
}
