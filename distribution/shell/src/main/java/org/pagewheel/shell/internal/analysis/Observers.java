package org.pagewheel.shell.internal.analysis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pagewheel.Buffer;
import org.pagewheel.analysis.Condition;
import org.pagewheel.analysis.LiveLatency;
import org.pagewheel.shell.internal.command.Services;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Json;
import org.pagewheel.shell.internal.print.Table;

/**
 * Latencies observed on running buffers. A question asked for the first time makes an observer;
 * asked again, it shows what was found so far.
 */
public final class Observers {
  static final String LIST = "--list";
  static final String STOP = "--stop";

  /** Each has a thread that reads all events of its buffer. */
  private static final int MAX = 16;

  /** Options for files only. */
  private static final Set<String> OF_FILES =
      Set.of("--over", "--top", "--within", "--pending", Question.WALL);

  private final Services services;

  /** By the question; guarded by this. */
  private final Map<String, Observed> observed = new LinkedHashMap<>();

  private record Observed(Buffer buffer, String question, LiveLatency latency) {}

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

  void answer(Question question) throws CommandFailed {
    Options options = question.options();
    if (options.has(LIST)) {
      list(question);
      return;
    }
    for (String each : OF_FILES) {
      if (options.has(each)) {
        throw options.wrong(each + " is for files");
      }
    }
    Buffer buffer =
        buffer(question)
            .orElseThrow(() -> options.wrong(STOP + ": the name of a buffer comes first"));
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
    observe(question, buffer, words, by, text);
  }

  private static List<String> fields(Options options) {
    List<String> by = new ArrayList<>();
    options.values("--by").forEach(each -> by.addAll(List.of(each.split(",", -1))));
    return by;
  }

  private synchronized void observe(
      Question question, Buffer buffer, List<String> words, List<String> by, String text)
      throws CommandFailed {
    String key = buffer.name() + " " + text;
    Observed known = observed.get(key);
    if (known != null && known.buffer != buffer) {
      known.latency.close();
      observed.remove(key); // an earlier buffer of that name
      known = null;
    }
    if (question.options().has(STOP)) {
      if (known == null) {
        throw new CommandFailed(text + " is not observed on " + buffer.name());
      }
      known.latency.close();
      observed.remove(key);
    }
    if (known == null) {
      observed.put(key, new Observed(buffer, text, open(question, buffer, words, by)));
      question
          .out()
          .println(
              "observing %s from now on; the same words show what was found, %s ends it"
                  .formatted(buffer.name(), STOP));
    } else if (question.options().has(Question.JSON)) {
      question.out().println(known.latency.json(question.style()));
    } else {
      known.latency.text(question.style()).forEach(question.out()::println);
    }
  }

  private LiveLatency open(Question question, Buffer buffer, List<String> words, List<String> by)
      throws CommandFailed {
    if (observed.size() >= MAX) {
      throw new CommandFailed(
          MAX + " latencies are observed, no more can be: end one with " + STOP);
    }
    try {
      return words.size() == 1
          ? LiveLatency.ofSpan(buffer, Condition.of(words.getFirst()))
          : LiveLatency.between(
              buffer,
              Condition.of(words.get(0)),
              Condition.of(words.get(1)),
              by.isEmpty() ? List.of("tid") : by);
    } catch (IllegalArgumentException e) {
      throw question.options().wrong(e);
    }
  }

  private synchronized void list(Question question) {
    List<ObserverLine> lines = new ArrayList<>();
    for (Observed each : observed.values()) {
      LiveLatency.Line line = each.latency.line();
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
              each.latency.isOpen() ? "observing" : "ended"));
    }
    if (question.options().has(Question.JSON)) {
      question.out().println(Json.of(lines));
    } else {
      Table<ObserverLine> table =
          new Table<>(
              ObserverLine.class,
              "nothing is observed; ring:latency BUFFER SPAN begins to, ring:list shows the"
                  + " buffers",
              lines);
      question.out().print(table.format(question.style().columns()));
    }
  }

  /** Ends all. */
  public synchronized void close() {
    observed.values().forEach(each -> each.latency.close());
    observed.clear();
  }
}
