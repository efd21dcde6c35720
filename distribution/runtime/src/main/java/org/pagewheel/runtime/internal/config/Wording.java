package org.pagewheel.runtime.internal.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Config's messages about a text, in the form of our own: FILE:LINE, what is there, why. */
final class Wording {
  private static final Pattern LINE = Pattern.compile(": ([0-9]+)(-[0-9]+)?$");
  private static final Pattern ROOT =
      Pattern.compile(".*has type (\\w+) rather than object at file root.*");

  /** By the beginning of a message of Config or a part of it; the first match counts. */
  private static final Map<Pattern, String> WORDS = words();

  private Wording() {}

  private static Map<Pattern, String> words() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put(
        "Could not resolve substitution to a value: (\\$\\{.*?}) was part of a cycle.*",
        "$1 refers to itself; the value itself, or another key, would be right");
    words.put(
        "Could not resolve substitution to a value: (\\$\\{.*?})",
        "$1 is neither a key nor a variable of the environment; if it may be missing,"
            + " \\${?...} would be right");
    words.put(
        "(?s)Cannot concatenate .*",
        "a text, a list and an object do not make one value; a comma or a new line between them"
            + " would be right");
    words.put(
        "expecting a close parentheses '\\)' here, not: end of file",
        "the file ends, and a { or ( is not closed; the bracket that closes it would be right");
    words.put("Expecting a value but got wrong token: ", "a value is missing, there is ");
    words.put("Document has trailing tokens after first object or array: ", "after the end: ");
    return compiled(words);
  }

  private static Map<Pattern, String> compiled(Map<String, String> words) {
    Map<Pattern, String> compiled = new LinkedHashMap<>();
    words.forEach((pattern, text) -> compiled.put(Pattern.compile(pattern), text));
    return compiled;
  }

  /**
   * A problem in one line.
   *
   * @param otherwise where it is if Config does not know
   */
  static String of(ConfigException e, String otherwise) {
    ConfigOrigin origin = e.origin();
    String text = e.getMessage().strip();
    String place = otherwise;
    if (origin != null) {
      String prefix = origin.description() + ":";
      text = text.startsWith(prefix) ? text.substring(prefix.length()).strip() : text;
      place = place(origin.description());
    }
    return place + ": " + plain(e, text);
  }

  private static String plain(ConfigException e, String text) {
    if (e instanceof ConfigException.BugOrBroken || e instanceof ConfigException.NotResolved) {
      return "this cannot be understood; a file in HOCON is wanted";
    }
    Matcher root = ROOT.matcher(text);
    if (root.matches()) {
      return "the file is " + aKind(root.group(1)) + ", an object is needed";
    }
    String plain = text;
    for (Map.Entry<Pattern, String> each : WORDS.entrySet()) {
      Matcher matcher = each.getKey().matcher(plain);
      if (matcher.lookingAt()) {
        plain = matcher.replaceFirst(each.getValue());
        break;
      }
    }
    return plain.replaceAll("\\b([Tt])oken\\b", "$1ext").replaceAll("\\s*\\R\\s*", "; ");
  }

  /** File and line as in our own messages. */
  static String place(String description) {
    return LINE.matcher(description).replaceFirst(":$1");
  }

  /** A key preceded by its place; only once if the place is the key, as in -Dkey. */
  static String placed(String place, String key) {
    return place.equals("-D" + key) || place.endsWith(" " + key) ? place : place + ": " + key;
  }

  /** What a value is, such as "a string". */
  static String kind(ConfigValue value) {
    return aKind(value.valueType().name());
  }

  private static String aKind(String type) {
    String kind = type.toLowerCase(Locale.ROOT);
    return kind.equals("null") ? kind : (kind.equals("object") ? "an " : "a ") + kind;
  }
}
