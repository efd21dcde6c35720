package org.pagewheel.analysis;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.pagewheel.Buffer;
import org.pagewheel.EventReader;
import org.pagewheel.analysis.Latency.Found;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.spi.ObservedLatency;

/**
 * Observes latencies on a buffer while it is written: a {@link Latency} without an end.
 *
 * <p>Its memory is fixed, some 10 MiB: a histogram, the slowest, and 65,536 begins that wait. One
 * that finds no end makes room after a minute, or when there are too many, and is counted.
 */
public final class LiveLatency extends LiveObserver {
  private static final long WITHIN = TimeUnit.SECONDS.toNanos(60);
  private static final int MAX_BEGINS = 1 << 16;

  /** Upper bounds of what is counted together for monitors: 1, 2 and 5 from 1 us to 10 s. */
  private static final List<Long> BOUNDS = bounds();

  private final Latency question;
  private final LiveTypes types;
  private final Keys first;
  private final Keys second;
  private final LatencyWatch watch;

  /** Guarded by this, as what it is found by. */
  private final Found found = new Found();

  private final LivePairs pairs;

  /**
   * A latency beyond a limit.
   *
   * @param begin when it began, by the buffer's clock
   * @param end when it ended
   * @param text what happened, in one line
   */
  public record Hit(long begin, long end, String text) {}

  /**
   * Where the events are that were written since the observer began: {@code seen + lost} were
   * written, and of those that begin or end what is asked for {@code came = paired + waiting +
   * unpaired + leftOut}.
   *
   * @param seen events of any type that the observer has seen
   * @param lost those that it has missed; −1 if their number is unknown
   * @param came those of them that are begins, ends, or spans of one event
   * @param paired those in pairs, two in each, and spans of one event
   * @param waiting begins and ends that wait for the other half
   * @param unpaired those that found none
   * @param leftOut those that the filter leaves out, end before they begin, or are damaged
   */
  public record Account(
      long seen, long lost, long came, long paired, long waiting, long unpaired, long leftOut) {}

  private LiveLatency(Buffer buffer, Latency question, LatencyWatch watch) {
    super(buffer, "latency");
    this.question = question;
    this.watch = watch;
    question.pending(MAX_BEGINS);
    question.within = WITHIN;
    question.isLive = true;
    types = new LiveTypes(question);
    first = new Keys(Keys.side(question.by, false));
    second = new Keys(Keys.side(question.by, true));
    pairs = new LivePairs(question, found, watch);
  }

  private static List<Long> bounds() {
    List<Long> bounds = new ArrayList<>();
    for (long power = 1000; power < 10_000_000_000L; power *= 10) {
      bounds.addAll(List.of(power, 2 * power, 5 * power));
    }
    bounds.add(10_000_000_000L);
    return List.copyOf(bounds);
  }

  /**
   * Begins to observe spans.
   *
   * @param buffer of this process; the observer ends with it
   * @param span a span's name, perhaps with a filter; its type may become known later
   * @return the observer, to be closed
   * @throws IllegalArgumentException if events of this name are known and are not a span
   */
  public static LiveLatency ofSpan(Buffer buffer, Condition span) {
    return ofSpan(buffer, span, null);
  }

  private static LiveLatency ofSpan(Buffer buffer, Condition span, LatencyWatch watch) {
    Latency question = Latency.ofSpan(List.of(new BufferTrace(buffer)), span);
    List<EventFormat> known = span.formats(question.traces.getFirst());
    known.forEach(SpanLatency::checkIsSpan);
    if (!known.isEmpty()) {
      span.in(question.traces); // one of its events has what the filter asks for
    }
    return started(new LiveLatency(buffer, question, watch));
  }

  /**
   * Begins to observe the time between two events.
   *
   * @param buffer of this process; the observer ends with it
   * @param first what begins
   * @param second what ends
   * @param by see {@link Latency}
   * @return the observer, to be closed
   * @throws IllegalArgumentException if events of these names are known and lack a field
   */
  public static LiveLatency between(
      Buffer buffer, Condition first, Condition second, List<String> by) {
    return between(buffer, first, second, by, null);
  }

  private static LiveLatency between(
      Buffer buffer, Condition first, Condition second, List<String> by, LatencyWatch watch) {
    Latency question = new Latency(List.of(new BufferTrace(buffer)), first, second, by);
    check(first.formats(question.traces.getFirst()), Keys.side(by, false));
    check(second.formats(question.traces.getFirst()), Keys.side(by, true));
    return started(new LiveLatency(buffer, question, watch));
  }

