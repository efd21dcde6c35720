package org.pagewheel.shell.internal.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.pagewheel.analysis.Condition;
import org.pagewheel.analysis.Difference;
import org.pagewheel.analysis.EventHistogram;
import org.pagewheel.analysis.Latency;
import org.pagewheel.analysis.Rate;
import org.pagewheel.analysis.Summary;

/** Commands that ask questions of traces. */
public final class AnalysisCommands {
  /** The functions of this class, for Gogo. */
  public static final String[] FUNCTIONS = {"summary", "query", "latency", "hist", "rate", "diff"};

  private static final String BY = "--by";
  private static final String EVERY = "--every";

  /**
   * What is in traces.
   *
   * @param session knows the directory that a relative path is meant in
   * @param arguments files and options
   * @throws IOException if one cannot be read
   */
  @Descriptor("what is in a trace: time, CPUs, threads, types, rates and losses")
  public void summary(
      CommandSession session, @Descriptor("[--json] [--wall] FILE...") String... arguments)
      throws IOException {
    new Question(session, Pages.SUMMARY, Set.of(), Set.of(), arguments)
        .ask(0, "", (traces, words) -> Summary.of(traces));
  }

  /**
   * Prints the events of traces.
   *
   * @param session knows the directory that a relative path is meant in
   * @param arguments files, a condition and options
   * @throws IOException if a file cannot be read
   */
  @Descriptor("print the events of traces, by condition, thread and time")
  public void query(
      CommandSession session,
      @Descriptor("[OPTION]... FILE... [CONDITION]: query --help lists the options")
          String... arguments)
      throws IOException {
    new QueryQuestion(
            new Question(
                session, Pages.QUERY, QueryQuestion.FLAGS, QueryQuestion.VALUED, joined(arguments)))
        .ask();
  }

  /** {@code --between FROM TO} has two values. */
  private static String[] joined(String... arguments) {
    List<String> joined = new ArrayList<>(Arrays.asList(arguments));
    int at = joined.indexOf(QueryQuestion.BETWEEN);
    if (at >= 0 && at + 2 < joined.size()) {
      joined.set(at + 1, joined.get(at + 1) + QueryQuestion.UNTIL + joined.remove(at + 2));
    }
    return joined.toArray(String[]::new);
  }

  /**
   * How long it takes from one event to another.
   *
   * @param session knows the directory that a relative path is meant in
   * @param arguments files, two events and options
   * @throws IOException if a file cannot be read
   */
  @Descriptor("how long it takes from one event to another of the same key")
  public void latency(
      CommandSession session,
      @Descriptor("[OPTION]... FILE... FIRST SECOND: latency --help lists the options")
          String... arguments)
      throws IOException {
    Set<String> valued = Set.of(BY, "--over", "--top", "--within", "--pending");
    Question question = new Question(session, Pages.LATENCY, Set.of(), valued, arguments);
    Options options = question.options();
    question.ask(
        2,
        "a file and two events are needed",
        (traces, words) -> {
          List<String> by = new ArrayList<>();
          options.values(BY).forEach(each -> by.addAll(List.of(each.split(",", -1))));
          Latency latency =
              new Latency(
                  traces,
                  Condition.of(words.get(0)),
                  Condition.of(words.get(1)),
                  by.isEmpty() ? List.of("tid") : by);
          options.value("--over").ifPresent(latency::over);
          options.value("--within").ifPresent(latency::within);
          latency.top(options.number("--top", 5));
          return options.has("--pending")
              ? latency.pending(options.number("--pending", 1)).ask()
              : latency.ask();
        });
  }

  /**
   * How often each value of a field comes.
   *
   * @param session knows the directory that a relative path is meant in
   * @param arguments files, an event and a field
   * @throws IOException if a file cannot be read
   */
  @Descriptor("how often each value of an event's field comes")
  public void hist(
      CommandSession session,
      @Descriptor("[OPTION]... FILE... EVENT FIELD: hist --help lists the options")
          String... arguments)
      throws IOException {
    Question question = new Question(session, Pages.HIST, Set.of(), Set.of(BY), arguments);
    Options options = question.options();
    question.ask(
        2,
        "a file, an event and a field are needed",
        (traces, words) -> {
          List<String> keys = new ArrayList<>(List.of(words.get(1)));
          keys.addAll(options.values(BY));
          return EventHistogram.of(traces, Condition.of(words.get(0)), keys);
        });
  }

  /**
   * How many events there are in each slice of time.
   *
   * @param session knows the directory that a relative path is meant in
   * @param arguments files and a condition
   * @throws IOException if a file cannot be read
   */
  @Descriptor("how many events there are in each slice of time")
  public void rate(
      CommandSession session,
      @Descriptor("[OPTION]... FILE... [CONDITION]: rate --help lists the options")
          String... arguments)
      throws IOException {
    Question question = new Question(session, Pages.RATE, Set.of(), Set.of(EVERY), arguments);
    Options options = question.options();
    question.ask(
        question.hasCondition() ? 1 : 0,
        "no file is named",
        (traces, words) ->
            Rate.of(
                traces,
                words.isEmpty() ? null : Condition.of(words.getFirst()),
                options.value(EVERY).orElse(null)));
  }

  /**
   * What has changed from one trace to another.
   *
   * @param session knows the directory that a relative path is meant in
   * @param arguments two files
   * @throws IOException if one cannot be read
   */
  @Descriptor("what has changed from one trace to another")
  public void diff(
      CommandSession session,
      @Descriptor("[OPTION]... FILE FILE: diff --help lists the options") String... arguments)
      throws IOException {
    Question question = new Question(session, Pages.DIFF, Set.of(), Set.of(), arguments);
    if (!question.options().isHelp() && question.options().plain().size() != 2) {
      throw question.options().wrong("two files are needed");
    }
    question.ask(0, "", (traces, words) -> Difference.of(traces.getFirst(), traces.getLast()));
  }
}
