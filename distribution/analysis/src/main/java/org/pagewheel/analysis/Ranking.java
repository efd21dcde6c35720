package org.pagewheel.analysis;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Lines in the order of a value: all, or the first few of them. */
final class Ranking {
  private static final long MAX_CHARACTERS = 64L << 20;

  /** The memory of a line besides its characters. */
  private static final int OVERHEAD = 64;

  private record Entry(Object key, long number, String row) {}

  private final int most;
  private final Comparator<Entry> order;
  private final PriorityQueue<Entry> entries;
  private long characters;
  private long number;

  /**
   * Makes an empty ranking.
   *
   * @param most how many are kept
   * @param isAscending whether the least comes first
   */
  Ranking(int most, boolean isAscending) {
    this.most = most;
    Comparator<Entry> byKey = (a, b) -> compare(a.key, b.key);
    this.order = (isAscending ? byKey : byKey.reversed()).thenComparingLong(Entry::number);
    this.entries = new PriorityQueue<>(order.reversed());
  }

  static int compare(Object a, Object b) {
    if (a instanceof Long one && b instanceof Long other) {
      return Long.compare(one, other);
    }
    if (a instanceof Number one && b instanceof Number other) {
      double first = one.doubleValue() + 0.0; // whole numbers have only one 0
      double second = other.doubleValue() + 0.0;
      boolean areExact =
          a instanceof Double && b instanceof Double
              || !Double.isFinite(first)
              || !Double.isFinite(second);
      return areExact ? Double.compare(first, second) : exact(one).compareTo(exact(other));
    }
    if (a instanceof Number != b instanceof Number) {
      return a instanceof Number ? 1 : -1;
    }
    return ColumnRows.text(a).compareTo(ColumnRows.text(b));
  }

  /** Doubles have only 53 bits, and an inconsistent order makes a sort fail. */
  private static BigDecimal exact(Number number) {
    return number instanceof Double real ? new BigDecimal(real) : new BigDecimal(number.toString());
  }

  void add(Object key, String row) throws IOException {
    entries.add(new Entry(key, number++, row));
    characters += row.length() + OVERHEAD;
    if (entries.size() > most) {
      characters -= entries.remove().row.length() + OVERHEAD;
    }
    if (characters > MAX_CHARACTERS) {
      throw new IOException(
          "more than "
              + Words.number(number - 1)
              + " events are too many to sort: name --top N,"
              + " or choose fewer");
    }
  }

  List<String> rows() {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(order);
    return sorted.stream().map(Entry::row).toList();
  }
}
