package org.pagewheel.analysis;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines of cells, as a table of a width: the first column holds names and is cut, the others hold
 * numbers and are left out from the last one on if there is no room.
 */
final class Rows {
  private static final int NARROWEST_NAME = 26;
  private static final String GAP = "  ";

  private final List<String[]> rows = new ArrayList<>();

  /** The headings of the columns, or a separate line below them. */
  Rows add(String... cells) {
    rows.add(cells);
    return this;
  }

  boolean isEmpty() {
    return rows.size() <= 1;
  }

  /** The lines; the last column is to the left if it holds bars. */
  List<String> lines(int width) {
    int count = rows.getFirst().length;
    int[] widths = new int[count];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    int shown = 1;
    int used = Math.min(widths[0], NARROWEST_NAME);
    while (shown < count && used + GAP.length() + widths[shown] <= width) {
      used += GAP.length() + widths[shown];
      shown++;
    }
    int name = Math.min(widths[0], width - used + Math.min(widths[0], NARROWEST_NAME));
    List<String> lines = new ArrayList<>();
    for (String[] row : rows) {
      String first = Words.cut(row[0], name);
      StringBuilder line = new StringBuilder(first).append(" ".repeat(name - first.length()));
      for (int i = 1; i < Math.min(shown, row.length); i++) {
        boolean isBars = i == count - 1 && rows.getFirst()[i].isEmpty();
        line.append(GAP);
        line.append(isBars ? "" : " ".repeat(widths[i] - row[i].length())).append(row[i]);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
