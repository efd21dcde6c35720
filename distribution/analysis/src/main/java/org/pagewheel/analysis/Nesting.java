package org.pagewheel.analysis;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether spans on a line nest, when they come in the order of their ends: a span that begins
 * inside another one that has already ended does not.
 */
final class Nesting {
  /** The number of newest ended spans that are remembered. */
  private static final int MAX = 256;

  private record Ended(long begin, long end) {}

  private final Map<Long, Deque<Ended>> lines = new HashMap<>();

  /** Puts a span on a line if it nests there; returns whether it does. */
  boolean fits(long line, long begin, long end) {
    Deque<Ended> ended = lines.computeIfAbsent(line, key -> new ArrayDeque<>());
    while (!ended.isEmpty() && ended.peekLast().begin >= begin) {
      ended.removeLast(); // it is inside
    }
    if (!ended.isEmpty() && ended.peekLast().end > begin) {
      return false;
    }
    ended.addLast(new Ended(begin, end));
    if (ended.size() > MAX) {
      ended.removeFirst();
    }
    return true;
  }
}
