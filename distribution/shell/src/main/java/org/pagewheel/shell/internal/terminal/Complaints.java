package org.pagewheel.shell.internal.terminal;

import java.io.EOFException;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pagewheel.runtime.ConfigurationException;
import org.pagewheel.shell.internal.print.Printable;
import org.pagewheel.shell.internal.print.WrongInput;
import org.pagewheel.spi.Nearest;
import org.pagewheel.spi.Reason;

/**
 * The message for a line that failed, whatever failed: one line, what was wrong and what would be
 * right, without the name of a class. Mistakes in a configuration have a line each.
 */
public final class Complaints {
  /** The beginning of Gogo's message for an unknown command. */
  public static final String NOT_FOUND = "Command not found: ";

  /** Gogo's message for a line that ends with a redirection. */
  private static final String NO_FILE = "Expected file name for redirection";

  private static final String COERCE = "Cannot coerce ";

  private Complaints() {}

  /**
   * The line.
   *
   * @param thrown what the shell threw
   * @param commands all commands with their scopes
   */
  public static String line(Throwable thrown, Collection<String> commands) {
    Throwable cause = thrown instanceof WrongInput ? thrown.getCause() : thrown;
    if (cause instanceof ConfigurationException wrong) {
      return wrong.problems().stream().map(Printable::line).collect(Collectors.joining("\n"));
    }
    return Printable.line(words(thrown, commands));
  }

  private static String words(Throwable thrown, Collection<String> commands) {
    Throwable cause = thrown;
    while (cause.getCause() != null && saysNothing(cause)) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? "" : cause.getMessage().strip();
    if (message.startsWith(NOT_FOUND)) {
      return notFound(message.substring(NOT_FOUND.length()), commands);
    }
    String kind = cause.getClass().getSimpleName();
    if (message.startsWith(COERCE)) {
      String command = message.substring(COERCE.length()).replaceFirst("\\(.*", "");
      return "the command "
          + command
          + " does not take these arguments; "
          + ("help " + command + " says which");
    }
    if (message.contains(NO_FILE)) {
      return "> and < need the name of a file; put text with such characters into '…'";
    }
    if (cause instanceof EOFException || kind.equals("SyntaxError") || kind.equals("EOFError")) {
      return "a quote or a bracket does not match; put text with such characters into '…'";
    }
    if (cause instanceof NoSuchMethodException || message.startsWith("Command name evaluates")) {
      return "no command begins this line; help lists the commands";
    }
    if (cause instanceof StackOverflowError) {
      return "the command, or what it reads, is nested too deep";
    }
    if (cause instanceof IOException io) {
      return Reason.of(io);
    }
    return message.isEmpty()
            || cause instanceof LinkageError
            || message.startsWith("Cannot invoke \"")
        ? "the command has an internal error: " + Reason.words(kind)
        : inOneLine(message);
  }

  private static boolean saysNothing(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank() || message.equals(cause.getCause().toString());
  }

  private static String inOneLine(String message) {
    return message.replaceAll("\\s*\\R\\s*", "; ");
  }

  private static String notFound(String name, Collection<String> commands) {
    if (name.equals("?") || name.equals("h")) {
      return "help lists the commands, help ring:list explains one";
    }
    Optional<String> ofScope = ofScope(name + ":", commands);
    if (ofScope.isPresent()) {
      return name
          + " is not a command; its commands are written with a colon, such as "
          + ofScope.get();
    }
    if (commands.contains(name)) {
      return name + " has just gone, for its bundle stops";
    }
    return "there is no command "
        + name
        + (bare(name).length() < 2 ? Optional.<String>empty() : nearest(name, commands))
            .map(nearest -> ", did you mean " + nearest + "?")
            .orElse("; help lists them all");
  }

  /** A command of a scope; of our own, one to begin with. */
  private static Optional<String> ofScope(String scope, Collection<String> commands) {
    return commands.stream()
        .filter(command -> command.startsWith(scope))
        .min(Comparator.comparing((String command) -> !command.equals("ring:list")));
  }

  /** The command with the closest spelling, preferably one of ours. */
  private static Optional<String> nearest(String name, Collection<String> commands) {
    Map<String, String> ours = new HashMap<>();
    Map<String, String> others = new HashMap<>();
    for (String command : commands) {
      boolean isOurs = command.startsWith("ring:") || command.indexOf(':') < 0;
      if (!command.startsWith("system:") && !command.startsWith("context:")) {
        (isOurs ? ours : others).put(bare(command), command);
      }
    }
    return Nearest.to(bare(name), ours.keySet())
        .map(ours::get)
        .or(() -> Nearest.to(bare(name), others.keySet()).map(others::get));
  }

  private static String bare(String command) {
    return command.substring(command.indexOf(':') + 1);
  }
}