  /**
   * Begins to observe, and reports what exceeds a limit.
   *
   * @param buffer of this process; the observer ends with it
   * @param events a span, or what begins and what ends
   * @param by the fields whose values belong together, as for {@link Latency}; empty for a span
   * @param limit what is looked for; its filter is asked of the span, or of what begins
   * @param hits gets each, on the observer's thread: must be quick and throw nothing
   * @return the observer, to be closed
   * @throws IllegalArgumentException if the events are known and cannot be asked this, or the
   *     buffer's clock counts no nanoseconds
   */
  public static LiveLatency watch(
      Buffer buffer, List<String> events, List<String> by, LatencyLimit limit, Consumer<Hit> hits) {
    if (!new BufferTrace(buffer).isNanos()) {
      throw new IllegalArgumentException(
          "buffer %s has clock %s, which counts no nanoseconds: %s cannot be asked"
              .formatted(buffer.name(), buffer.config().clock().name(), limit.text()));
    }
    LatencyWatch watch = new LatencyWatch(limit, hits);
    String ifs = limit.filter().map(filter -> " if " + filter).orElse("");
    Condition first = Condition.of(events.getFirst() + ifs);
    if (events.size() == 1) {
      return ofSpan(buffer, first, watch);
    }
    if (limit.kind == LatencyLimit.Kind.FAILED) {
      throw new IllegalArgumentException("failed is for spans: two events have no result");
    }
    Metadata.process().formats().forEach(format -> check(events, by, limit, format));
    return between(buffer, first, Condition.of(events.get(1)), by, watch);
  }

  /**
   * Refuses a type that has become known and cannot be asked for latencies; does nothing where it
   * is another one.
   *
   * @param events as for {@link #watch}
   * @param by as for {@link #watch}
   * @param limit as for {@link #watch}
   * @param format of the type
   * @throws IllegalArgumentException if it is no span, or lacks a field
   */
  public static void check(
      List<String> events, List<String> by, LatencyLimit limit, EventFormat format) {
    for (int i = 0; i < events.size(); i++) {
      if (isAbout(events.get(i), format)) {
        if (events.size() == 1) {
          SpanLatency.checkIsSpan(format);
        } else {
          check(List.of(format), Keys.side(by, i == 1));
        }
        if (events.size() == 2 && i == 0 && limit.filter().isPresent()) {
          Condition.of(events.getFirst() + " if " + limit.filter().get())
              .check(format, ByteOrder.LITTLE_ENDIAN);
        }
      }
    }
  }

  /**
   * Whether a type is that of an event, or one of those of a span.
   *
   * @param event the event's name or the span's, a pattern
   * @param format of the type
   * @return whether it is
   */
  public static boolean isAbout(String event, EventFormat format) {
    return Condition.of(event).isAbout(format);
  }

  private static LiveLatency started(LiveLatency observer) {
    observer.start();
    return observer;
  }

  private static void check(List<EventFormat> formats, List<String> by) {
    by.forEach(name -> Cells.checkAll("--by", name, formats));
  }

  /**
   * Those at work on a buffer, whoever has made them.
   *
   * @param buffer the buffer
   * @return in the order of their making
   */
  public static List<LiveLatency> on(Buffer buffer) {
    return openOn(buffer).stream()
        .filter(LiveLatency.class::isInstance)
        .map(LiveLatency.class::cast)
        .toList();
  }

  @Override
  void tick(long now) {
    pairs.age(now);
    if (watch != null) {
      watch.tick(now);
    }
  }

  @Override
  void clockChanged() {
    pairs.forget();
  }

  @Override
  void event(EventReader events) {
    Event event = events.event();
    LiveTypes.OfType type = types.of(event);
    if (type == LiveTypes.OfType.NOTHING) {
      return;
    }
    pairs.age(event.time());
    try {
      if (type.part != null) {
        span(event, type.part, type.isFirst(events.payload()));
        return;
      }
      boolean isFirst = type.isFirst(events.payload());
      if (type.isSecond(events.payload())) {
        if (second.read(event)) {
          pairs.end(second.first(), second.second(), event, second, !isFirst, false);
        } else {
          pairs.damaged();
        }
      }
      if (isFirst) {
        if (first.read(event)) {
          pairs.begin(first.first(), first.second(), event, true, first);
        } else {
          pairs.damaged();
        }
      }
    } catch (IllegalStateException e) {
      pairs.damaged(); // it is shorter than its format says
    }
  }

