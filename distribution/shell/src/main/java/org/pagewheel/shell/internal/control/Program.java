package org.pagewheel.shell.internal.control;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.apache.felix.gogo.runtime.Parser;
import org.apache.felix.gogo.runtime.Token;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.pagewheel.shell.internal.print.Printable;
import org.pagewheel.shell.internal.print.ResultConverter;
import org.pagewheel.shell.internal.terminal.Complaints;
import org.pagewheel.shell.internal.terminal.ErrorOutput;
import org.pagewheel.shell.internal.terminal.PipeFailures;
import org.pagewheel.shell.internal.terminal.Terminals;
import org.pagewheel.shell.internal.terminal.TypedLine;

/** Commands as {@code -c} takes them, in a session: each result is printed, a failure ends them. */
final class Program {
  /** The exit status of a command line. */
  enum Status {
    DONE,
    FAILED,
    WRONG
  }

  /** How it ended, and why; a line for each problem. */
  record Result(Status status, String complaint) {}

  /** Set by a command that ends with an error number, which only {@code ||} can see. */
  private static final String FAILED = ".failed";

  static final String INTERRUPTED = "interrupted";
  private static final Pattern COMMENT = Pattern.compile("(?:^|(?<=\\s))#.*");

  private final CommandSession session;
  private final TypedLine lines;
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  Program(CommandSession session, TypedLine lines) {
    this.session = session;
    this.lines = lines;
    session.setJobListener((job, before, now) -> failures.addAll(PipeFailures.of(job, before)));
  }

  Result run(String program) {
    try {
      for (String statement : statements(program)) {
        Result result = statement(statement);
        if (result.status() != Status.DONE) {
          return result;
        }
      }
      return new Result(Status.DONE, "");
    } catch (InterruptedException e) {
      return new Result(Status.FAILED, INTERRUPTED);
    } catch (Exception | LinkageError | StackOverflowError e) {
      Status status = e instanceof IllegalArgumentException ? Status.WRONG : Status.FAILED;
      return new Result(status, Complaints.line(e, commands(session)));
    }
  }

  private Result statement(String statement) throws Exception {
    String refused = lines.refusal(statement, commands(session));
    if (refused != null) {
      return new Result(Status.FAILED, refused);
    }
    boolean background = statement.strip().endsWith("&");
    String run = TypedLine.expanded(statement);
    session.put(FAILED, null);
    Object result = session.execute(background ? run : run + " || " + FAILED + " = true");
    List<String> complaints = new ArrayList<>();
    for (Throwable each = failures.poll(); each != null; each = failures.poll()) {
      complaints.add(Complaints.line(each, commands(session)));
    }
    boolean failed = session.get(FAILED) != null;
    String failure = failed ? null : ErrorOutput.failure(result);
    if (failure != null) {
      complaints.add(failure);
    }
    if (!failed && failure == null && result != null) {
      CharSequence text = ResultConverter.fitted(result, Terminals.columns(session));
      text = text == null ? session.format(result, Converter.INSPECT) : text;
      session.getConsole().println(Printable.of(text.toString()));
    }
    session.getConsole().flush();
    return new Result(
        failed || !complaints.isEmpty() ? Status.FAILED : Status.DONE,
        String.join("\n", complaints));
  }

  @SuppressWarnings("unchecked") // Gogo's are names
  static Collection<String> commands(CommandSession session) {
    return (Collection<String>) session.get(".commands");
  }

  /**
   * The statements that {@code ;} and line ends separate; Gogo shows the last one's result only.
   */
  static List<String> statements(String program) {
    List<String> statements = new ArrayList<>();
    int begin = -1;
    int end = 0;
    for (Token token : new Parser(program).program().tokens()) {
      boolean separates = token.toString().equals(";") || token.toString().isBlank();
      if (separates && begin >= 0) {
        statements.add(program.substring(begin, end) + rest(program, end, token.start()));
        begin = -1;
      } else if (!separates) {
        begin = begin < 0 ? token.start() : begin;
        end = token.start() + token.length();
      }
    }
    if (begin >= 0) {
      statements.add(program.substring(begin, end) + rest(program, end, program.length()));
    }
    return statements;
  }

  /** Gogo's tokens leave out comments and the redirection of the last one. */
  private static String rest(String program, int begin, int end) {
    return COMMENT.matcher(program.substring(begin, end)).replaceAll("").stripTrailing();
  }
}
