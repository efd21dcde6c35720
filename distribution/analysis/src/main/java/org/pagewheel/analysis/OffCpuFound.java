package org.pagewheel.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/** What has been found of threads that did not run. */
final class OffCpuFound {
  private static final int MAX_TYPES = 1024;

  /** A line: a span, or a thread. */
  static final class Row {
    /** Empty for a thread. */
    final String span;

    final int trace;
    final int tid;
    final long begin;
    final TimeParts parts;

    /** Null if it was not blocked. */
    final Block longest;

    String content = "";

    Row(String span, int trace, int tid, long begin, TimeParts parts, Block longest) {
      this.span = span;
      this.trace = trace;
      this.tid = tid;
      this.begin = begin;
      this.parts = parts;
      this.longest = longest;
    }
  }

  /** All spans of a type. */
  static final class Total {
    final TimeParts parts = new TimeParts();
    long spans;
  }

  /** Those that were off their CPUs the longest. */
  static final class Longest {
    private final int top;
    private final PriorityQueue<Row> rows =
        new PriorityQueue<>(Comparator.comparingLong((Row row) -> row.parts.offCpu()));
    private long count;

    Longest(int top) {
      this.top = top;
    }

    /** Whether it is one of them so far. */
    boolean keep(Row row) {
      count++;
      if (rows.size() == top) {
        if (rows.peek().parts.offCpu() >= row.parts.offCpu()) {
          return false;
        }
        rows.remove();
      }
      rows.add(row);
      return true;
    }

    long count() {
      return count;
    }

    /** In the order in which they are shown. */
    List<Row> rows() {
      List<Row> sorted = new ArrayList<>(rows);
      sorted.sort(
          Comparator.comparingLong((Row row) -> row.parts.offCpu())
              .reversed()
              .thenComparingLong(row -> row.begin)
              .thenComparingInt(row -> row.tid));
      return sorted;
    }
  }

  /** Spans that are left out, by reason. */
  long elsewhere;

  long virtual;
  long backwards;
  long unended;

  /** Threads that came onto CPUs or left them unseen. */
  long partial;

  final Longest spans;
  final Longest threads;
  final Map<String, Total> totals = new TreeMap<>();

  /** Keeps as many lines as are to be shown. */
  OffCpuFound(int top) {
    spans = new Longest(top);
    threads = new Longest(top);
  }

  /** Counts a span. */
  void add(String name, TimeParts parts) {
    if (totals.containsKey(name) || totals.size() < MAX_TYPES) {
      Total total = totals.computeIfAbsent(name, key -> new Total());
      total.spans++;
      total.parts.add(parts);
    }
  }

  /** What is not in the lines, one line each. */
  List<String> notes(boolean areThreads) {
    List<String> notes = new ArrayList<>();
    if (areThreads) {
      note(notes, partial, "thread", "recorded only in part: the rest is unknown");
    } else {
      note(notes, elsewhere, "span", "left out, for another thread ends it");
      note(notes, virtual, "span", "of virtual threads, which the kernel does not know");
      note(notes, backwards, "span", "left out, for the times of its thread go back");
      note(notes, unended, "span", "without an end in the trace, or given up");
    }
    return notes;
  }

  private static void note(List<String> notes, long number, String what, String why) {
    if (number > 0) {
      notes.add("%s %s %s".formatted(Words.count(number, what), number == 1 ? "is" : "are", why));
    }
  }
}