  private void span(Event event, SpanTypes.Part part, boolean isMeant) {
    long value = event.getLong(part.field());
    if (part.isBegin()) {
      pairs.begin(part.number(), value, event, isMeant, null);
    } else if (part.isWhole()) {
      if (isMeant) {
        pairs.whole(value, event, part.isLeft(event));
      } else {
        pairs.leaveOut();
      }
    } else if (isMeant) {
      pairs.end(part.number(), value, event, null, true, part.isLeft(event));
    } else {
      pairs.leaveOut(part.number(), value);
    }
  }

  @Override
  public synchronized List<String> text(Style style) {
    List<String> lines = new ArrayList<>(answer().text(style));
    Words.wrap(share(), style.columns(), lines);
    return lines;
  }

  @Override
  public synchronized String json(Style style) {
    String json = answer().json(style);
    Account account = account();
    Json more = new Json().open('{').key("seen").value(account.seen()).key("lost");
    more.count(account.lost()).key("came").value(account.came());
    more.key("paired").value(account.paired()).key("waiting").value(account.waiting());
    more.key("unpaired").value(account.unpaired()).key("leftOut").value(account.leftOut());
    more.key("busy").value(busy()).close('}');
    return json.substring(0, json.length() - 1) + ",\"observer\":" + more.take() + "}";
  }

  private Answer answer() {
    found.waiting = pairs.open();
    found.lost = lost;
    return new LatencyText(question, found, found.slowest(), problems);
  }

  /**
   * A line for a list of observers.
   *
   * @param spans how many spans or pairs were met
   * @param p50 half of them took at most this long; empty if there was none
   * @param p99 99 of a hundred took at most this long; empty if there was none
   * @param most the longest; empty if there was none
   * @param open begins that wait for their end
   * @param unpaired begins and ends without the other half
   * @param missed events that the observer did not see; {@code ?} if their number is unknown
   */
  public record Line(
      long spans, String p50, String p99, String most, long open, long unpaired, String missed) {}

  /**
   * The results so far, in short.
   *
   * @return lengths in words
   */
  public synchronized Line line() {
    long count = found.histogram.getTotalCount();
    boolean isNanos = question.isNanos();
    return new Line(
        count,
        count == 0 ? "" : Words.duration(percentile(50), isNanos),
        count == 0 ? "" : Words.duration(percentile(99), isNanos),
        count == 0 ? "" : Words.duration(found.most, isNanos),
        pairs.open(),
        found.repeated + found.aged + found.crowded + found.endsAlone,
        lost < 0 ? "?" : Words.number(lost));
  }

  private long percentile(double percentile) {
    return Math.clamp(found.histogram.getValueAtPercentile(percentile), found.least, found.most);
  }

  /**
   * Where the events are.
   *
   * @return the account of this moment
   */
  public synchronized Account account() {
    return pairs.account(seen, lost);
  }

  /**
   * How latencies are spread.
   *
   * @return of all that was met until now
   */
  public synchronized ObservedLatency spread() {
    Histogram histogram = found.histogram;
    long count = histogram.getTotalCount();
    List<Long> counts = new ArrayList<>();
    for (long bound : BOUNDS) {
      counts.add(count == 0 ? 0 : histogram.getCountBetweenValues(0, bound));
    }
    Account account = account();
    return new ObservedLatency(
        question.text(),
        count,
        found.sum,
        count == 0 ? 0 : percentile(50),
        count == 0 ? 0 : percentile(90),
        count == 0 ? 0 : percentile(99),
        count == 0 ? 0 : percentile(99.9),
        count == 0 ? 0 : found.most,
        BOUNDS,
        counts,
        account.waiting(),
        account.unpaired(),
        lost,
        busy());
  }

  /**
   * What is observed.
   *
   * @return as it was asked
   */
  public String question() {
    return question.text();
  }

  /**
   * Whether lengths are nanoseconds, as the buffer's clock is now.
   *
   * @return false if they are in another unit
   */
  public boolean isNanos() {
    return question.isNanos();
  }
}
