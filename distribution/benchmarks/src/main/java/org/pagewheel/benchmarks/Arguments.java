package org.pagewheel.benchmarks;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The parsed command line.
 *
 * @param quick whether a rough result in little time is wanted
 * @param tsv whether the result is for a program
 * @param list whether only the names are wanted
 * @param where whether the instructions of an event are wanted, not its time
 * @param pattern matches anywhere in the names of the benchmarks to run
 */
record Arguments(boolean quick, boolean tsv, boolean list, boolean where, Pattern pattern) {
  static final String USAGE = "run [--quick] [--tsv] [--list] [--where] [PATTERN]";

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException if they are wrong; the message is one line
   */
  static Arguments parse(List<String> words) {
    boolean quick = false;
    boolean tsv = false;
    boolean list = false;
    boolean where = false;
    String pattern = null;
    for (String word : words) {
      switch (word) {
        case "--quick" -> quick = true;
        case "--tsv" -> tsv = true;
        case "--list" -> list = true;
        case "--where" -> where = true;
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
    if (where && (quick || tsv)) {
      throw new IllegalArgumentException(
          "--where counts instructions, it takes neither --quick nor --tsv; usage: " + USAGE);
    }
    return new Arguments(quick, tsv, list, where, compile(pattern == null ? "" : pattern));
  }

  private static Pattern compile(String pattern) {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "PATTERN " + pattern + " is not a regular expression: " + e.getDescription());
    }
  }

  /** Whether a benchmark of that name is wanted. */
  boolean matches(String name) {
    return pattern.matcher(name).find();
  }

  /**
   * The wanted entries.
   *
   * @throws IllegalArgumentException if there are none
   */
  List<Entry> select(List<Entry> entries) {
    List<Entry> wanted =
        entries.stream().filter(entry -> entry.names().stream().anyMatch(this::matches)).toList();
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException(
          "no benchmark's name matches "
              + pattern
              + (where ? " of those that --where can step through" : "")
              + "; run --list"
              + (where ? " --where" : "")
              + " shows them");
    }
    return wanted;
  }
}
