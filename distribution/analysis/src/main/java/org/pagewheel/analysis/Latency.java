package org.pagewheel.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.HdrHistogram.Histogram;
import org.pagewheel.event.Event;
import org.pagewheel.format.PageLayout;

/**
 * How long it takes from one event to another with the same key, across threads and CPUs, or how
 * long spans take.
 *
 * <p>An event of the first kind waits for one of the second; another one of the first kind with its
 * key takes its place. Those that never pair age out: each by {@link #within}, and the oldest when
 * there are {@link #pending} of them. Unpaired events are counted by reason.
 */
public final class Latency {
  private static final int USUAL_PENDING = 1 << 20;
  private static final int MAX_PENDING = 1 << 22;
  private static final int USUAL_TOP = 5;
  static final int MAX_TOP = 100;

  /** A pair that is kept because it is slow. */
  static final class Pair {
    final String key;
    final int traceIndex;
    final long begin;
    final long end;
    final int beginTid;
    final int beginCpu;
    final int endTid;
    final int endCpu;
    final Meanwhile meanwhile = new Meanwhile();

    /** A span that is one event. */
    Pair(String key, int traceIndex, long length, Event at) {
      this(key, traceIndex, at.time() - length, at.time(), at.pid(), at.cpu(), at.pid(), at.cpu());
    }

    /** A pair that began at an entry and ends with an event. */
    Pair(String key, int traceIndex, Pending pending, int entry, Event at) {
      this(
          key,
          traceIndex,
          pending.time(entry),
          at.time(),
          pending.tid(entry),
          pending.cpu(entry),
          at.pid(),
          at.cpu());
    }

    Pair(
        String key,
        int traceIndex,
        long begin,
        long end,
        int beginTid,
        int beginCpu,
        int endTid,
        int endCpu) {
      this.key = key;
      this.traceIndex = traceIndex;
      this.begin = begin;
      this.end = end;
      this.beginTid = beginTid;
      this.beginCpu = beginCpu;
      this.endTid = endTid;
      this.endCpu = endCpu;
    }

    /** The content of a span's begin, once it has been read again. */
    String atBegin = "";

    long length() {
      return end - begin;
    }

    String text() {
      return atBegin.isEmpty() ? key : key.isEmpty() ? atBegin : atBegin + " " + key;
    }
  }

  /** The results. */
  static final class Found {
    final Histogram histogram = new Histogram(3);

    private final PriorityQueue<Pair> slowest =
        new PriorityQueue<>(Comparator.comparingLong(Pair::length));

    /** Spans that ended without the result that their type has. */
    long left;

    /** The histogram has three digits of precision. */
    long least = Long.MAX_VALUE;

    long most;

    /** Of all lengths. */
    long sum;

    long repeated;
    long aged;
    long crowded;
    long waiting;
    long endsAlone;
    long backwards;
    long damaged;
    long over;
    long lost;

    /** Of those that were found; they are more than none. */
    long percentile(double percentile) {
      return Math.clamp(histogram.getValueAtPercentile(percentile), least, most);
    }

    void add(long length, long limit) {
      histogram.recordValue(length);
      sum += length;
      least = Math.min(least, length);
      most = Math.max(most, length);
      if (limit >= 0 && length > limit) {
        over++;
      }
    }

    boolean isSlow(long length, int top) {
      return slowest.size() < top || length > slowest.peek().length();
    }

    void keep(Pair pair, int top) {
      slowest.add(pair);
      if (slowest.size() > top) {
        slowest.remove();
      }
    }

    /** The slowest first. */
    List<Pair> slowest() {
      List<Pair> pairs = new ArrayList<>(slowest);
      pairs.sort(Comparator.comparingLong(Pair::length).reversed());
      return pairs;
    }

    void lost(Merged events, List<Trace> traces) {
      lost =
          traces.stream().mapToLong(Trace::refused).reduce(events.lost(), PageLayout::sumOfMissed);
    }
  }

  final List<Trace> traces;
  final Condition first;
  final Condition second;
  final List<String> by;

  /** The spans in question; null for two events. */
  final Condition span;

  /** Whether it observes a running buffer. */
  boolean isLive;

  long over = -1;
  private final Problems problems = new Problems();
  int top = USUAL_TOP;
  int most = USUAL_PENDING;
  long within = Long.MAX_VALUE;

  /**
   * A question.
   *
   * @param traces of one clock; they stay open
   * @param first the first event
   * @param second the second event
   * @param by the fields whose values belong together, {@code a=b} where they are called a in the
   *     first and b in the second event, {@code tid} and {@code cpu}
   */
  public Latency(List<Trace> traces, Condition first, Condition second, List<String> by) {
    this(traces, null, first, second, by);
  }

  private Latency(
      List<Trace> traces, Condition span, Condition first, Condition second, List<String> by) {
    this.traces = List.copyOf(traces);
    this.span = span;
    this.first = first;
    this.second = second;
    this.by = List.copyOf(by);
  }

