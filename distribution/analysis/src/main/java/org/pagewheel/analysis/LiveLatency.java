package org.pagewheel.analysis;

import java.io.Closeable;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pagewheel.Buffer;
import org.pagewheel.EventReader;
import org.pagewheel.analysis.Latency.Found;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Reason;

/**
 * Observes latencies on a buffer while it is written: a {@link Latency} without an end. From the
 * moment on at which it is made, a thread of its own reads the buffer's events without consuming
 * them; writers do nothing for it. Where they, or a consumer, are faster than it, it says how many
 * events it has missed.
 *
 * <p>Its memory is fixed, some 10 MiB: a histogram, the slowest, and 65,536 begins that wait. One
 * that finds no end makes room after a minute, or when there are too many, and is counted.
 *
 * <p>By any thread. The observer's own lets go of the monitor after some events each.
 */
public final class LiveLatency implements Closeable {
  private static final long WITHIN = TimeUnit.SECONDS.toNanos(60);
  private static final int MAX_BEGINS = 1 << 16;
  private static final int BATCH = 256;
  private static final long POLL_MILLIS = 20;

  private final Buffer buffer;
  private final Latency question;
  private final LiveTypes types;
  private final Keys first;
  private final Keys second;
  private final Thread thread;

  /** All below is guarded by this. */
  private final Found found = new Found();

  private final LivePairs pairs;
  private final Problems problems = new Problems();
  private boolean isClosed;

  private LiveLatency(Buffer buffer, Latency question) {
    this.buffer = buffer;
    this.question = question;
    question.pending(MAX_BEGINS);
    question.within = WITHIN;
    question.isLive = true;
    types = new LiveTypes(question);
    first = new Keys(Keys.side(question.by, false));
    second = new Keys(Keys.side(question.by, true));
    pairs = new LivePairs(question, found);
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("pagewheel-latency-" + buffer.name())
            .unstarted(this::run);
  }

  /**
   * Begins to observe spans.
   *
   * @param buffer of this process; the observer ends with it
   * @param span which: a span's name, perhaps with a filter; its type may become known later
   * @return the observer, to be closed
   * @throws IllegalArgumentException if events of this name are known and are no span
   */
  public static LiveLatency ofSpan(Buffer buffer, Condition span) {
    Latency question = Latency.ofSpan(List.of(new BufferTrace(buffer)), span);
    span.formats(question.traces.getFirst()).forEach(SpanLatency::checkIsSpan);
    return start(buffer, question);
  }

  /**
   * Begins to observe what lies between two events.
   *
   * @param buffer of this process; the observer ends with it
   * @param first what begins
   * @param second what ends
   * @param by as for {@link Latency}
   * @return the observer, to be closed
   * @throws IllegalArgumentException if events of these names are known and lack a field
   */
  public static LiveLatency between(
      Buffer buffer, Condition first, Condition second, List<String> by) {
    Latency question = new Latency(List.of(new BufferTrace(buffer)), first, second, by);
    check(first.formats(question.traces.getFirst()), Keys.side(by, false));
    check(second.formats(question.traces.getFirst()), Keys.side(by, true));
    return start(buffer, question);
  }

  private static void check(List<EventFormat> formats, List<String> by) {
    by.forEach(name -> Cells.checkAll("--by", name, formats));
  }

  private static LiveLatency start(Buffer buffer, Latency question) {
    LiveLatency observer = new LiveLatency(buffer, question);
    observer.thread.start();
    return observer;
  }

  /** The thread. */
  private void run() {
    try (EventReader events = buffer.readers().iterate()) {
      long from = buffer.config().clock().now();
      while (look(events, from)) {
        // the next ones
      }
    } catch (InterruptedException e) {
      // nobody has reason to, but then it is over
    } catch (Throwable e) {
      if (!buffer.isClosed()) {
        problem("the observer has ended: " + Reason.of(e));
      }
    }
    synchronized (this) {
      isClosed = true;
    }
  }

  private synchronized void problem(String line) {
    problems.add(line);
  }

  /** Some events; waits for more where there are none. Returns whether to go on. */
  private synchronized boolean look(EventReader events, long from) throws InterruptedException {
    for (int i = 0; i < BATCH && !isClosed; i++) {
      try {
        if (!events.next()) {
          pairs.age(buffer.config().clock().now());
          wait(POLL_MILLIS);
          return !isClosed && !buffer.isClosed();
        }
      } catch (DamagedPageException e) {
        found.lost = PageLayout.MISSED_UNKNOWN;
        continue;
      }
      if (events.time() >= from) {
        found.lost = PageLayout.sumOfMissed(found.lost, events.missed());
        event(events);
      }
    }
    return !isClosed;
  }

  private void event(EventReader events) {
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
      if (type.isSecond(events.payload()) && second.read(event)) {
        pairs.end(second.first(), second.second(), event, second, !isFirst);
      }
      if (isFirst && first.read(event)) {
        pairs.begin(first.first(), first.second(), event, true, first);
      }
    } catch (IllegalStateException e) {
      found.damaged++; // it is shorter than its format says
    }
  }

  private void span(Event event, SpanTypes.Part part, boolean isMeant) {
    long value = event.getLong(part.field());
    boolean counts = isMeant;
    if (part.isBegin()) {
      pairs.begin(part.number(), value, event, isMeant, null);
      return;
    } else if (!isMeant) {
      pairs.leaveOut(part.number(), value);
    } else if (part.isWhole()) {
      pairs.whole(value, event);
    } else {
      counts = pairs.end(part.number(), value, event, null, true);
    }
    if (counts && part.isLeft(event)) {
      found.left++;
    }
  }

  /**
   * What was found until now.
   *
   * @param style how wide and how plain
   * @return lines
   */
  public synchronized List<String> text(Style style) {
    return answer().text(style);
  }

  /**
   * The same for programs.
   *
   * @param style how wide and how plain
   * @return one line of JSON
   */
  public synchronized String json(Style style) {
    return answer().json(style);
  }

  private Answer answer() {
    found.waiting = pairs.open();
    return new LatencyText(question, found, found.slowest(), problems);
  }

  /**
   * A line for a list of observers.
   *
   * @param spans how many spans or pairs were met
   * @param p50 half of them took at most so long; empty if there was none
   * @param p99 of a hundred 99 did; empty if there was none
   * @param most the longest; empty if there was none
   * @param open begins that wait for their end
   * @param unpaired begins and ends that found no other half
   * @param missed events that the observer did not see; {@code ?} if their number is unknown
   */
  public record Line(
      long spans, String p50, String p99, String most, long open, long unpaired, String missed) {}

  /**
   * What was found until now, in short.
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
        found.lost < 0 ? "?" : Words.number(found.lost));
  }

  private long percentile(double percentile) {
    return Math.clamp(found.histogram.getValueAtPercentile(percentile), found.least, found.most);
  }

  /**
   * Whether the observer is at work.
   *
   * @return false once it was closed, or its buffer was
   */
  public synchronized boolean isOpen() {
    return !isClosed;
  }

  /** Ends; what was found stays. Does nothing the second time. */
  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive() && Thread.currentThread() != thread) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
