package org.pagewheel.shell.internal.analysis;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandSession;
import org.pagewheel.analysis.Answer;
import org.pagewheel.analysis.Style;
import org.pagewheel.analysis.Trace;
import org.pagewheel.shell.internal.declaration.Paths;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Printable;
import org.pagewheel.shell.internal.terminal.Terminals;
import org.pagewheel.spi.Reason;

/** One question: its options, its help page, and the destination of the answer. */
final class Question {
  static final String JSON = "--json";
  static final String WALL = "--wall";

  private static final String COMMON =
      """

        --json          for programs: JSON, times as whole numbers of the clock's unit
        --wall          times of day instead of the clock's, where the file knows them
        --help, -h      this text

      FILE is a trace.dat file of Pagewheel or of trace-cmd, or the ring file of a
      living or a dead process. Exit status: 0 answered, 1 a file cannot be read, or
      only a part of it (the answer is about the rest), 2 wrong arguments.\
      """;

  private static final int USUAL_COLUMNS = 80;

  /** A name that is likely an event's and hardly a file's. */
  private static final Pattern EVENT = Pattern.compile("\\w+(:\\w+)?");

  private final CommandSession session;
  private final Options options;
  private final String page;

  /**
   * Reads the arguments.
   *
   * @param page the help page; its first line is the usage
   * @param flags the flags in addition to {@code --json} and {@code --wall}
   * @param valued the options with a value
   */
  Question(
      CommandSession session,
      String page,
      Set<String> flags,
      Set<String> valued,
      String... arguments) {
    this.session = session;
    this.page = page;
    Set<String> all = new HashSet<>(flags);
    all.addAll(Set.of(JSON, WALL));
    String usage = page.lines().findFirst().orElseThrow();
    this.options = new Options(usage, all, valued, arguments);
  }

  Options options() {
    return options;
  }

  /** Prints the page if the user asks for it. */
  boolean isHelp() {
    if (options.isHelp()) {
      out().println("usage: " + page.stripTrailing() + "\n" + COMMON);
    }
    return options.isHelp();
  }

  PrintStream out() {
    return Terminals.out(session);
  }

  Path path(String text) {
    return Paths.of(session, text);
  }

  List<Path> paths(Collection<String> texts) {
    if (texts.isEmpty()) {
      throw options.wrong("no file is named");
    }
    List<Path> paths = new ArrayList<>();
    for (String text : texts) {
      Path path = path(text);
      if (!paths.isEmpty() && EVENT.matcher(text).matches() && !Files.exists(path)) {
        throw options.wrong(
            text
                + ": there is no such file; if it is an event, quote it with its condition, as"
                + (" '" + text + " if FILTER'"));
      }
      paths.add(path);
    }
    return paths;
  }

  Style style() {
    int columns = Terminals.columns(session);
    if (columns == Integer.MAX_VALUE) {
      String given = System.getenv("COLUMNS");
      columns =
          given != null && given.matches("\\d{1,4}") ? Integer.parseInt(given) : USUAL_COLUMNS;
    }
    String encoding = System.getProperty("native.encoding", "");
    boolean isAscii = !encoding.toUpperCase(Locale.ROOT).startsWith("UTF");
    return new Style(columns, options.has(WALL), isAscii);
  }

  /** Answers from the traces, with the words that follow the files. */
  @FunctionalInterface
  interface Asking {
    Answer of(List<Trace> traces, List<String> words) throws IOException;
  }

  /**
   * Opens the files and prints the answer; or prints the help page.
   *
   * @param words how many plain arguments follow the files
   * @param problem the message if there are too few
   */
  void ask(int words, String problem, Asking asking) throws IOException {
    if (isHelp()) {
      return;
    }
    List<String> plain = options.plain();
    int files = plain.size() - words;
    if (files < 1 && words > 0) {
      throw options.wrong(problem);
    }
    try (Asked asked = Asked.open(paths(plain.subList(0, files)))) {
      checkWall(asked.traces());
      Answer answer;
      try {
        answer = asking.of(asked.traces(), plain.subList(files, plain.size()));
      } catch (IllegalArgumentException e) {
        throw options.wrong(e);
      } catch (IOException e) {
        throw new CommandFailed(Reason.of(e), e);
      }
      answer(answer);
    }
  }

  /** Whether the last argument is a condition: there are others, and it is not a file. */
  boolean hasCondition() {
    List<String> plain = options.plain();
    return plain.size() > 1
        && !plain.getLast().matches("\\S*(/\\S*|\\.dat)")
        && !Files.exists(path(plain.getLast()));
  }

  /** Whether the plain argument this many places before the last is an existing file. */
  boolean isFile(int fromLast) {
    List<String> plain = options.plain();
    int at = plain.size() - 1 - fromLast;
    return at >= 0 && Files.exists(path(plain.get(at)));
  }

  /** Times of day, if requested, must be known. */
  void checkWall(List<Trace> traces) {
    for (Trace trace : traces) {
      if (options.has(WALL) && trace.wallOffset().isEmpty()) {
        throw options.wrong(trace.name() + " does not say what time of day its times are");
      }
    }
  }

  /** Prints the answer, and fails if it is about only a part of the files. */
  void answer(Answer answer) throws IOException {
    Style style = style();
    if (options.has(JSON)) {
      out().println(answer.json(style));
    } else {
      answer.text(style).forEach(out()::println);
      note(answer.notes()); // JSON has a key for it
    }
    complain(answer.problems());
  }

  /** Prints notes on what the answer leaves out. */
  void note(List<String> notes) {
    out().flush();
    notes.forEach(line -> Terminals.err().println(Printable.line(line)));
  }

  void complain(List<String> problems) throws CommandFailed {
    out().flush();
    if (!problems.isEmpty()) {
      throw new CommandFailed("this is not all: " + String.join("; ", problems));
    }
  }
}
