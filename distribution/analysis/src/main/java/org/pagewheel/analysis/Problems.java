package org.pagewheel.analysis;

import java.util.ArrayList;
import java.util.List;

/** What went wrong while traces were read: the first few as text, all by number. */
final class Problems {
  private static final int MAX = 10;

  private final List<String> lines = new ArrayList<>();
  private long more;

  void add(String line) {
    if (lines.contains(line)) {
      return; // found again at the same place in a second pass
    }
    if (lines.size() < MAX) {
      lines.add(line);
    } else {
      more++;
    }
  }

  List<String> lines() {
    List<String> all = new ArrayList<>(lines);
    if (more > 0) {
      all.add("and " + more + " more like these");
    }
    return all;
  }
}
