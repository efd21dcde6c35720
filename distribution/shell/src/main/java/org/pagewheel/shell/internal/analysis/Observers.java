package org.pagewheel.shell.internal.analysis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pagewheel.Buffer;
import org.pagewheel.analysis.Condition;
import org.pagewheel.analysis.LiveHistogram;
import org.pagewheel.analysis.LiveLatency;
import org.pagewheel.analysis.LiveObserver;
import org.pagewheel.shell.internal.command.Services;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Json;
import org.pagewheel.shell.internal.print.Table;

/**
 * Latencies and histograms observed on running buffers. A question asked for the first time makes
 * an observer; asked again, it shows what was found so far.
 */
public final class Observers {
  static final String LIST = "--list";
  static final String STOP = "--stop";

  /** Each has a thread that reads all events of its buffer. */
  private static final int MAX = 16;

  /** Options for files only. */
  private static final Set<String> OF_FILES =
      Set.of("--over", "--top", "--within", "--pending", Question.WALL);

  private static final String BY = "--by";
  private static final String TOP = "--top";

  private final Services services;

  /** By the question; guarded by this. */
  private final Map<String, Observed> observed = new LinkedHashMap<>();

  private record Observed(Buffer buffer, String question, LiveObserver observer) {}

  /** Makes an observer of a question that is asked for the first time. */
  @FunctionalInterface
  private interface Opening {
    LiveObserver open();
  }

  /** A line of {@code hist --list}. */
  record HistLine(
      String buffer, String question, long events, String missed, String busy, String state) {}

  /** A line of {@code latency --list}. */
  record ObserverLine(
      String buffer,
      String question,
      long count,
      String p50,
      String p99,
      String most,
      long open,
      long unpaired,
      String missed,
      String busy,
      String state) {}

  /**
   * Makes the observers of one shell.
   *
   * @param services has the buffers; null where commands are listed only
   */
  public Observers(Services services) {
    this.services = services;
  }

  /** Whether a question is for them: it is a list, or its first word is the name of a buffer. */
  boolean areAsked(Question question) {
    Options options = question.options();
    return options.has(LIST)
        || options.has(STOP)
        || !options.isHelp() && buffer(question).isPresent();
  }

  private Optional<Buffer> buffer(Question question) {
    List<String> plain = question.options().plain();
    if (services == null || plain.isEmpty() || question.isFile(plain.size() - 1)) {
      return Optional.empty();
    }
    try {
      return services.buffers().find(plain.getFirst());
    } catch (IllegalStateException e) {
      return Optional.empty(); // nothing runs here
    }
  }

  void latency(Question question) throws CommandFailed {
    Options options = question.options();
    if (options.has(LIST)) {
      print(question, ObserverLine.class, latencies(), "ring:latency BUFFER SPAN");
      return;
    }
    for (String each : OF_FILES) {
      if (options.has(each)) {
        throw options.wrong(each + " is for files");
      }
    }
    Buffer buffer = asked(question);
    List<String> all = options.plain().subList(1, options.plain().size());
    if (all.isEmpty()) {
      throw options.wrong("a span or two events come after the buffer");
    }
    List<String> words = all.subList(0, Math.min(all.size(), 2));
    List<String> by = new ArrayList<>(all.subList(words.size(), all.size()));
    by.addAll(fields(options));
    if (words.size() == 1 && !by.isEmpty()) {
      throw options.wrong("--by is for two events: those of a span have a number");
    }
    String text = String.join(" ", words) + (by.isEmpty() ? "" : " --by " + String.join(",", by));
    observe(question, buffer, text, () -> latency(buffer, words, by));
  }

  private Buffer asked(Question question) {
    return buffer(question)
        .orElseThrow(() -> question.options().wrong(STOP + ": the name of a buffer comes first"));
  }

