package org.pagewheel.tracedat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that a {@code print fmt} gives to the values of a field, by {@code __print_symbolic} or
 * {@code __print_flags}. Entries that are no plain numbers, and tables for more than a field alone,
 * are left out: their values are shown as numbers.
 *
 * @param separator what stands between the names of several bits; null if values are named as a
 *     whole
 * @param entries values and names, in the order of the text
 */
record SymbolTable(String separator, List<Entry> entries) {
  /** One value, or one set of bits. */
  record Entry(long value, String name) {}

  private static final String SYMBOLIC = "__print_symbolic(";
  private static final String FLAGS = "__print_flags(";

  /** The field, perhaps in parentheses and behind a cast, perhaps without its highest bit. */
  private static final Pattern FIELD =
      Pattern.compile(
          "\\(*\\s*(?:\\([a-z0-9_ ]{1,40}\\)\\s*)?REC->([A-Za-z_]\\w*)\\s*\\)*"
              + "(?<lower>\\s*& 0x7fffffffffffffff)?");

  /** The name of the highest bit of a set of 64, which {@code __print_flags} cannot show. */
  private static final Pattern HIGHEST =
      Pattern.compile("\\(REC->([A-Za-z_]\\w*) >> 63\\) \\? \"([^\"\\\\]{1,100})\" : \"\"");

  private static final int MAX_EXPRESSION = 200;

  /** All tables of a format text, by the name of the field. */
  static Map<String, SymbolTable> parse(String text) {
    Map<String, SymbolTable> tables = new HashMap<>();
    int print = text.indexOf("print fmt:");
    Scanner scanner = new Scanner(text, Math.max(print, 0));
    Map<String, String> highest = highest(text, Math.max(print, 0));
    while (scanner.toNextCall()) {
      String expression = scanner.until(",)").strip();
      String separator = scanner.isFlags ? scanner.string() : null;
      List<Entry> entries = scanner.entries();
      if (expression.length() <= MAX_EXPRESSION) {
        Matcher field = FIELD.matcher(expression);
        if (field.matches()) {
          if (field.group("lower") != null && highest.containsKey(field.group(1))) {
            entries.add(new Entry(Long.MIN_VALUE, highest.get(field.group(1))));
          }
          tables.putIfAbsent(field.group(1), new SymbolTable(separator, entries));
        }
      }
    }
    return tables;
  }

  private static Map<String, String> highest(String text, int from) {
    Map<String, String> names = new HashMap<>();
    Matcher bit = HIGHEST.matcher(text);
    for (boolean more = bit.find(from); more; more = bit.find()) {
      names.put(bit.group(1), bit.group(2));
    }
    return names;
  }

  /** The name of a value, or null. */
  String name(long value) {
    if (separator != null) {
      return flags(value);
    }
    for (Entry entry : entries) {
      if (entry.value() == value) {
        return entry.name();
      }
    }
    return null;
  }

  private String flags(long value) {
    List<String> names = new ArrayList<>();
    long left = value;
    for (Entry entry : entries) {
      if (entry.value() != 0 && (left & entry.value()) == entry.value()) {
        names.add(entry.name());
        left &= ~entry.value();
      }
    }
    if (left != 0) {
      names.add("0x" + Long.toHexString(left));
    }
    return String.join(separator, names);
  }

  /**
   * A number as C writes it.
   *
   * @throws NumberFormatException if it is none
   */
  static long number(String text) {
    Long number = Constants.number(text);
    if (number == null) {
      throw new NumberFormatException(text);
    }
    return number;
  }

  /** Goes over the text once, whatever it is. */
  private static final class Scanner {
    private final String text;
    private int at;
    private boolean isFlags;

    Scanner(String text, int from) {
      this.text = text;
      this.at = from;
    }

    boolean toNextCall() {
      int call = text.indexOf("__print_", at);
      while (call >= 0) {
        isFlags = text.startsWith(FLAGS, call);
        if (isFlags || text.startsWith(SYMBOLIC, call)) {
          at = call + (isFlags ? FLAGS : SYMBOLIC).length();
          return true;
        }
        call = text.indexOf("__print_", call + 1);
      }
      return false;
    }

    /** What stands before one of the characters, outside parentheses and strings. */
    String until(String ends) {
      int from = at;
      int depth = 0;
      boolean quoted = false;
      for (; at < text.length(); at++) {
        char c = text.charAt(at);
        if (c == '\\' && quoted) {
          at++;
        } else if (c == '"') {
          quoted = !quoted;
        } else if (!quoted && depth == 0 && ends.indexOf(c) >= 0) {
          return text.substring(from, at);
        } else if (!quoted) {
          depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        }
      }
      at = text.length();
      return "";
    }

    /** The next argument, a string, behind a comma. */
    String string() {
      at = Math.min(at + 1, text.length());
      return unquoted(until(",)"));
    }

    List<Entry> entries() {
      List<Entry> entries = new ArrayList<>();
      while (at < text.length() && text.charAt(at) == ',') {
        until("{)");
        if (at >= text.length() || text.charAt(at) == ')') {
          break;
        }
        at++;
        Long value = Constants.value(until(",}"));
        at = Math.min(at + 1, text.length());
        String name = unquoted(until("}"));
        at = Math.min(at + 1, text.length());
        if (value != null) {
          entries.add(new Entry(value, name));
        }
        until(",)");
      }
      return entries;
    }

    private static String unquoted(String literal) {
      String stripped = literal.strip();
      if (stripped.length() < 2 || stripped.charAt(0) != '"') {
        return stripped;
      }
      return stripped.substring(1, stripped.length() - 1).replaceAll("\\\\(.)", "$1");
    }
  }

  /** Constants as the kernel writes them: numbers, shifts, several joined by a bar. */
  private static final class Constants {
    private static final Pattern NUMBER =
        Pattern.compile("(0[xX][0-9a-fA-F]{1,16}|-?\\d{1,19})(?:[uU]|[lL])*");

    /** The value, or null if it is anything else. */
    static Long value(String expression) {
      if (expression.length() > MAX_EXPRESSION) {
        return null;
      }
      long value = 0;
      for (String term : expression.replaceAll("[()\\s]", "").split("\\|", -1)) {
        String[] shift = term.split("<<", -1);
        Long number = number(shift[0]);
        Long bits = shift.length == 2 ? number(shift[1]) : Long.valueOf(0);
        if (number == null || bits == null || shift.length > 2) {
          return null;
        }
        value |= number << bits;
      }
      return value;
    }

    static Long number(String text) {
      Matcher matcher = NUMBER.matcher(text);
      if (!matcher.matches()) {
        return null;
      }
      String digits = matcher.group(1);
      try {
        return digits.length() > 1 && (digits.charAt(1) == 'x' || digits.charAt(1) == 'X')
            ? Long.parseUnsignedLong(digits.substring(2), 16)
            : Long.valueOf(digits);
      } catch (NumberFormatException e) {
        return null;
      }
    }
  }
}
