package org.pagewheel.runtime.internal.pump;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.pagewheel.runtime.internal.config.Units;

/**
 * What is wrong with a consumer, since when, and how many events it has missed since: in its own
 * words while it reports a problem, else by its last exception. An exception counts until it has
 * accepted a page, for a flush with nothing to flush proves nothing.
 *
 * <p>The log gets a line when a problem begins or changes, reminders at ever longer intervals while
 * pages fail, and a line when it is over. A consumer that fails with each page does not flood it.
 * Nothing here throws: it is called when memory or the stack may just have run out.
 */
public final class Trouble {
  private static final long LINE_NANOS = 1_000_000_000;
  private static final long FIRST_REMINDER_NANOS = 10_000_000_000L;

  private final String who;
  private final Consumer<String> problems;

  /** Counts what the consumer misses; null until it runs. */
  private volatile PageQueue account;

  private String reported;
  private String thrown;

  /** When the problem began, and what was missed before. */
  private Instant since;

  private long begin;
  private long missedBefore;

  /** How long after the beginning the next reminder is logged. */
  private long reminder;

  private long logged = System.nanoTime() - LINE_NANOS;

  /** Whether the log says that something is wrong. */
  private boolean isLogged;

  /**
   * @param who the consumer
   * @param problems where to log, a line each
   */
  public Trouble(String who, Consumer<String> problems) {
    this.who = who;
    this.problems = problems;
  }

  void account(PageQueue queue) {
    account = queue;
  }

  private long missed() {
    PageQueue now = account;
    return now == null ? 0 : now.missed();
  }

  /** Counts events that the consumer itself lost from pages that it had accepted. */
  public void lost(long events) {
    PageQueue now = account;
    if (now != null && events != 0) {
      now.lost(events);
    }
  }

  /** The consumer's own words, or null when its trouble is over. */
  public void report(String problem) {
    change(problem, false);
  }

  /** Notes an exception. What is counted as missed after this is missed since then. */
  void failed(String problem) {
    change(problem, true);
  }

  /** Notes an exception of close: its last account, which is always logged. */
  void ended(String problem) {
    try {
      update(problem, true, missed());
      problems.accept(who + ": " + problem);
    } catch (Throwable noMemory) {
      // it is shown but not logged
    }
  }

  /** Notes that it has accepted a page. */
  void accepted() {
    change(null, true);
  }

  private void change(String problem, boolean isThrown) {
    try {
      String line = update(problem, isThrown, missed());
      if (line != null) {
        problems.accept(who + ": " + line);
      }
    } catch (Throwable noMemory) {
      // it is shown but not logged
    }
  }

  /** The line for the log, or null. */
  private synchronized String update(String problem, boolean isThrown, long missedNow) {
    String before = text();
    if (isThrown) {
      thrown = problem;
    } else {
      reported = problem;
    }
    String now = text();
    if (now == null) {
      return before == null ? null : over(missedNow);
    }
    long nanos = System.nanoTime();
    if (before == null) {
      since = null; // even if the next line throws
      begin = nanos;
      missedBefore = missedNow;
      reminder = FIRST_REMINDER_NANOS;
      since = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }
    boolean isReminder = now.equals(before) && isThrown && nanos - begin >= reminder;
    if (now.equals(before) && !isReminder || nanos - logged < LINE_NANOS) {
      return null;
    }
    logged = nanos;
    isLogged = true;
    if (isReminder) {
      reminder = 2 * (nanos - begin);
      return "still: " + with(now, missedNow);
    }
    return now;
  }

  /** Used if the log says that something is wrong. */
  private String over(long missedNow) {
    if (!isLogged) {
      return null;
    }
    isLogged = false;
    long millis = (System.nanoTime() - begin) / 1_000_000;
    Duration time = Duration.ofMillis(millis < 10_000 ? millis : millis / 1000 * 1000);
    return "works again after %s, %s".formatted(Units.time(time), missed(missedNow));
  }

  private String with(String problem, long missedNow) {
    return "%s (since %s, %s)".formatted(problem, since, missed(missedNow));
  }

  private String missed(long missedNow) {
    return String.format(Locale.ROOT, "%,d events missed", missedNow - missedBefore);
  }

  private String text() {
    return reported != null ? reported : thrown;
  }

  /** What is wrong now, since when and with which losses, in one line. */
  Optional<String> now() {
    long missedNow = missed(); // before the lock, for it takes another one
    synchronized (this) {
      return Optional.ofNullable(text()).map(problem -> with(problem, missedNow));
    }
  }
}
