package org.pagewheel.runtime.internal.config;

import java.util.Optional;

/** How deep a text's brackets are nested: Config's parser recurses for each. */
final class Nesting {
  private static final int MAX = 100;

  /** For nesting that is not seen beforehand, such as a key of thousands of parts. */
  static final String TOO_DEEP =
      "it is nested too deep, in brackets, in parts of a key or in references; at most "
          + MAX
          + " would be right";

  private Nesting() {}

  /** Line and reason if it is too deep; comments and quoted texts do not count. */
  static Optional<String> problem(String text) {
    int depth = 0;
    int line = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line++;
      } else if (c == '#' || text.startsWith("//", i)) {
        int end = text.indexOf('\n', i);
        i = (end < 0 ? text.length() : end) - 1;
      } else if (text.startsWith("\"\"\"", i)) {
        int end = text.indexOf("\"\"\"", i + 3);
        String quoted = text.substring(i, end < 0 ? text.length() : end + 3);
        line += (int) quoted.chars().filter(each -> each == '\n').count();
        i += quoted.length() - 1;
      } else if (c == '"') {
        i = endOfQuote(text, i);
      } else if (c == '{' || c == '[') {
        depth++;
        if (depth > MAX) {
          return Optional.of(
              line + ": more than " + MAX + " brackets are open; at most that would be right");
        }
      } else if (c == '}' || c == ']') {
        depth--;
      }
    }
    return Optional.empty();
  }

  /** The end of a quote, or of its line: an unclosed quote is left to the parser. */
  private static int endOfQuote(String text, int begin) {
    for (int i = begin + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        return i - 1;
      }
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        return i;
      }
    }
    return text.length();
  }
}