  /**
   * A question about spans: their begin and end belong together by their number; a span of one
   * event says how long it took.
   *
   * @param traces of one clock; they stay open
   * @param span a span's name, perhaps with a filter
   * @return the question
   * @throws IllegalArgumentException if there is no such span
   */
  public static Latency ofSpan(List<Trace> traces, Condition span) {
    return new Latency(traces, span, span, span, List.of());
  }

  /**
   * How many of the slowest pairs are shown.
   *
   * @param pairs from 1 to 100
   * @return this question
   */
  public Latency top(int pairs) {
    top = Math.min(MAX_TOP, pairs);
    return this;
  }

  /**
   * How many begins may wait at once; beyond that the oldest is given up.
   *
   * @param begins at least 1
   * @return this question
   */
  public Latency pending(int begins) {
    if (begins < 1 || begins > MAX_PENDING) {
      throw new IllegalArgumentException(
          "--pending must be from 1 to " + Words.number(MAX_PENDING) + ", not " + begins);
    }
    most = begins;
    return this;
  }

  /**
   * How long a begin waits for its end.
   *
   * @param length such as {@code 10s}
   * @return this question
   */
  public Latency within(String length) {
    within = TimeText.duration("--within", length, isNanos());
    return this;
  }

  /**
   * Counts the pairs that take longer.
   *
   * @param length such as {@code 5ms}
   * @return this question
   */
  public Latency over(String length) {
    over = TimeText.duration("--over", length, isNanos());
    return this;
  }

  /** As it was asked. */
  String text() {
    return span != null
        ? span.text()
        : "%s -> %s by %s".formatted(first.text(), second.text(), String.join(", ", by));
  }

  boolean isNanos() {
    return traces.stream().allMatch(Trace::isNanos);
  }

  /**
   * Computes the answer.
   *
   * @return the answer
   * @throws IOException if nothing can be read
   */
  public Answer ask() throws IOException {
    if (span != null) {
      Matching named = span.withoutFilter().in(traces);
      SpanLatency asked = new SpanLatency(this, span.in(traces), named);
      return answer(asked.find(new Merged(traces, problems)), named, named);
    }
    Matching begins = first.in(traces);
    Matching ends = second.in(traces);
    Cells cells = new Cells(traces);
    List<String> ofFirst = Keys.side(by, false);
    List<String> ofSecond = Keys.side(by, true);
    ofFirst.forEach(name -> Cells.checkAll("--by", name, begins.formats()));
    ofSecond.forEach(name -> Cells.checkAll("--by", name, ends.formats()));
    Found found = pair(cells, begins, new Keys(ofFirst), ends, new Keys(ofSecond));
    return answer(found, begins, ends);
  }

  private Answer answer(Found found, Matching begins, Matching ends) throws IOException {
    List<Pair> slowest = found.slowest();
    Meanwhile.fill(slowest, traces, begins, ends);
    return new LatencyText(this, found, slowest, problems);
  }

  private Found pair(Cells cells, Matching begins, Keys beginKeys, Matching ends, Keys endKeys)
      throws IOException {
    Found found = new Found();
    Pending pending = new Pending(most);
    Merged events = new Merged(traces, problems);
    for (LaneEvents at = events.next(); at != null; at = events.next()) {
      if (ends.test(at)) { // first, for one event may be both: it ends what began before it
        Event event = cells.event(at);
        if (endKeys.read(event)) {
          end(found, pending, endKeys, event, at.traceIndex);
        } else {
          found.damaged++;
        }
      }
      if (begins.test(at)) {
        if (beginKeys.read(cells.event(at))) {
          begin(found, pending, beginKeys, at);
        } else {
          found.damaged++;
        }
      }
    }
    found.lost(events, traces);
    found.waiting = pending.size();
    return found;
  }

  private void begin(Found found, Pending pending, Keys keys, LaneEvents at) {
    int before = pending.find(keys.first(), keys.second());
    if (before != 0) {
      found.repeated++;
      pending.remove(before);
    }
    for (int oldest = pending.oldest();
        oldest != 0 && at.time() - pending.time(oldest) > within;
        oldest = pending.oldest()) {
      found.aged++;
      pending.remove(oldest);
    }
    if (pending.isFull()) {
      found.crowded++;
      pending.remove(pending.oldest());
    }
    pending.add(keys.first(), keys.second(), at.time(), at.tid(), at.lane.cpu());
  }

  private void end(Found found, Pending pending, Keys keys, Event at, int traceIndex) {
    int entry = pending.find(keys.first(), keys.second());
    if (entry == 0) {
      found.endsAlone++;
      return;
    }
    long length = at.time() - pending.time(entry);
    if (length > within) {
      found.aged++;
      found.endsAlone++;
    } else if (length < 0 || length > Long.MAX_VALUE / 2) {
      found.backwards++;
    } else {
      found.add(length, over);
      if (found.isSlow(length, top)) {
        found.keep(new Pair(keys.text(at), traceIndex, pending, entry, at), top);
      }
    }
    pending.remove(entry);
  }
}
