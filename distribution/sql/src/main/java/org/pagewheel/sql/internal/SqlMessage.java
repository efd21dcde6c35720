package org.pagewheel.sql.internal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * DuckDB's message in one line. It has several: what is wrong, perhaps what would be right, and the
 * line of the question with a mark below the place, which becomes its numbers.
 */
final class SqlMessage {
  /** Around the message proper, where the driver finds the statement has failed already. */
  private static final Pattern WRAPPED =
      Pattern.compile("\\A[^\\n]*unsuccessful or closed pending query result\\s*Error: ");

  private static final Pattern PLACE =
      Pattern.compile("(?m)^(LINE (\\d+): )(.*)\\n( *)\\^+~*\\s*$");

  private static final String CUT = "...";

  private SqlMessage() {}

  static String of(SQLException thrown) {
    String message = thrown.getMessage() == null ? "it failed" : thrown.getMessage();
    String proper = WRAPPED.matcher(message).replaceFirst("");
    Matcher place = PLACE.matcher(proper);
    boolean isPlaced = place.find();
    String words = isPlaced ? proper.substring(0, place.start()) : proper;
    List<String> lines = new ArrayList<>();
    for (String line : words.strip().split("\\n", -1)) {
      if (line.isBlank()) {
        break; // advice on settings, which are locked, comes after it
      }
      lines.add(line.strip());
    }
    return String.join(" ", lines) + (isPlaced ? place(place) : "");
  }

  /** DuckDB cuts long lines: then only the words at the place are known. */
  private static String place(Matcher found) {
    int column = found.group(4).length() - found.group(1).length();
    String line = found.group(3);
    if (!line.startsWith(CUT)) {
      return " (line %s, column %d)".formatted(found.group(2), column + 1);
    }
    String rest = line.substring(Math.clamp(column, 0, line.length()));
    return " (line %s, at: %s)".formatted(found.group(2), rest.strip());
  }
}
