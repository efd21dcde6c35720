package org.pagewheel.shell.internal.print;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Colours a drawing of {@link RingDrawing}; without them it is the same, character by character.
 */
public final class Colours {
  private static final String ESCAPE = "\u001b[";
  private static final String END = ESCAPE + "0m";
  private static final String BOLD = "1";
  private static final String RED = "31";
  private static final String GREEN = "32";
  private static final String YELLOW = "33";
  private static final String MAGENTA = "35";
  private static final String CYAN = "36";
  private static final String GREY = "90";

  /** A line over the boxes: nothing but labels. */
  private static final Pattern LABELS = Pattern.compile("[ a-z]+");

  private static final Pattern LABEL = Pattern.compile("reader|page|head|commit|tail");

  /** Filled, and not the number of a page; empty; with an event that is being written. */
  private static final Pattern PARTS = Pattern.compile("#+(?=[.|])|\\.+(?=\\|)|\\d+k?\\+open");

  private Colours() {}

  /** The same drawing with colours. */
  static String paint(String drawing) {
    return drawing.lines().map(Colours::line).collect(Collectors.joining("\n", "", "\n"));
  }

  private static String line(String line) {
    if (line.startsWith("CPU ")) {
      return coloured(line, BOLD);
    }
    Pattern pattern = LABELS.matcher(line).matches() ? LABEL : PARTS;
    return pattern
        .matcher(line)
        .replaceAll(found -> coloured(found.group(), colour(found.group())));
  }

  private static String colour(String part) {
    return switch (part) {
      case "reader", "page" -> MAGENTA;
      case "head" -> CYAN;
      case "commit", "tail" -> YELLOW;
      default ->
          switch (part.charAt(0)) {
            case '#' -> GREEN;
            case '.' -> GREY;
            default -> RED;
          };
    };
  }

  private static String coloured(String text, String colour) {
    return ESCAPE + colour + "m" + text + END;
  }
}
