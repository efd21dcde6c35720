package org.pagewheel.shell.internal;

import java.io.EOFException;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a person reads of a line that failed, whoever failed: one line, what was wrong and what
 * would be right, without the name of a class.
 */
final class Complaints {
  /** How Gogo begins when there is no such command. */
  static final String NOT_FOUND = "Command not found: ";

  private static final String COERCE = "Cannot coerce ";
  private static final int FARTHEST = 2;

  private Complaints() {}

  /**
   * The line.
   *
   * @param thrown what the shell threw
   * @param commands all commands with their scopes
   */
  static String line(Throwable thrown, Collection<String> commands) {
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
    if (cause instanceof EOFException || kind.equals("SyntaxError") || kind.equals("EOFError")) {
      return "a quote or a bracket does not match; put text with such characters into '…'";
    }
    if (cause instanceof NoSuchMethodException || message.startsWith("Command name evaluates")) {
      return "no command begins this line; help lists the commands";
    }
    if (cause instanceof IOException io) {
      return inOneLine(PlainErrors.line(io));
    }
    return message.isEmpty()
            || cause instanceof LinkageError
            || message.startsWith("Cannot invoke \"")
        ? "the command failed by an error of its own: " + inWords(cause)
        : inOneLine(message);
  }

  private static boolean saysNothing(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank() || message.equals(cause.getCause().toString());
  }

  private static String inOneLine(String message) {
    return message.replaceAll("\\s*\\R\\s*", "; ");
  }

  /** {@code NullPointerException} becomes "null pointer". */
  static String inWords(Throwable thrown) {
    return words(thrown.getClass().getSimpleName().replaceFirst("(Exception|Error)$", ""));
  }

  static String words(String className) {
    return className.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }

  private static String notFound(String name, Collection<String> commands) {
    if (name.equals("?") || name.equals("h")) {
      return "help lists the commands, help ring:list explains one";
    }
    Optional<String> ofScope = ofScope(name + ":", commands);
    if (ofScope.isPresent()) {
      return name
          + " is no command; its commands are written with a colon, such as "
          + ofScope.get();
    }
    String nearest = nearest(name, commands);
    return "there is no command "
        + name
        + (nearest == null ? "; help lists them all" : ", did you mean " + nearest + "?");
  }

  /** A command of a scope; of our own it is one to begin with. */
  private static Optional<String> ofScope(String scope, Collection<String> commands) {
    return commands.stream()
        .filter(command -> command.startsWith(scope))
        .min(Comparator.comparing((String command) -> !command.equals("ring:list")));
  }

  /** The command that is spelled most alike, with its scope or without; null if none is. */
  private static String nearest(String name, Collection<String> commands) {
    String bare = name.substring(name.indexOf(':') + 1);
    return new TreeSet<>(commands)
        .stream()
            .filter(command -> !command.startsWith("system:") && !command.startsWith("context:"))
            .min(
                Comparator.comparingInt(
                    (String command) ->
                        2 * distance(bare, command.substring(command.indexOf(':') + 1))
                            + (command.matches("ring:.*|[^:]+") ? 0 : 1)))
            .filter(
                command -> {
                  String other = command.substring(command.indexOf(':') + 1);
                  return distance(bare, other) <= Math.min(FARTHEST, bare.length() / 2);
                })
            .orElse(null);
  }

  /** How many letters must be changed, added or left out. */
  private static int distance(String a, String b) {
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = last[0];
      last[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int up = last[j];
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        last[j] = Math.min(change, 1 + Math.min(up, last[j - 1]));
        diagonal = up;
      }
    }
    return last[b.length()];
  }
}
