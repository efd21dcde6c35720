package org.pagewheel.shell.internal.analysis;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pagewheel.analysis.Condition;
import org.pagewheel.analysis.Export;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.spi.Reason;
import org.pagewheel.tracedat.NewFile;

/** An export with its options. */
final class ExportQuestion {
  static final String FORMAT = "--format";
  static final String OUT = "-o";
  static final Set<String> VALUED = Set.of(FORMAT, OUT);

  /** The format for a file name's ending. */
  private static final Map<String, Export.Format> ENDINGS =
      Map.of(
          "pftrace",
          Export.Format.PERFETTO,
          "perfetto-trace",
          Export.Format.PERFETTO,
          "json",
          Export.Format.CHROME,
          "csv",
          Export.Format.CSV,
          "jsonl",
          Export.Format.JSONL,
          "ctf",
          Export.Format.CTF,
          "otlp",
          Export.Format.OTLP_JSON);

  private static final String STANDARD_OUTPUT = "-";
  private static final int ENOUGH = 1 << 16;

  private final Question question;
  private final Options options;

  ExportQuestion(Question question) {
    this.question = question;
    this.options = question.options();
  }

  void ask() throws IOException {
    if (question.isHelp()) {
      return;
    }
    if (options.has(Question.JSON) || options.has(Question.WALL)) {
      throw options.wrong("--json and --wall are for answers; see --format");
    }
    String name = options.value(OUT).orElseThrow(() -> options.wrong("-o FILE is missing"));
    Export.Format format = format(name);
    if (format.isDirectory() && name.equals(STANDARD_OUTPUT)) {
      throw options.wrong(
          format.word() + " is a directory of files: give a name for it instead of -");
    }
    List<String> words = new ArrayList<>(options.plain());
    Optional<String> condition =
        question.hasCondition() ? Optional.of(words.removeLast()) : Optional.empty();
    List<Path> files = question.paths(words);
    try (Asked asked = Asked.open(files)) {
      Export export;
      try {
        export = new Export(asked.traces(), format);
        condition.ifPresent(text -> export.where(Condition.of(text)));
      } catch (IllegalArgumentException e) {
        throw options.wrong(e);
      }
      write(export, format, name);
    }
  }

  private Export.Format format(String name) {
    Optional<String> given = options.value(FORMAT);
    if (given.isPresent()) {
      try {
        return Export.Format.of(given.get());
      } catch (IllegalArgumentException e) {
        throw options.wrong(FORMAT + ": " + e.getMessage());
      }
    }
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return ENDINGS.getOrDefault(ending, Export.Format.PERFETTO);
  }

  private void write(Export export, Export.Format format, String name) throws IOException {
    List<String> problems;
    try {
      if (format.isDirectory()) {
        Path target = question.path(name);
        problems = export.run(target);
        written(export, target);
      } else if (name.equals(STANDARD_OUTPUT)) {
        OutputStream out = new BufferedOutputStream(question.out(), ENOUGH);
        problems = export.run(out);
      } else {
        Path target = question.path(name);
        try (NewFile file = new NewFile(target);
            OutputStream out = new BufferedOutputStream(file.stream(), ENOUGH)) {
          problems = export.run(out);
          file.finish();
        }
        written(export, target);
      }
    } catch (IOException e) {
      throw new CommandFailed(Reason.of(e), e);
    }
    question.note(export.notes());
    question.complain(problems);
  }

  private void written(Export export, Path target) {
    question.out().printf(Locale.ROOT, "%,d events are in %s%n", export.events(), target);
  }
}
