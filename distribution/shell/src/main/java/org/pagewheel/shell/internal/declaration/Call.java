package org.pagewheel.shell.internal.declaration;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.pagewheel.Clock;
import org.pagewheel.shell.internal.print.ResultConverter;
import org.pagewheel.shell.internal.print.Table;
import org.pagewheel.shell.internal.print.WallTime;
import org.pagewheel.shell.internal.print.WrongInput;
import org.pagewheel.shell.internal.terminal.Terminals;

/** A typed command and its session. */
public final class Call {
  private final CommandSession session;
  private final Arguments arguments;
  private final String[] raw;

  Call(CommandSession session, Arguments arguments, String... raw) {
    this.raw = raw;
    this.session = session;
    this.arguments = arguments;
  }

  /** The session. */
  public CommandSession session() {
    return session;
  }

  /** The typed arguments. */
  public Arguments arguments() {
    return arguments;
  }

  /** Everything as it was typed. */
  public String[] raw() {
    return raw.clone();
  }

  /** The plain words, as many as the declaration allows. */
  public List<String> plain() {
    return arguments.plain();
  }

  /** A plain word; null if it was left out. */
  public String word(int index) {
    return index < plain().size() ? plain().get(index) : null;
  }

  /** The value of an option or setting; null if it was left out. */
  public String value(String name) {
    return arguments.value(name);
  }

  /** Whether a flag was given. */
  public boolean has(String flag) {
    return arguments.value(flag) != null;
  }

  /** The settings that were given. */
  public Map<String, String> settings() {
    return arguments.settings();
  }

  /** The value of an option or setting as a whole number of at least 0, or the default. */
  public int number(String name, int otherwise) {
    return arguments.number(name, otherwise);
  }

  /** The exception for a wrong argument. */
  public WrongInput wrong(String problem) {
    return arguments.wrong(problem);
  }

  /** A path, relative to the session's current directory. */
  public Path path(String text) {
    return Paths.of(session, text);
  }

  /** The stream to print to: a pipe, if the command is in one. */
  public PrintStream out() {
    return Terminals.out(session);
  }

  /** A table fitted to the terminal, or whole if there is none. */
  public String fitted(Table<?> table) {
    return ResultConverter.fitted(table, Terminals.columns(session));
  }

  /** Whether the result is to be JSON. */
  public boolean isJson() {
    return has(Command.JSON);
  }

  /**
   * The times of day of a clock's times, if {@code --wall} asks for them.
   *
   * @param clock the clock
   * @return null if it does not
   */
  public WallTime wall(Clock clock) {
    if (!has(Command.WALL)) {
      return null;
    }
    return WallTime.of(clock)
        .orElseThrow(
            () ->
                wrong(
                    "clock "
                        + clock.name()
                        + " does not count nanoseconds, so --wall cannot place its times"));
  }
}
