package org.pagewheel.probes.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a pattern means and a trace cannot have, by reason. Keeps a few names of each. */
final class LeftAlone {
  private static final int NAMES = 5;
  private static final int REASONS = 50;
  private static final int MAX = 100_000;

  private record Kind(Set<String> names) {}

  private final Map<String, Kind> kinds = new TreeMap<>();

  /** Takes note of something, once. */
  synchronized void add(String reason, String name) {
    if (kinds.containsKey(reason) || kinds.size() < REASONS) {
      Set<String> names = kinds.computeIfAbsent(reason, key -> new Kind(new TreeSet<>())).names;
      if (names.size() < MAX) {
        names.add(name);
      }
    }
  }

  /** A line for each reason. */
  synchronized List<String> lines() {
    List<String> lines = new ArrayList<>();
    kinds.forEach(
        (reason, kind) -> {
          String some = String.join(", ", kind.names.stream().limit(NAMES).toList());
          String more = kind.names.size() > NAMES ? ", …" : "";
          lines.add("left alone: " + kind.names.size() + " " + reason + " (" + some + more + ")");
        });
    return lines;
  }
}
