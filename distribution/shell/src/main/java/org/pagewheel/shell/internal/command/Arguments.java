package org.pagewheel.shell.internal.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.pagewheel.shell.internal.print.WrongInput;

/**
 * The arguments of a command: plain ones, {@code key=value} settings and {@code -o value} options.
 * Whatever is wrong is a {@link WrongInput} of one line that ends with the command's usage.
 */
public final class Arguments {
  private static final Set<String> HELP = Set.of("--help", "-h", "-?");

  private final String usage;
  private final List<String> plain = new ArrayList<>();
  private final Map<String, String> named = new LinkedHashMap<>();

  /**
   * Sorts the arguments of a command.
   *
   * @param usage what would be right, such as {@code show BUFFER [CPU]}
   * @param options the options that take a value, such as {@code -o}
   * @param settings the keys of {@code key=value}; where {@code *} is among them, any key is
   * @param arguments what the user typed
   */
  Arguments(String usage, Set<String> options, Set<String> settings, String... arguments) {
    this(usage, options, Set.of(), settings, arguments);
  }

  /**
   * The same with flags.
   *
   * @param flags the options that take no value, such as {@code -t}
   */
  Arguments(
      String usage,
      Set<String> options,
      Set<String> flags,
      Set<String> settings,
      String... arguments) {
    this.usage = usage;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (argument == null) {
        throw wrong("a variable among the arguments is not set");
      }
      int equals = argument.indexOf('=');
      if (options.contains(argument)) {
        if (i + 1 == arguments.length) {
          throw wrong("no value after " + argument);
        }
        name(argument, arguments[++i]);
      } else if (flags.contains(argument)) {
        name(argument, "");
      } else if (HELP.contains(argument)) {
        String command = usage.split(" ")[0];
        throw new WrongInput("usage: " + usage + "; for more: help ring:" + command);
      } else if (argument.matches("-[0-9].*")) {
        throw wrong("there is no " + argument + ", numbers here are at least 0");
      } else if (argument.startsWith("-") && argument.length() > 1) {
        Set<String> all = new TreeSet<>(options);
        all.addAll(flags);
        String known = all.isEmpty() ? "" : ", there is " + String.join(" and ", all);
        throw wrong("unknown option " + argument + known);
      } else if (!settings.isEmpty() && equals > 0) {
        String key = argument.substring(0, equals);
        if (!settings.contains(key) && !settings.contains("*")) {
          throw wrong(
              "unknown setting " + key + ", there are " + String.join(", ", sorted(settings)));
        }
        name(key, argument.substring(equals + 1));
      } else {
        plain.add(argument);
      }
    }
  }

  /** Arguments of a command that has only plain ones, from {@code least} to {@code most}. */
  static List<String> plain(String usage, int least, int most, String... arguments) {
    return new Arguments(usage, Set.of(), Set.of(), arguments).plain(least, most);
  }

  /**
   * The plain arguments.
   *
   * @param least how many there must be
   * @param most how many there may be
   * @return a copy
   */
  List<String> plain(int least, int most) {
    if (plain.size() < least) {
      throw wrong("too few arguments");
    }
    if (plain.size() > most) {
      throw wrong("too many arguments, from '" + plain.get(most) + "' on");
    }
    return List.copyOf(plain);
  }

  /** The value of an option or setting, or null. */
  String value(String name) {
    return named.get(name);
  }

  /** All options and settings that were given. */
  Map<String, String> values() {
    return Map.copyOf(named);
  }

  /** The value of an option or setting as a whole number, or the default. */
  int number(String name, int otherwise) {
    String value = named.get(name);
    return value == null ? otherwise : number(name, value);
  }

  /** A whole number of at least 0. */
  int number(String what, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, together with numbers below 0.
    }
    throw wrong(what + " must be a whole number of at least 0, not '" + text + "'");
  }

  /** What to throw for an argument that is wrong. */
  WrongInput wrong(String problem) {
    return new WrongInput(problem + "; usage: " + usage);
  }

  private void name(String key, String value) {
    if (named.put(key, value) != null) {
      throw wrong(key + " is given twice");
    }
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }
}
