package org.pagewheel.analysis;

import java.util.concurrent.TimeUnit;
import org.pagewheel.analysis.Latency.Found;
import org.pagewheel.analysis.Latency.Pair;
import org.pagewheel.event.Event;

/**
 * Begins and ends that find each other while they come, of a fixed number. The events of several
 * CPUs come merged by time as far as they are there: an end may come before its begin where the
 * begin's CPU was looked at too early. So ends wait for a second, too.
 *
 * <p>Every begin and end that comes is in one place of the account: in a pair, waiting, unpaired or
 * left out.
 */
final class LivePairs {
  /** So much earlier than another an event may be that comes after it. */
  static final long LATE = TimeUnit.SECONDS.toNanos(1);

  private static final int MAX_ENDS = 1 << 12;
  private static final int LEFT_OUT = -1;

  /** Of an end that waits, beside its CPU. */
  private static final int FAILED = 1 << 30;

  private final Latency question;
  private final Found found;
  private final LatencyWatch watch;
  private final Pending begins;
  private final Pending ends = new Pending(MAX_ENDS);

  /** Begins, ends and whole spans that came. */
  private long came;

  private long leftOut;

  /** Begins and ends that are in pairs, and whole spans. */
  private long paired;

  /**
   * Nothing came yet.
   *
   * @param watch gets each pair; null for none
   */
  LivePairs(Latency question, Found found, LatencyWatch watch) {
    this.question = question;
    this.found = found;
    this.watch = watch;
    this.begins = new Pending(question.most);
  }

  /** A begin; one that does not match leaves out its end too. */
  void begin(long one, long two, Event event, boolean isMeant, Keys keys) {
    came++;
    int late = ends.find(one, two);
    if (late != 0) {
      boolean isPair = ends.time(late) >= event.time();
      if (isPair && isMeant) {
        int cpu = ends.cpu(late);
        boolean isFailed = (cpu & FAILED) != 0;
        Pair pair =
            new Pair(
                text(event, keys),
                0,
                event.time(),
                ends.time(late),
                event.pid(),
                event.cpu(),
                ends.tid(late),
                cpu & ~FAILED);
        if (count(pair.begin, pair.end, isFailed, 2) && isSlow(pair.length())) {
          found.keep(pair, question.top);
        }
        tell(pair.begin, pair.end, pair.endTid, isFailed, event, keys);
      } else if (isPair) {
        leftOut += 2;
      } else {
        found.endsAlone++; // of another begin, which nobody has seen
      }
      ends.remove(late);
      if (isPair) {
        return;
      }
    }
    found.repeated += give(begins.find(one, two)) ? 1 : 0;
    if (begins.isFull()) {
      found.crowded += give(begins.oldest()) ? 1 : 0;
    }
    begins.add(one, two, event.time(), event.pid(), isMeant ? event.cpu() : LEFT_OUT);
  }

  /** What describes a pair that is kept; a span has no keys. */
  static String text(Event event, Keys keys) {
    return keys == null ? SpanLatency.text(event) : keys.text(event);
  }

  /**
   * A matching end.
   *
   * @param mayWait whether its begin may come after it; not where the event is a begin, too
   * @param isFailed whether it is of a span without the result that its type has
   */
  void end(long one, long two, Event event, Keys keys, boolean mayWait, boolean isFailed) {
    came++;
    int entry = begins.find(one, two);
    if (entry != 0) {
      if (begins.cpu(entry) == LEFT_OUT) {
        leftOut += 2;
      } else {
        long begin = begins.time(entry);
        if (count(begin, event.time(), isFailed, 2) && isSlow(event.time() - begin)) {
          found.keep(new Pair(text(event, keys), 0, begins, entry, event), question.top);
        }
        tell(begin, event.time(), event.pid(), isFailed, event, keys);
      }
      begins.remove(entry);
      return;
    }
    if (!mayWait) {
      found.endsAlone++;
      return;
    }
    int before = ends.find(one, two);
    if (before == 0 && ends.isFull()) {
      before = ends.oldest();
    }
    if (before != 0) {
      ends.remove(before);
      found.endsAlone++;
    }
    int cpu = event.cpu() | (isFailed ? FAILED : 0);
    ends.add(one, two, event.time(), event.pid(), cpu);
  }

  /** Ends a pair with an event that does not match. */
  void leaveOut(long one, long two) {
    came++;
    leftOut++;
    int entry = begins.find(one, two);
    if (entry != 0) {
      begins.remove(entry);
      leftOut++;
    }
  }

  /** A span that is one event, which is not meant. */
  void leaveOut() {
    came++;
    leftOut++;
  }

  /** A span that is one event. */
  void whole(long length, Event event, boolean isFailed) {
    came++;
    long begin = event.time() - length;
    if (count(begin, event.time(), isFailed, 1) && isSlow(length)) {
      found.keep(new Pair(SpanLatency.text(event), 0, length, event), question.top);
    }
    tell(begin, event.time(), event.pid(), isFailed, event, null);
  }

  /** An event whose key cannot be read. */
  void damaged() {
    came++;
    leftOut++;
    found.damaged++;
  }

  /** Counts a pair of so many events; returns whether it is one. */
  private boolean count(long begin, long end, boolean isFailed, int events) {
    if (!isLength(end - begin)) {
      found.backwards++;
      leftOut += events;
      return false;
    }
    found.add(end - begin, question.over);
    found.left += isFailed ? 1 : 0;
    paired += events;
    return true;
  }

  private static boolean isLength(long length) {
    return length >= 0 && length <= Long.MAX_VALUE / 2;
  }

  private boolean isSlow(long length) {
    return found.isSlow(length, question.top);
  }

  private void tell(long begin, long end, int tid, boolean isFailed, Event event, Keys keys) {
    if (watch != null && isLength(end - begin) && question.isNanos()) {
      watch.met(begin, end, tid, isFailed, event, keys);
    }
  }

  /** Lets go of what has waited too long. */
  void age(long now) {
    for (int oldest = begins.oldest();
        oldest != 0 && now - begins.time(oldest) > question.within;
        oldest = begins.oldest()) {
      found.aged += give(oldest) ? 1 : 0;
    }
    for (int oldest = ends.oldest();
        oldest != 0 && now - ends.time(oldest) > LATE;
        oldest = ends.oldest()) {
      ends.remove(oldest);
      found.endsAlone++;
    }
  }

  /** Lets go of all that wait: their times cannot be compared with those to come. */
  void forget() {
    while (begins.oldest() != 0) {
      found.aged += give(begins.oldest()) ? 1 : 0;
    }
    while (ends.oldest() != 0) {
      ends.remove(ends.oldest());
      found.endsAlone++;
    }
    if (watch != null) {
      watch.clear();
    }
  }

  int open() {
    return begins.size();
  }

  LiveLatency.Account account(long seen, long lost) {
    return new LiveLatency.Account(
        seen,
        lost,
        came,
        paired,
        begins.size() + ends.size(),
        found.repeated + found.aged + found.crowded + found.endsAlone,
        leftOut);
  }

  /** Gives up a begin, if there is one; returns whether it counts. */
  private boolean give(int entry) {
    boolean counts = entry != 0 && begins.cpu(entry) != LEFT_OUT;
    if (entry != 0) {
      begins.remove(entry);
      leftOut += counts ? 0 : 1;
    }
    return counts;
  }
}
