package org.pagewheel.shell.internal.analysis;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.FrameworkUtil;
import org.pagewheel.analysis.RowLines;
import org.pagewheel.analysis.SqlEngine;
import org.pagewheel.analysis.Tables;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.spi.Reason;
import org.pagewheel.tracedat.NewFile;

/** A question in SQL with its options. */
final class SqlQuestion {
  private static final String FORMAT = "--format";
  private static final String OUT = "-o";
  static final Set<String> VALUED = Set.of(FORMAT, OUT);

  private static final String STANDARD_OUTPUT = "-";
  private static final int ENOUGH = 1 << 16;

  /** Set by the launcher. */
  private static final String HOME = "pagewheel.home";

  /** The formats; that of a file is also known by its ending. */
  private enum Format {
    TEXT(RowLines.Format.TEXT),
    CSV(RowLines.Format.CSV),
    JSONL(RowLines.Format.JSONL),
    PARQUET(null);

    final RowLines.Format lines;

    Format(RowLines.Format lines) {
      this.lines = lines;
    }

    static Optional<Format> of(String word) {
      try {
        return Optional.of(valueOf(word.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  private final Question question;
  private final Options options;
  private final Optional<SqlEngine> engine;

  SqlQuestion(Question question, Optional<SqlEngine> engine) {
    this.question = question;
    this.options = question.options();
    this.engine = engine;
  }

  void ask() throws IOException {
    if (question.isHelp()) {
      return;
    }
    String out = options.value(OUT).orElse(STANDARD_OUTPUT);
    Format format = format(out);
    if (format == Format.PARQUET && !options.has(OUT)) {
      throw options.wrong("Parquet is no text: -o FILE is missing");
    }
    List<String> words = new ArrayList<>(options.plain());
    if (words.size() < 2) {
      throw options.wrong("a file and a question in SQL are needed");
    }
    String sql = words.removeLast();
    List<Path> files = question.paths(words);
    SqlEngine answering = engine.orElseThrow(() -> new CommandFailed(missing()));
    try (Asked asked = Asked.open(files)) {
      question.checkWall(asked.traces());
      Tables tables = new Tables(asked.traces(), options.has(Question.WALL));
      try {
        answer(answering, tables, sql, format, out);
      } catch (IllegalArgumentException e) {
        throw options.wrong(e);
      } catch (IOException e) {
        throw new CommandFailed(Reason.of(e), e);
      }
      question.note(tables.notes());
      question.complain(tables.problems());
    }
  }

  private Format format(String out) {
    Optional<String> given = options.value(FORMAT);
    if (options.has(Question.JSON)) {
      if (given.isPresent()) {
        throw options.wrong("--json and --format exclude each other");
      }
      return Format.JSONL;
    }
    if (given.isPresent()) {
      return Format.of(given.get())
          .orElseThrow(
              () ->
                  options.wrong(
                      FORMAT
                          + ": no format "
                          + given.get()
                          + ", there are: text, csv, jsonl, parquet"));
    }
    return Format.of(out.substring(out.lastIndexOf('.') + 1)).orElse(Format.TEXT);
  }

  private void answer(SqlEngine answering, Tables tables, String sql, Format format, String out)
      throws IOException {
    if (out.equals(STANDARD_OUTPUT) && format != Format.PARQUET) {
      PrintStream shown = question.out();
      PrintedLines lines = new PrintedLines(shown);
      try (RowLines rows = new RowLines(format.lines, lines)) {
        answering.ask(tables, sql, rows);
      }
      lines.flush();
    } else if (out.equals(STANDARD_OUTPUT)) {
      answering.parquet(tables, sql, question.out());
    } else {
      Path target = question.path(out);
      long rows;
      try (NewFile file = new NewFile(target);
          OutputStream stream = new BufferedOutputStream(file.stream(), ENOUGH)) {
        rows = write(answering, tables, sql, format, stream);
        stream.flush();
        file.finish();
      }
      question.out().printf(Locale.ROOT, "%,d rows are in %s%n", rows, target);
    }
  }

  private static long write(
      SqlEngine answering, Tables tables, String sql, Format format, OutputStream stream)
      throws IOException {
    if (format == Format.PARQUET) {
      return answering.parquet(tables, sql, stream);
    }
    IOException[] failed = new IOException[1];
    RowLines rows =
        new RowLines(
            format.lines,
            line -> {
              try {
                stream.write((line + '\n').getBytes(StandardCharsets.UTF_8));
                return true;
              } catch (IOException e) {
                failed[0] = e;
                return false;
              }
            });
    try (rows) {
      answering.ask(tables, sql, rows);
    }
    if (failed[0] != null) {
      throw failed[0];
    }
    return rows.rows();
  }

  /** What to do about the missing add-on: a source tree builds it, an installation fetches it. */
  private static String missing() {
    String lacks = "SQL needs the add-on pagewheel-sql, which is not installed; this installs it: ";
    String home = System.getProperty(HOME);
    if (home == null) {
      return "SQL is for files here: ask with pagewheel sql FILE on a command line";
    }
    Path built = Path.of("distribution", "launcher", "target", "home");
    if (Path.of(home).endsWith(built)) {
      Path pom = Path.of(home, "..", "..", "..", "..", "pom.xml").normalize();
      return lacks + "mvn -f " + pom + " -pl distribution/sql -am -DskipTests package";
    }
    return lacks
        + "mvn dependency:copy -Dmdep.stripVersion -Dartifact=org.pagewheel:pagewheel-sql:"
        + version()
        + " -DoutputDirectory="
        + Path.of(home, "addons");
  }

  /** That of this bundle, as Maven writes it: the add-on's. */
  private static String version() {
    return Optional.ofNullable(FrameworkUtil.getBundle(SqlQuestion.class))
        .map(bundle -> bundle.getVersion().toString().replaceFirst("\\.(\\D)", "-$1"))
        .orElse("LATEST");
  }
}
