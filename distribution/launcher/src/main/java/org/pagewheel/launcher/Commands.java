package org.pagewheel.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs the commands of a command line or a script and reports the result. */
final class Commands {
  /** The words that end a session, at the prompt too. */
  private static final Set<String> ENDS = Set.of("exit", "quit", "logout", "bye", "q");

  private final Session session;
  private final ShellServices shell;

  /** Failures in pipes that have not been reported yet. */
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /** Whether a part of a pipe has ended with an error number since the last report. */
  private final AtomicBoolean numbered = new AtomicBoolean();

  /** Whether the user has entered one of the words that end it. */
  private boolean ended;

  Commands(Session session, ShellServices shell) {
    this.session = session;
    this.shell = shell;
    session.watch(shell, this::add);
  }

  private void add(Throwable failure) {
    if (failure == null) {
      numbered.set(true);
    } else {
      failures.add(failure);
    }
  }

  /** Returns the exit status. */
  int run(Arguments arguments) throws Exception {
    int status =
        switch (arguments.mode()) {
          case COMMANDS -> program(arguments.words().getFirst());
          case SUBCOMMAND -> subcommand(arguments);
          default -> script();
        };
    session.awaitJobs(); // once: a job that goes on does not delay later lines
    return Math.max(status, reported());
  }

  /** Prints each statement's result; the first one that throws ends it. */
  private int program(String program) {
    int status = Main.OK;
    try {
      for (String statement : session.statements(program)) {
        if (ENDS.contains(statement.strip())) {
          ended = true;
          return status;
        }
        shell.refuse(statement, session.allCommands());
        Object result = session.execute(shell.expanded(statement));
        status = Math.max(status, reported());
        status = Math.max(status, print(result));
        status = session.failed() ? Main.FAILED : status;
      }
      return Math.max(status, reported());
    } catch (UsageException e) {
      return Main.fail(Main.FAILED, e);
    } catch (Exception | LinkageError | StackOverflowError e) {
      reported();
      return failed(e);
    }
  }

  /**
   * Reports what has failed in pipes meanwhile, and returns the status. An error number counts if
   * its command has reported why: a grep that finds nothing also leaves one, and passes no lines
   * on.
   */
  private int reported() {
    boolean complained = session.hasComplained();
    int status = numbered.getAndSet(false) && complained ? Main.FAILED : Main.OK;
    for (Throwable failure = failures.poll(); failure != null; failure = failures.poll()) {
      status = failed(failure);
    }
    return status;
  }

  private int failed(Throwable cause) {
    try {
      return Main.fail(Main.FAILED, shell.inWords(cause, session.allCommands()));
    } catch (ReflectiveOperationException e) {
      return Main.fail(Main.FAILED, cause);
    }
  }

  /** As in a terminal, a failing line does not end the session, but it sets the status. */
  private int script() throws IOException {
    var lines = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    int status = Main.OK;
    String line;
    while (!ended && (line = lines.readLine()) != null) {
      status = Math.max(status, program(line));
    }
    return status;
  }

  /**
   * Commands throw IllegalArgumentException when their arguments are wrong, and Gogo does when no
   * method of the command takes them.
   */
  private int subcommand(Arguments arguments) throws ReflectiveOperationException {
    String command = arguments.words().getFirst();
    var known = session.commands();
    if (!known.contains(command)) {
      return Main.fail(
          Main.USAGE,
          new UsageException(
              known.isEmpty()
                  ? "no command '%s': there is none, as the shell's bundle did not start"
                      .formatted(command)
                  : "no command '%s'; %s".formatted(command, shell.hint(command, known))));
    }
    try {
      return print(session.call(command, arguments.words().subList(1, arguments.words().size())));
    } catch (IllegalArgumentException e) {
      return Main.fail(Main.USAGE, e);
    } catch (Exception | LinkageError | StackOverflowError e) {
      return failed(e);
    }
  }

  /** Prints a result, and returns the status. */
  private int print(Object result) throws Exception {
    Optional<String> failure = shell.failure(result);
    if (failure.isPresent()) {
      return Main.fail(Main.FAILED, new UsageException(failure.get()));
    }
    if (result != null) {
      String text = session.format(result);
      System.out.println(System.console() == null ? text : Printable.of(text));
    }
    return Main.OK;
  }
}