  void hist(Question question) throws CommandFailed {
    Options options = question.options();
    if (options.has(LIST)) {
      print(question, HistLine.class, histograms(), "ring:hist BUFFER EVENT FIELD");
      return;
    }
    if (options.has(Question.WALL)) {
      throw options.wrong(Question.WALL + " is for files");
    }
    Buffer buffer = asked(question);
    List<String> words = options.plain().subList(1, options.plain().size());
    if (words.size() != 2) {
      throw options.wrong("an event and a field come after the buffer");
    }
    List<String> keys = new ArrayList<>(List.of(words.get(1)));
    keys.addAll(options.values(BY));
    int top = options.number(TOP, 0);
    observe(
        question,
        buffer,
        "hist " + words.getFirst() + " by " + String.join(", ", keys),
        () -> LiveHistogram.of(buffer, Condition.of(words.getFirst()), keys, top));
  }

  private static List<String> fields(Options options) {
    List<String> by = new ArrayList<>();
    options.values(BY).forEach(each -> by.addAll(List.of(each.split(",", -1))));
    return by;
  }

  private synchronized void observe(Question question, Buffer buffer, String text, Opening opening)
      throws CommandFailed {
    String key = buffer.name() + " " + text;
    Observed known = observed.get(key);
    if (known != null && known.buffer != buffer) {
      known.observer.close();
      observed.remove(key); // an earlier buffer of that name
      known = null;
    }
    if (question.options().has(STOP)) {
      if (known == null) {
        throw new CommandFailed(text + " is not observed on " + buffer.name());
      }
      known.observer.close();
      observed.remove(key);
    }
    if (known == null) {
      observed.put(key, new Observed(buffer, text, open(question, opening)));
      question
          .out()
          .println(
              "observing %s from now on; the same words show what was found, %s ends it"
                  .formatted(buffer.name(), STOP));
    } else if (question.options().has(Question.JSON)) {
      question.out().println(known.observer.json(question.style()));
    } else {
      known.observer.text(question.style()).forEach(question.out()::println);
    }
  }

  private LiveObserver open(Question question, Opening opening) throws CommandFailed {
    if (observed.size() >= MAX) {
      throw new CommandFailed(
          MAX + " questions are observed, no more can be: end one with " + STOP);
    }
    try {
      return opening.open();
    } catch (IllegalArgumentException e) {
      throw question.options().wrong(e);
    }
  }

  private static LiveLatency latency(Buffer buffer, List<String> words, List<String> by) {
    return words.size() == 1
        ? LiveLatency.ofSpan(buffer, Condition.of(words.getFirst()))
        : LiveLatency.between(
            buffer,
            Condition.of(words.get(0)),
            Condition.of(words.get(1)),
            by.isEmpty() ? List.of("tid") : by);
  }

  private synchronized List<ObserverLine> latencies() {
    List<ObserverLine> lines = new ArrayList<>();
    for (Observed each : observed.values()) {
      if (each.observer instanceof LiveLatency latency) {
        LiveLatency.Line line = latency.line();
        lines.add(
            new ObserverLine(
                each.buffer.name(),
                each.question,
                line.spans(),
                line.p50(),
                line.p99(),
                line.most(),
                line.open(),
                line.unpaired(),
                line.missed(),
                busy(latency),
                state(latency)));
      }
    }
    return lines;
  }

  private synchronized List<HistLine> histograms() {
    List<HistLine> lines = new ArrayList<>();
    for (Observed each : observed.values()) {
      if (each.observer instanceof LiveHistogram histogram) {
        lines.add(
            new HistLine(
                each.buffer.name(),
                each.question,
                histogram.hits(),
                histogram.missed() < 0 ? "?" : Long.toString(histogram.missed()),
                busy(histogram),
                state(histogram)));
      }
    }
    return lines;
  }

  private static String busy(LiveObserver observer) {
    return Math.round(100 * observer.busy()) + "%";
  }

  private static String state(LiveObserver observer) {
    return observer.isOpen() ? "observing" : "ended";
  }

  private static <T extends Record> void print(
      Question question, Class<T> type, List<T> lines, String begins) {
    if (question.options().has(Question.JSON)) {
      question.out().println(Json.of(lines));
    } else {
      Table<T> table =
          new Table<>(
              type,
              "nothing is observed; " + begins + " begins to, ring:list shows the buffers",
              lines);
      question.out().print(table.format(question.style().columns()));
    }
  }

  /** Ends all. */
  public synchronized void close() {
    observed.values().forEach(each -> each.observer.close());
    observed.clear();
  }
}
