package org.pagewheel.shell.internal.analysis;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.pagewheel.analysis.Condition;
import org.pagewheel.analysis.OffCpu;
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

  private static final String OFF_CPU = "--off-cpu";

  /** What applies to events alone. */
  private static final List<String> OF_EVENTS =
      List.of(NANOS, AROUND, BEFORE, AFTER, COLUMNS, SORT);

  static final Set<String> FLAGS = Set.of(CSV, NANOS, OFF_CPU);
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
    if (options.has(OFF_CPU)) {
      for (String option : OF_EVENTS) {
        if (options.has(option)) {
          throw options.wrong(option + " is for events, not for --off-cpu");
        }
      }
    }
    try (Asked asked = Asked.open(question.paths(files))) {
      question.checkWall(asked.traces());
      List<String> problems;
      Supplier<List<String>> notes;
      PrintStream out = question.out();
      PrintedLines lines = new PrintedLines(out);
      try {
        if (options.has(OFF_CPU)) {
          OffCpu offCpu = offCpu(asked.traces(), condition);
          notes = offCpu::notes;
          problems = offCpu.run(question.style(), lines);
        } else {
          Query query = query(asked.traces(), condition);
          notes = query::notes;
          problems = query.run(question.style(), lines);
        }
      } catch (IllegalArgumentException e) {
        throw options.wrong(e);
      } catch (IOException e) {
        lines.flush();
        throw new CommandFailed(Reason.of(e), e);
      }
      lines.flush();
      question.note(notes.get());
      question.complain(problems);
    }
  }

  private Optional<String> condition(List<String> files) {
    return question.hasCondition() ? Optional.of(files.removeLast()) : Optional.empty();
  }

  /** Those of --between; none without it. */
  private String[] times() {
    Optional<String> between = options.value(BETWEEN);
    String[] times = between.map(text -> text.split(UNTIL, -1)).orElse(new String[0]);
    if (between.isPresent() && times.length != 2) {
      throw options.wrong("--between takes two times, FROM and TO");
    }
    return times;
  }

  private Query.Format format() {
    return options.has(Question.JSON)
        ? Query.Format.JSON
        : options.has(CSV) ? Query.Format.CSV : Query.Format.TEXT;
  }

  private OffCpu offCpu(List<Trace> traces, Optional<String> condition) throws IOException {
    OffCpu offCpu = new OffCpu(traces).as(format());
    condition.ifPresent(text -> offCpu.where(Condition.of(text)));
    options.values(THREAD).forEach(offCpu::thread);
    String[] times = times();
    if (times.length > 0) {
      offCpu.between(times[0], times[1]);
    }
    return options.has(TOP) ? offCpu.top(options.number(TOP, 1)) : offCpu;
  }

  private Query query(List<Trace> traces, Optional<String> condition) throws IOException {
    Query query = new Query(traces);
    condition.ifPresent(text -> query.where(Condition.of(text)));
    options.values(THREAD).forEach(query::thread);
    String[] times = times();
    if (times.length > 0) {
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
    query.as(format(), columns);
    options.value(SORT).ifPresent(query::sort);
    if (options.has(TOP)) {
      query.top(options.number(TOP, 1));
    }
    return options.has(NANOS) ? query.nanos() : query;
  }
}
