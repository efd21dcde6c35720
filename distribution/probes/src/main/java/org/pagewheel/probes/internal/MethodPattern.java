package org.pagewheel.probes.internal;

import java.util.regex.Pattern;

/**
 * Which methods are meant: a pattern for {@code com.acme.Orders.place}, in which {@code *} stands
 * for any characters but a dot and {@code **} for any characters. One that matches the name of a
 * class means all of its methods.
 *
 * <p>Matching takes time in proportion to the lengths of pattern and name, whatever they are: it is
 * done for each class that is loaded.
 */
final class MethodPattern {
  private static final int MAX = 500;
  private static final Pattern RIGHT = Pattern.compile("[^\\s;/\\[\\]()\"',]+");

  private final String text;

  /** What a name must begin with. */
  private final String head;

  private MethodPattern(String text) {
    this.text = text;
    int star = text.indexOf('*');
    head = star < 0 ? text : text.substring(0, star);
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if it is none, in one line
   */
  static MethodPattern of(String text) {
    if (!RIGHT.matcher(text).matches() || text.length() > MAX || text.contains("***")) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no pattern of methods: com.acme.Orders.place, com.acme.* (the classes"
              + " of a package) or com.acme.** (and below) would be right");
    }
    return new MethodPattern(text);
  }

  String text() {
    return text;
  }

  /** What all names begin with that it means. */
  String head() {
    return head;
  }

  /** Whether it means all methods of a class. */
  boolean matchesClass(String className) {
    return couldBegin(className) && match(className, "") == ALL;
  }

  /** Whether it may mean a method of a class. */
  boolean mayMatchIn(String className) {
    return couldBegin(className) && (match(className, "") == ALL || match(className, ".") != NONE);
  }

  /** Whether it means a method. */
  boolean matches(String className, String method) {
    return couldBegin(className)
        && (match(className, "") == ALL || match(className, "." + method) == ALL);
  }

  /** Whether it names a class as it is called, without a pattern. */
  boolean namesClass(String className) {
    return head.startsWith(className)
        && (head.length() == className.length() || head.charAt(className.length()) == '.');
  }

  private boolean couldBegin(String className) {
    int common = Math.min(head.length(), className.length());
    return head.regionMatches(0, className, 0, common);
  }

  private static final int NONE = 0;
  private static final int BEGINS = 1;
  private static final int ALL = 2;

  /**
   * Walks over the name with all places of the pattern at which one may be at once.
   *
   * @return whether all of the name is matched, or what could go on, or nothing
   */
  private int match(String first, String second) {
    boolean[] at = new boolean[text.length() + 1];
    at[0] = true;
    skipStars(at);
    int length = first.length() + second.length();
    for (int i = 0; i < length; i++) {
      char c = i < first.length() ? first.charAt(i) : second.charAt(i - first.length());
      boolean[] next = new boolean[at.length];
      boolean any = false;
      for (int p = 0; p < text.length(); p++) {
        if (at[p]) {
          if (text.charAt(p) != '*') {
            next[p + 1] |= text.charAt(p) == c;
            any |= next[p + 1];
          } else if (c != '.' || isDouble(p)) {
            next[p] = true;
            any = true;
          }
        }
      }
      if (!any) {
        return NONE;
      }
      skipStars(next);
      at = next;
    }
    return at[text.length()] ? ALL : BEGINS;
  }

  /** A star may stand for nothing. */
  private void skipStars(boolean[] at) {
    for (int p = 0; p < text.length(); p++) {
      if (at[p] && text.charAt(p) == '*') {
        at[isDouble(p) ? p + 2 : p + 1] = true;
      }
    }
  }

  /** Whether two stars begin here. */
  private boolean isDouble(int p) {
    return text.startsWith("**", p);
  }
}
