package org.pagewheel.event;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the tables of names in a {@code print fmt}. Entries that are no plain numbers, and tables
 * for more than a field alone, are left out. Goes over the text once, whatever it is.
 */
final class LabelScanner {
  private static final String SYMBOLIC = "__print_symbolic(";
  private static final String FLAGS = "__print_flags(";
  private static final int MAX_EXPRESSION = 200;

  /** The field, perhaps in parentheses and after a cast, perhaps without its highest bit. */
  private static final Pattern FIELD =
      Pattern.compile(
          "\\(*\\s*(?:\\([a-z0-9_ ]{1,40}\\)\\s*)?REC->([A-Za-z_]\\w*)\\s*\\)*"
              + "(?<lower>\\s*& 0x7fffffffffffffff)?");

  /** The name of the highest bit of a set of 64, which {@code __print_flags} cannot show. */
  private static final Pattern HIGHEST =
      Pattern.compile("\\(REC->([A-Za-z_]\\w*) >> 63\\) \\? \"([^\"\\\\]{1,100})\" : \"\"");

  private static final Pattern NUMBER =
      Pattern.compile("(0[xX][0-9a-fA-F]{1,16}|-?\\d{1,19})(?:[uU]|[lL])*");

  private final String text;
  private int at;
  private boolean isFlags;

  private LabelScanner(String text) {
    this.text = text;
  }

  /** All tables of a {@code print fmt}, by the name of the field. */
  static Map<String, Labels> scan(String print) {
    Map<String, Labels> tables = new HashMap<>();
    Map<String, String> highest = new HashMap<>();
    Matcher bit = HIGHEST.matcher(print);
    while (bit.find()) {
      highest.put(bit.group(1), bit.group(2));
    }
    LabelScanner scanner = new LabelScanner(print);
    while (scanner.toNextCall()) {
      String expression = scanner.until(",)").strip();
      Optional<String> separator =
          scanner.isFlags ? Optional.of(scanner.string()) : Optional.empty();
      List<Labels.Entry> entries = scanner.entries();
      if (expression.length() <= MAX_EXPRESSION) {
        Matcher field = FIELD.matcher(expression);
        if (field.matches()) {
          if (field.group("lower") != null && highest.containsKey(field.group(1))) {
            entries.add(new Labels.Entry(Long.MIN_VALUE, highest.get(field.group(1))));
          }
          tables.putIfAbsent(field.group(1), new Labels(separator, entries));
        }
      }
    }
    return tables;
  }

  private boolean toNextCall() {
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
  private String until(String ends) {
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

  /** The next argument, a string, after a comma. */
  private String string() {
    at = Math.min(at + 1, text.length());
    return unquoted(until(",)"));
  }

  private List<Labels.Entry> entries() {
    List<Labels.Entry> entries = new ArrayList<>();
    while (at < text.length() && text.charAt(at) == ',') {
      until("{)");
      if (at >= text.length() || text.charAt(at) == ')') {
        break;
      }
      at++;
      Long value = value(until(",}"));
      at = Math.min(at + 1, text.length());
      String name = unquoted(until("}"));
      at = Math.min(at + 1, text.length());
      if (value != null) {
        entries.add(new Labels.Entry(value, name));
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

  /**
   * A constant as the kernel writes it: a number, a shift, several joined by a bar. Null if it is
   * anything else.
   */
  private static Long value(String expression) {
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

  private static Long number(String text) {
    Matcher matcher = NUMBER.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    String digits = matcher.group(1);
    try {
      if (digits.length() == 1 || digits.charAt(0) != '0') {
        return Long.valueOf(digits);
      }
      return Character.isDigit(digits.charAt(1))
          ? Long.parseUnsignedLong(digits, 8)
          : Long.parseUnsignedLong(digits.substring(2), 16);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
