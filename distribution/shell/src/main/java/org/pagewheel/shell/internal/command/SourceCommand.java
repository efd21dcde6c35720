package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.felix.gogo.runtime.EOFError;
import org.apache.felix.gogo.runtime.Parser;
import org.apache.felix.gogo.runtime.SyntaxError;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Printable;
import org.pagewheel.shell.internal.print.ResultConverter;
import org.pagewheel.shell.internal.terminal.Complaints;
import org.pagewheel.shell.internal.terminal.ErrorOutput;
import org.pagewheel.shell.internal.terminal.Terminals;
import org.pagewheel.shell.internal.terminal.TypedLine;

/**
 * Replaces Gogo's {@code source}, which exists only at the prompt, shows only the last result and
 * reports a failure without file and line.
 */
public final class SourceCommand {
  /** The session's variable that counts the files that are being run. */
  private static final String DEPTH = ".source-depth";

  /** The limit for a file that runs itself. */
  private static final int MAX_DEPTH = 16;

  private static final String TOO_DEEP = "files run each other more than " + MAX_DEPTH + " deep";
  private static final long MAX_BYTES = 1 << 20;

  /** Lines that belong together are parsed again with each further one. */
  private static final int MAX_LINES = 200;

  /** Lines of a file that are run together. */
  record Statement(int line, String text) {}

  private final TypedLine lines;

  /**
   * Makes it.
   *
   * @param lines the checks of a line before it is run
   */
  public SourceCommand(TypedLine lines) {
    this.lines = lines;
  }

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        Command.named("gogo", "source", "run the lines of a file, up to the first that fails")
            .word("FILE", Kind.FILE)
            .means("a script")
            .printing()
            .example("source setup.gosh", "what could be typed, line by line")
            .fails("there is no such file, or a line failed")
            .runs(this::source));
  }

  private Object source(Call call) throws IOException, InterruptedException {
    CommandSession session = call.session();
    String name = call.word(0);
    List<Statement> statements = statements(name, read(call.path(name), name));
    int depth = session.get(DEPTH) instanceof Integer outer ? outer : 0;
    if (depth == MAX_DEPTH) {
      throw new CommandFailed(name + ": " + TOO_DEEP);
    }
    session.put(DEPTH, depth + 1);
    try {
      for (Statement statement : statements) {
        run(session, name, statement);
      }
    } finally {
      session.put(DEPTH, depth);
    }
    return null;
  }

  private static List<String> read(Path file, String name) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new CommandFailed(name + ": there is no such file");
    }
    if (!Files.isRegularFile(file)) {
      throw new CommandFailed(name + " is not a regular file");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new CommandFailed(name + " is larger than 1 MiB, so it is no script");
    }
    try {
      return Files.readAllLines(file, Charset.defaultCharset());
    } catch (MalformedInputException e) {
      throw new CommandFailed(name + " is not text", e);
    }
  }

  /** A line and those after it that close its quotes and brackets. */
  static List<Statement> statements(String name, List<String> lines) throws CommandFailed {
    List<Statement> statements = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      int first = i;
      String text = lines.get(i);
      while (!isWhole(text)) {
        if (++i == lines.size() || i - first == MAX_LINES) {
          throw new CommandFailed(
              "%s, line %d: a quote or a bracket is not closed".formatted(name, first + 1));
        }
        text += "\n" + lines.get(i);
      }
      if (!text.isBlank() && !text.stripLeading().startsWith("#")) {
        statements.add(new Statement(first + 1, text));
      }
    }
    return statements;
  }

  private static boolean isWhole(String text) {
    try {
      new Parser(text).program();
      return true;
    } catch (EOFError e) {
      return false;
    } catch (SyntaxError e) {
      return true; // it is reported when it is run
    }
  }

  private void run(CommandSession session, String name, Statement statement)
      throws IOException, InterruptedException {
    Collection<String> commands = commands(session);
    String failure;
    try {
      failure = lines.refusal(statement.text(), commands);
      if (failure == null) {
        Object result = session.execute(TypedLine.expanded(statement.text()));
        failure = ErrorOutput.failure(result);
        if (failure == null && result != null) {
          CharSequence text = ResultConverter.fitted(result, Terminals.columns(session));
          text = text == null ? session.format(result, Converter.INSPECT) : text;
          Terminals.out(session).println(Printable.of(text.toString()));
        }
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | LinkageError | StackOverflowError e) {
      failure = Complaints.line(e, commands);
    }
    if (failure != null && failure.endsWith(TOO_DEEP)) {
      throw new CommandFailed(failure); // repeating it for each file would add nothing
    }
    if (failure != null) {
      throw new CommandFailed("%s, line %d: %s".formatted(name, statement.line(), failure));
    }
  }

  @SuppressWarnings("unchecked") // Gogo's are names
  private static Collection<String> commands(CommandSession session) {
    return (Collection<String>) session.get(".commands");
  }
}
