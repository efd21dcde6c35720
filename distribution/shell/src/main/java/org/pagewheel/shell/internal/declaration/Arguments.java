package org.pagewheel.shell.internal.declaration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pagewheel.shell.internal.print.WrongInput;

/**
 * The arguments of a command: plain words, {@code key=value} settings and {@code -o value} options.
 * Any mistake is a {@link WrongInput} of one line that ends with the command's usage.
 */
public final class Arguments {
  /** What follows is taken as it is. */
  private static final String END = "--";

  private final Command command;
  private final List<String> plain = new ArrayList<>();
  private final Map<String, String> options = new LinkedHashMap<>();
  private final Map<String, String> settings = new LinkedHashMap<>();

  /**
   * Sorts the arguments of a command.
   *
   * @param command gives the usage
   * @param arguments what the user typed
   */
  Arguments(Command command, String... arguments) {
    this.command = command;
    boolean isEnd = false;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (argument == null) {
        throw wrong("a variable among the arguments is not set");
      }
      Command.Option option = command.options().get(argument);
      if (command.isText() && (!plain.isEmpty() || isEnd)) {
        plain.add(argument);
      } else if (command.isText() && argument.equals(END)) {
        isEnd = true;
      } else if (option != null && option.value() == null) {
        name(options, argument, "");
      } else if (option != null) {
        if (i + 1 == arguments.length || arguments[i + 1] == null) {
          throw wrong("no value after " + argument);
        }
        name(options, argument, arguments[++i]);
      } else if (isCombined(argument)) {
        argument.chars().skip(1).forEach(c -> options.put("-" + (char) c, ""));
      } else {
        add(argument);
      }
    }
    check();
  }

  /** {@code -lt} is {@code -l -t} if both are flags. */
  private boolean isCombined(String argument) {
    return argument.matches("-\\w{2,}")
        && argument
            .chars()
            .skip(1)
            .mapToObj(c -> command.options().get("-" + (char) c))
            .allMatch(option -> option != null && option.value() == null);
  }

  private void add(String argument) {
    int equals = argument.indexOf('=');
    if (argument.matches("-[0-9].*")) {
      throw wrong("there is no " + argument + ", numbers here are at least 0");
    } else if (argument.startsWith("-") && argument.length() > 1) {
      String known = String.join(" and ", command.options().keySet());
      throw wrong("unknown option " + argument + ", there is " + known);
    } else if (!command.settings().isEmpty() && equals > 0) {
      String key = argument.substring(0, equals);
      if (!command.settings().containsKey(key) && !command.settings().containsKey("*")) {
        List<String> known = command.settings().keySet().stream().sorted().toList();
        throw wrong("unknown setting " + key + ", there are " + String.join(", ", known));
      }
      name(settings, key, argument.substring(equals + 1));
    } else {
      plain.add(argument);
    }
  }

  private void check() {
    List<Command.Word> words = command.words();
    long least = words.stream().filter(Command.Word::isRequired).count();
    boolean isMany = !words.isEmpty() && words.getLast().isMany();
    if (plain.size() < least) {
      throw wrong("too few arguments");
    }
    if (plain.size() > words.size() && !isMany) {
      throw wrong("too many arguments, from '" + plain.get(words.size()) + "' on");
    }
    command.options().values().stream()
        .filter(option -> option.isRequired() && !options.containsKey(option.name()))
        .findFirst()
        .ifPresent(
            option -> {
              throw wrong("no output is named with " + option.name());
            });
  }

  /** The plain words, as many as the declaration allows. */
  public List<String> plain() {
    return List.copyOf(plain);
  }

  /** The value of an option or setting, or null. */
  public String value(String name) {
    return options.getOrDefault(name, settings.get(name));
  }

  /** The settings that were given. */
  Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  /** The value of an option or setting as a whole number, or the default. */
  public int number(String name, int otherwise) {
    String value = value(name);
    return value == null ? otherwise : number(name, value);
  }

  /** A whole number of at least 0. */
  public int number(String what, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // reported below, together with numbers below 0
    }
    throw wrong(what + " must be a whole number of at least 0, not '" + text + "'");
  }

  /** The exception for a wrong argument. */
  public WrongInput wrong(String problem) {
    return new WrongInput(problem + "; usage: " + command.usage());
  }

  private void name(Map<String, String> into, String key, String value) {
    if (into.put(key, value) != null) {
      throw wrong(key + " is given twice");
    }
  }
}
