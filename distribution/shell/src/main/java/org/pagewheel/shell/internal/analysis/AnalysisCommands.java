package org.pagewheel.shell.internal.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.pagewheel.analysis.Condition;
import org.pagewheel.analysis.Difference;
import org.pagewheel.analysis.EventHistogram;
import org.pagewheel.analysis.Latency;
import org.pagewheel.analysis.Rate;
import org.pagewheel.analysis.Summary;
import org.pagewheel.analysis.Timeline;
import org.pagewheel.analysis.Trace;
import org.pagewheel.shell.internal.command.Services;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;

/** Commands that ask questions of traces. */
public final class AnalysisCommands {
  private static final String BY = "--by";
  private static final String EVERY = "--every";
  private static final String TOP = "--top";

  private final Observers observers;
  private final Services services;

  /**
   * With the observers of buffers.
   *
   * @param services what the commands work on; null if they are only listed
   */
  public AnalysisCommands(Observers observers, Services services) {
    this.observers = observers;
    this.services = services;
  }

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        question(
                "summary",
                "what is in a trace: time, CPUs, threads, types, rates and losses",
                "FILE...")
            .example("summary trace.dat", "its rates, busiest threads and losses")
            .runs(call -> ask(call, AnalysisCommands::summary)),
        question(
                "query",
                "print the events of traces, by condition, thread and time",
                "FILE... [CONDITION]")
            .example(
                "query trace.dat 'shop:order_filled && price > 100'",
                "as trace-cmd report prints them")
            .example("query both.dat --off-cpu", "why threads did not run while spans lasted")
            .runs(call -> ask(call, AnalysisCommands::query)),
        question(
                "latency",
                "how long spans take, or it takes from one event to another of the same key",
                "FILE...|BUFFER SPAN|FIRST SECOND")
            .example(
                "latency trace.dat sched:sched_waking sched:sched_switch --by pid",
                "and the slowest")
            .example("latency trace.dat shop:place", "what lies between its begin and end")
            .example("latency main shop:place", "on a running buffer; again: what was found so far")
            .runs(call -> ask(call, this::latency)),
        question(
                "hist",
                "how often each value of an event's field comes",
                "FILE...|BUFFER EVENT FIELD")
            .example("hist trace.dat shop:order_filled side", "by value")
            .example("hist main shop:order_filled side", "on a running buffer, as with latency")
            .runs(call -> ask(call, this::hist)),
        question("rate", "how many events there are in each slice of time", "FILE... [CONDITION]")
            .example("rate trace.dat", "over the whole of it")
            .runs(call -> ask(call, AnalysisCommands::rate)),
        question("timeline", "when each thread wrote events", "FILE... [CONDITION]")
            .example("timeline trace.dat", "threads down, time across")
            .runs(call -> ask(call, AnalysisCommands::timeline)),
        question("diff", "what has changed from one trace to another", "FILE FILE")
            .example("diff before.dat after.dat", "counts, rates and times")
            .runs(call -> ask(call, AnalysisCommands::diff)),
        files("export", "write traces in another tool's format", "FILE... [CONDITION] -o FILE")
            .example("export trace.dat -o trace.pftrace", "for ui.perfetto.dev")
            .runs(call -> ask(call, AnalysisCommands::export)),
        question(
                "sql",
                "answer a question in SQL about traces, by the add-on pagewheel-sql",
                "FILE... SQL")
            .example(
                "sql trace.dat 'select thread, count(*) from order_filled group by all'",
                "each event type is a table")
            .option("-o", "FILE", Kind.FILE, "where to, instead of the standard output")
            .option("--format", "FORMAT", Kind.NEW, "text, csv, jsonl or parquet")
            .runs(call -> ask(call, this::sql)),
        files("split", "make a trace.dat of a part of one", "FILE [--between FROM TO] -o OUT.dat")
            .example("split trace.dat --between +2s +3s -o part.dat", "with all its buffers")
            .runs(call -> ask(call, AnalysisCommands::split)),
        files("extract", "make a trace.dat of chosen events", "FILE CONDITION -o OUT.dat")
            .example("extract trace.dat 'sched:*' -o sched.dat", "with all its buffers")
            .runs(call -> ask(call, AnalysisCommands::extract)));
  }

  /** They parse their own options. */
  private static Command.Builder question(String name, String what, String words) {
    return files(name, what, words).wall();
  }

  private static Command.Builder files(String name, String what, String words) {
    return Command.named(name, what)
        .many("FILE", Kind.FILE)
        .usage(words)
        .printing()
        .raw()
        .means(
            "trace.dat files of Pagewheel or of trace-cmd, or ring files of living or dead"
                + " processes; "
                + name
                + " --help lists all options")
        .fails("a file cannot be read, or only a part of it: the answer is about the rest");
  }

  /** A question. */
  private interface Body {
    void run(CommandSession session, String... arguments) throws IOException;
  }

  private static Object ask(Call call, Body body) throws IOException {
    body.run(call.session(), call.raw());
    return null;
  }

  /**
   * What is in traces.
   *
   * @param session knows the directory for relative paths
   * @param arguments files and options
   * @throws IOException if one cannot be read
   */
  private static void summary(CommandSession session, String... arguments) throws IOException {
    Question question = new Question(session, Pages.SUMMARY, Set.of(), Set.of(TOP), arguments);
    Options options = question.options();
    question.ask(0, "", (traces, words) -> Summary.of(traces, options.number(TOP, 0)));
  }

  /**
   * Prints the events of traces.
   *
   * @param session knows the directory for relative paths
   * @param arguments files, a condition and options
   * @throws IOException if a file cannot be read
   */
  private static void query(CommandSession session, String... arguments) throws IOException {
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
   * How long spans take, or it takes from one event to another.
   *
   * @param session knows the directory for relative paths
   * @param arguments files, a span or two events, and options
   * @throws IOException if a file cannot be read
   */
  private void latency(CommandSession session, String... arguments) throws IOException {
    Set<String> valued = Set.of(BY, "--over", TOP, "--within", "--pending");
    Set<String> flags = Set.of(Observers.LIST, Observers.STOP);
    Question question = new Question(session, Pages.LATENCY, flags, valued, arguments);
    if (observers.areAsked(question)) {
      observers.latency(question);
      return;
    }
    Options options = question.options();
    boolean isSpan = question.isFile(1);
    if (options.plain().size() == 2 && !isSpan && !options.isHelp()) {
      throw options.wrong(
          options.plain().getFirst() + ": there is no such file, and no buffer of this name");
    }
    if (isSpan && options.has(BY)) {
      throw options.wrong("--by is for two events: those of a span have a number");
    }
    question.ask(
        isSpan ? 1 : 2,
        "a file and a span or two events are needed",
        (traces, words) -> {
          Latency latency =
              isSpan
                  ? Latency.ofSpan(traces, Condition.of(words.getFirst()))
                  : between(traces, words, options.values(BY));
          options.value("--over").ifPresent(latency::over);
          options.value("--within").ifPresent(latency::within);
          latency.top(options.number(TOP, 5));
          return options.has("--pending")
              ? latency.pending(options.number("--pending", 1)).ask()
              : latency.ask();
        });
  }

  private static Latency between(List<Trace> traces, List<String> events, List<String> fields) {
    List<String> by = new ArrayList<>();
    fields.forEach(each -> by.addAll(List.of(each.split(",", -1))));
    return new Latency(
        traces,
        Condition.of(events.get(0)),
        Condition.of(events.get(1)),
        by.isEmpty() ? List.of("tid") : by);
  }

  /**
   * How often each value of a field comes.
   *
   * @param session knows the directory for relative paths
   * @param arguments files or a buffer, an event and a field
   * @throws IOException if a file cannot be read
   */
  private void hist(CommandSession session, String... arguments) throws IOException {
    Set<String> flags = Set.of(Observers.LIST, Observers.STOP);
    Question question = new Question(session, Pages.HIST, flags, Set.of(BY, TOP), arguments);
    if (observers.areAsked(question)) {
      observers.hist(question);
      return;
    }
    Options options = question.options();
    question.ask(
        2,
        "a file, an event and a field are needed",
        (traces, words) -> {
          List<String> keys = new ArrayList<>(List.of(words.get(1)));
          keys.addAll(options.values(BY));
          return EventHistogram.of(
              traces, Condition.of(words.get(0)), keys, options.number(TOP, 0));
        });
  }

  /**
   * How many events there are in each slice of time.
   *
   * @param session knows the directory for relative paths
   * @param arguments files and a condition
   * @throws IOException if a file cannot be read
   */
  private static void rate(CommandSession session, String... arguments) throws IOException {
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
   * When each thread wrote events.
   *
   * @param session knows the directory for relative paths
   * @param arguments files and a condition
   * @throws IOException if a file cannot be read
   */
  private static void timeline(CommandSession session, String... arguments) throws IOException {
    Question question = new Question(session, Pages.TIMELINE, Set.of(), Set.of(TOP), arguments);
    Options options = question.options();
    question.ask(
        question.hasCondition() ? 1 : 0,
        "no file is named",
        (traces, words) ->
            Timeline.of(
                traces,
                words.isEmpty() ? null : Condition.of(words.getFirst()),
                options.number(TOP, 0)));
  }

  /**
   * What has changed from one trace to another.
   *
   * @param session knows the directory for relative paths
   * @param arguments two files
   * @throws IOException if one cannot be read
   */
  private static void diff(CommandSession session, String... arguments) throws IOException {
    Question question = new Question(session, Pages.DIFF, Set.of(), Set.of(TOP), arguments);
    Options options = question.options();
    if (!options.isHelp() && options.plain().size() != 2) {
      throw options.wrong("two files are needed");
    }
    question.ask(
        0,
        "",
        (traces, words) ->
            Difference.of(traces.getFirst(), traces.getLast(), options.number(TOP, 0)));
  }

  /**
   * Writes traces in another tool's format.
   *
   * @param session knows the directory for relative paths
   * @param arguments files, a condition and options
   * @throws IOException if a file cannot be read or written
   */
  private static void export(CommandSession session, String... arguments) throws IOException {
    new ExportQuestion(
            new Question(session, Pages.EXPORT, Set.of(), ExportQuestion.VALUED, arguments))
        .ask();
  }

  /**
   * Answers a question in SQL.
   *
   * @param session knows the directory for relative paths
   * @param arguments files, the question and options
   * @throws IOException if a file cannot be read or written, or there is no answer
   */
  private void sql(CommandSession session, String... arguments) throws IOException {
    new SqlQuestion(
            new Question(session, Pages.SQL, Set.of(), SqlQuestion.VALUED, arguments),
            services.sql())
        .ask();
  }

  /**
   * Makes a file of a part of one.
   *
   * @param session knows the directory that a relative path is meant in
   * @param arguments a file and options
   * @throws IOException if a file cannot be read or written
   */
  private static void split(CommandSession session, String... arguments) throws IOException {
    part(session, Pages.SPLIT, false, arguments);
  }

  /**
   * Makes a file of chosen events of one.
   *
   * @param session knows the directory that a relative path is meant in
   * @param arguments a file, a condition and options
   * @throws IOException if a file cannot be read or written
   */
  private static void extract(CommandSession session, String... arguments) throws IOException {
    part(session, Pages.EXTRACT, true, arguments);
  }

  private static void part(
      CommandSession session, String page, boolean hasCondition, String... arguments)
      throws IOException {
    new ExtractQuestion(
            new Question(session, page, Set.of(), ExtractQuestion.VALUED, joined(arguments)),
            hasCondition)
        .ask();
  }
}
