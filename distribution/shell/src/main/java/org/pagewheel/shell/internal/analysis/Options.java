package org.pagewheel.shell.internal.analysis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.pagewheel.shell.internal.print.WrongInput;
import org.pagewheel.spi.Nearest;

/**
 * The arguments of a question: plain ones, flags such as {@code --json}, and options with a value,
 * as {@code --top 5} or {@code --top=5}. After {@code --} everything is plain.
 */
final class Options {
  private static final Set<String> HELP = Set.of("--help", "-h", "-?");

  private final String usage;
  private final List<String> plain = new ArrayList<>();
  private final Map<String, List<String>> named = new LinkedHashMap<>();
  private boolean isHelp;

  /**
   * Sorts the arguments.
   *
   * @param usage what would be right, in one line
   * @param flags the options without a value
   * @param valued those with one
   * @param arguments what the user wrote
   */
  Options(String usage, Set<String> flags, Set<String> valued, String... arguments) {
    this.usage = usage;
    boolean isPlain = false;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (argument == null) {
        throw wrong("a variable among the arguments is not set");
      }
      int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
      String name = equals > 0 ? argument.substring(0, equals) : argument;
      if (isPlain || argument.length() < 2 || argument.charAt(0) != '-') {
        plain.add(argument);
      } else if (argument.equals("--")) {
        isPlain = true;
      } else if (HELP.contains(argument)) {
        isHelp = true;
      } else if (valued.contains(name)) {
        if (equals < 0 && i + 1 == arguments.length) {
          throw wrong("no value after " + name);
        }
        add(name, equals > 0 ? argument.substring(equals + 1) : arguments[++i]);
      } else if (flags.contains(name) && equals < 0) {
        add(name, "");
      } else if (flags.contains(name)) {
        throw wrong(name + " takes no value");
      } else {
        Set<String> known = new TreeSet<>(flags);
        known.addAll(valued);
        throw wrong("unknown option " + name + ", " + Nearest.hint(name, known));
      }
    }
  }

  private void add(String name, String value) {
    if (value == null) {
      throw wrong("a variable among the arguments is not set");
    }
    named.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
  }

  /** Whether the user asks for help. */
  boolean isHelp() {
    return isHelp;
  }

  List<String> plain() {
    return plain;
  }

  boolean has(String flag) {
    return named.containsKey(flag);
  }

  /** The value of an option that may be given once. */
  Optional<String> value(String name) {
    List<String> values = values(name);
    if (values.size() > 1) {
      throw wrong(name + " is given twice");
    }
    return values.stream().findFirst();
  }

  List<String> values(String name) {
    return named.getOrDefault(name, List.of());
  }

  /** A whole number of at least 1. */
  int number(String name, int otherwise) {
    String text = value(name).orElse(null);
    if (text == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // reported below, together with numbers below 1
    }
    throw wrong(name + " must be a whole number of at least 1, not '" + text + "'");
  }

  /** The exception for a wrong argument. */
  WrongInput wrong(String problem) {
    return new WrongInput(problem + "; usage: " + usage);
  }

  /** The same for a mistake found while answering; its message is enough. */
  WrongInput wrong(IllegalArgumentException problem) {
    return problem instanceof WrongInput input
        ? input
        : new WrongInput(problem.getMessage(), problem);
  }
}
