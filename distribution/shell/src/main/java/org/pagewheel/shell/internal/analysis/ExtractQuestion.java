package org.pagewheel.shell.internal.analysis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.pagewheel.analysis.Condition;
import org.pagewheel.analysis.Extract;
import org.pagewheel.analysis.Trace;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.spi.Reason;

/** A part of a file as it was asked for: of time, CPUs or buffers, or by a condition. */
final class ExtractQuestion {
  private static final String CPU = "--cpu";
  private static final String BUFFER = "--buffer";
  private static final String OUT = "-o";
  static final Set<String> VALUED = Set.of(QueryQuestion.BETWEEN, CPU, BUFFER, OUT);

  private final Question question;
  private final Options options;
  private final boolean hasCondition;

  ExtractQuestion(Question question, boolean hasCondition) {
    this.question = question;
    this.options = question.options();
    this.hasCondition = hasCondition;
  }

  void ask() throws IOException {
    if (question.isHelp()) {
      return;
    }
    if (options.has(Question.JSON) || options.has(Question.WALL)) {
      throw options.wrong("--json and --wall are for answers, and this makes a file");
    }
    String name = options.value(OUT).orElseThrow(() -> options.wrong("-o OUT.dat is missing"));
    List<String> words = new ArrayList<>(options.plain());
    if (words.size() != (hasCondition ? 2 : 1)) {
      throw options.wrong(
          hasCondition ? "a file and a condition are needed" : "one file is needed");
    }
    if (!hasCondition
        && options.values(CPU).size() + options.values(BUFFER).size() == 0
        && !options.has(QueryQuestion.BETWEEN)) {
      throw options.wrong("--between, --cpu or --buffer says which part");
    }
    try (Asked asked = Asked.open(question.paths(List.of(words.getFirst())))) {
      Trace trace = asked.traces().getFirst();
      Extract extract;
      try {
        extract = extract(trace);
        if (hasCondition) {
          extract.where(Condition.of(words.getLast()));
        }
      } catch (IllegalArgumentException e) {
        throw options.wrong(e);
      }
      Path target = question.path(name);
      List<String> problems = extract.write(target);
      question.out().printf(Locale.ROOT, "%,d events are in %s%n", extract.events(), target);
      question.complain(problems);
    } catch (CommandFailed e) {
      throw e;
    } catch (IOException e) {
      throw new CommandFailed(Reason.of(e), e);
    }
  }

  private Extract extract(Trace trace) throws IOException {
    Extract extract = new Extract(trace);
    Optional<String> between = options.value(QueryQuestion.BETWEEN);
    if (between.isPresent()) {
      String[] times = between.get().split(QueryQuestion.UNTIL, -1);
      if (times.length != 2) {
        throw options.wrong("--between takes two times, FROM and TO");
      }
      extract.between(times[0], times[1]);
    }
    options.value(CPU).ifPresent(extract::cpus);
    options.values(BUFFER).forEach(extract::buffer);
    return extract;
  }
}
