package org.pagewheel.analysis;

import java.util.concurrent.TimeUnit;
import org.pagewheel.analysis.Latency.Found;
import org.pagewheel.analysis.Latency.Pair;
import org.pagewheel.event.Event;

/**
 * Begins and ends that find each other while they come, of a fixed number. The events of several
 * CPUs come merged by time as far as they are there: an end may come before its begin where the
 * begin's CPU was looked at too early. So ends wait for a second, too.
 */
final class LivePairs {
  private static final int MAX_ENDS = 1 << 12;
  private static final long LATE = TimeUnit.SECONDS.toNanos(1);
  private static final int LEFT_OUT = -1;

  private final Latency question;
  private final Found found;
  private final Pending begins;
  private final Pending ends = new Pending(MAX_ENDS);

  LivePairs(Latency question, Found found) {
    this.question = question;
    this.found = found;
    this.begins = new Pending(question.most);
  }

  /** A begin; one that is not meant leaves out its end, too. */
  void begin(long one, long two, Event event, boolean isMeant, Keys keys) {
    int late = ends.find(one, two);
    if (late != 0) {
      if (isMeant && ends.time(late) >= event.time()) {
        lateEnd(late, event, keys);
      }
      ends.remove(late);
      return;
    }
    found.repeated += give(begins.find(one, two)) ? 1 : 0;
    if (begins.isFull()) {
      found.crowded += give(begins.oldest()) ? 1 : 0;
    }
    begins.add(one, two, event.time(), event.pid(), isMeant ? event.cpu() : LEFT_OUT);
  }

  private void lateEnd(int late, Event begin, Keys keys) {
    long length = ends.time(late) - begin.time();
    if (add(length)) {
      found.keep(
          new Pair(
              text(begin, keys),
              0,
              begin.time(),
              ends.time(late),
              begin.pid(),
              begin.cpu(),
              ends.tid(late),
              ends.cpu(late)),
          question.top);
    }
  }

  /** What describes a pair that is kept; a span has no keys. */
  private static String text(Event event, Keys keys) {
    return keys == null ? SpanLatency.text(event) : keys.text(event);
  }

  /**
   * An end that is meant.
   *
   * @param mayWait whether its begin may come after it; not where the event is a begin, too
   * @return whether it ends what was meant
   */
  boolean end(long one, long two, Event event, Keys keys, boolean mayWait) {
    int entry = begins.find(one, two);
    if (entry == 0 && !mayWait) {
      found.endsAlone++;
      return false;
    }
    if (entry == 0) {
      int before = ends.find(one, two);
      if (before == 0 && ends.isFull()) {
        before = ends.oldest();
      }
      if (before != 0) {
        ends.remove(before);
        found.endsAlone++;
      }
      ends.add(one, two, event.time(), event.pid(), event.cpu());
      return false;
    }
    boolean counts = begins.cpu(entry) != LEFT_OUT;
    if (counts && add(event.time() - begins.time(entry))) {
      found.keep(new Pair(text(event, keys), 0, begins, entry, event), question.top);
    }
    begins.remove(entry);
    return counts;
  }

  /** What ends with an event that is not meant. */
  void leaveOut(long one, long two) {
    give(begins.find(one, two));
  }

  /** A span that is one event. */
  void whole(long length, Event event) {
    if (add(length)) {
      found.keep(new Pair(SpanLatency.text(event), 0, length, event), question.top);
    }
  }

  /** Counts a length; returns whether it is among the longest. */
  private boolean add(long length) {
    if (length < 0 || length > Long.MAX_VALUE / 2) {
      found.backwards++;
      return false;
    }
    found.add(length, question.over);
    return found.isSlow(length, question.top);
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

  int open() {
    return begins.size();
  }

  /** Gives up a begin, if there is one; returns whether it counts. */
  private boolean give(int entry) {
    boolean counts = entry != 0 && begins.cpu(entry) != LEFT_OUT;
    if (entry != 0) {
      begins.remove(entry);
    }
    return counts;
  }
}
