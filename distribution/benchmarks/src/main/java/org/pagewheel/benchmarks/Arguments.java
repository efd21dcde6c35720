package org.pagewheel.benchmarks;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What the command line says.
 *
 * @param quick whether a rough result in little time is wanted
 * @param tsv whether the result is for a program
 * @param list whether only the names are wanted
 * @param pattern found anywhere in the names of what is to be run
 */
record Arguments(boolean quick, boolean tsv, boolean list, Pattern pattern) {
  static final String USAGE = "run [--quick] [--tsv] [--list] [PATTERN]";

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException if they are wrong; the message is one line
   */
  static Arguments parse(List<String> words) {
    boolean quick = false;
    boolean tsv = false;
    boolean list = false;
    String pattern = null;
    for (String word : words) {
      switch (word) {
        case "--quick" -> quick = true;
        case "--tsv" -> tsv = true;
        case "--list" -> list = true;
        default -> {
          if (word.startsWith("-")) {
            throw new IllegalArgumentException("unknown option " + word + "; usage: " + USAGE);
          }
          if (pattern != null) {
            throw new IllegalArgumentException(
                "only one PATTERN is taken, not also " + word + "; usage: " + USAGE);
          }
          pattern = word;
        }
      }
    }
    return new Arguments(quick, tsv, list, compile(pattern == null ? "" : pattern));
  }

  private static Pattern compile(String pattern) {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "PATTERN " + pattern + " is no regular expression: " + e.getDescription());
    }
  }

  /** Whether something of that name is wanted. */
  boolean matches(String name) {
    return pattern.matcher(name).find();
  }

  /**
   * Those of the entries that are wanted.
   *
   * @throws IllegalArgumentException if there are none
   */
  List<Entry> select(List<Entry> entries) {
    List<Entry> wanted =
        entries.stream().filter(entry -> entry.names().stream().anyMatch(this::matches)).toList();
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException(
          "no benchmark's name matches " + pattern + "; run --list shows them");
    }
    return wanted;
  }
}
