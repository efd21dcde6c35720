package org.pagewheel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.pagewheel.format.DamagedPageException;

/**
 * All kinds of readers of a buffer, made from its {@link PageSource}:
 *
 * <table>
 * <caption>Kinds</caption>
 * <tr><th>reader</th><th>consumes</th><th>at once</th></tr>
 * <tr><td>{@link #events} event by event, of one CPU or all merged by time</td><td>yes</td>
 *     <td rowspan="2">one of these two for each CPU; the second is refused</td></tr>
 * <tr><td>{@link #pages} page by page</td><td>yes</td></tr>
 * <tr><td>{@link #iterate} event by event while writers write</td><td>no</td>
 *     <td rowspan="2">any number</td></tr>
 * <tr><td>{@link #snapshot} all that is there now</td><td>no</td></tr>
 * </table>
 *
 * <p>No reader ever makes a writer wait. A reader is for one thread; this class is for all. What a
 * reader by event has not read of the page it is in when it is closed is left for the next one.
 */
public final class Readers implements AutoCloseable {
  private static final long SHORTEST_SLEEP = 1_000_000;
  private static final long LONGEST_SLEEP = 50_000_000;

  private final PageSource source;
  private final Wakeup wakeup;
  private final BitSet claimed = new BitSet();
  private final ConsumingEvents[] consuming;
  private volatile boolean closed;

  /**
   * Makes the readers of a source.
   *
   * @param source where pages come from
   * @param wakeup what the source runs when a page becomes full
   */
  public Readers(PageSource source, Wakeup wakeup) {
    this.source = source;
    this.wakeup = wakeup;
    this.consuming = new ConsumingEvents[source.cpus()];
    for (int cpu = 0; cpu < consuming.length; cpu++) {
      consuming[cpu] = new ConsumingEvents(source, cpu);
    }
  }

  /**
   * How many CPUs there are.
   *
   * @return a number of at least 1
   */
  public int cpus() {
    return consuming.length;
  }

  /**
   * The size of the pages.
   *
   * @return bytes; the largest if there are several, see {@link Page#memory}
   */
  public int pageSize() {
    return source.pageSize();
  }

  /**
   * Reads and consumes the events of all CPUs, merged by time: of the events that are there, the
   * oldest comes first.
   *
   * @return a reader, to be closed
   * @throws IllegalStateException if another consuming reader is open
   */
  public EventReader events() {
    return events(IntStream.range(0, cpus()).toArray());
  }

  /**
   * Reads and consumes the events of some CPUs, merged by time.
   *
   * @param cpus from 0 to {@link #cpus} − 1, at least one
   * @return a reader, to be closed
   * @throws IllegalArgumentException if there is no such CPU
   * @throws IllegalStateException if another consuming reader of one of the CPUs is open
   */
  public EventReader events(int... cpus) {
    CpuEvents[] streams = new CpuEvents[cpus.length];
    claim(cpus);
    for (int i = 0; i < cpus.length; i++) {
      streams[i] = consuming[cpus[i]];
    }
    return new EventReader(streams, () -> leave(cpus));
  }

  private void leave(int[] cpus) {
    try {
      for (int cpu : cpus) {
        consuming[cpu].keepRest();
      }
    } catch (DamagedPageException e) {
      // the next reader of that CPU meets the damage, and tells it
    } finally {
      unclaim(cpus);
    }
  }

  /**
   * Reads and consumes pages.
   *
   * @return a reader, to be closed
   * @throws IllegalStateException if another consuming reader is open
   */
  public PageReader pages() {
    int[] cpus = IntStream.range(0, cpus()).toArray();
    claim(cpus);
    return new PageReader(source, consuming, () -> unclaim(cpus));
  }

  /**
   * Reads the events of all CPUs, merged by time, without consuming them, from the oldest on, while
   * writers write. At the end it can be asked again for what has come since. Where the writers, or
   * a consuming reader, have run over it, {@link EventReader#missed} says so.
   *
   * @return a reader, to be closed
   */
  public EventReader iterate() {
    return iterate(IntStream.range(0, cpus()).toArray());
  }

  /**
   * Reads the events of some CPUs without consuming them, see {@link #iterate()}.
   *
   * @param cpus from 0 to {@link #cpus} − 1, at least one
   * @return a reader, to be closed
   * @throws IllegalArgumentException if there is no such CPU
   */
  public EventReader iterate(int... cpus) {
    check(cpus);
    CpuEvents[] streams = new CpuEvents[cpus.length];
    for (int i = 0; i < cpus.length; i++) {
      streams[i] = new LiveEvents(source, consuming[cpus[i]], cpus[i]);
    }
    return new EventReader(streams, () -> {});
  }

  /**
   * Copies what one CPU's ring holds now, without consuming it and without stopping the writers.
   * Takes as much memory again as is copied.
   *
   * @param cpu from 0 to {@link #cpus} − 1
   * @return pages whose release does nothing, oldest first; events that were overwritten while they
   *     were to be copied are told in the header of the next page
   * @throws IllegalArgumentException if there is no such CPU
   */
  public List<Page> snapshot(int cpu) {
    check(cpu);
    List<Page> pages = new ArrayList<>();
    Page rest = consuming[cpu].copyRest();
    if (rest != null) {
      pages.add(rest);
    }
    new SnapshotCopier(source, cpu).copyTo(pages);
    return pages;
  }

  /**
   * Waits until there is something to read.
   *
   * @param percent 0 waits for any unread event; from 1 to 100, until on one CPU so much of the
   *     ring is full, as the kernel's {@code buffer_percent}
   * @param timeout how long at most
   * @return whether it is so; false after the time-out, and once closed
   * @throws InterruptedException if the thread was interrupted
   */
  public boolean await(int percent, Duration timeout) throws InterruptedException {
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException("watermark " + percent + " is not from 0 to 100 percent");
    }
    long begin = System.nanoTime();
    long nanos = timeout.toNanos();
    long sleep = SHORTEST_SLEEP;
    wakeup.enter();
    try {
      while (!closed) {
        if (isFilled(percent)) {
          return true;
        }
        long left = nanos - (System.nanoTime() - begin);
        if (left <= 0) {
          return false;
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        wakeup.sleep(Math.min(left, sleep));
        sleep = Math.min(2 * sleep, LONGEST_SLEEP);
      }
      return false;
    } finally {
      wakeup.leave();
    }
  }

  private boolean isFilled(int percent) {
    for (int cpu = 0; cpu < consuming.length; cpu++) {
      if (percent == 0
          ? counters(cpu).unread() > 0
          : (source.unreadPages(cpu) + 1) * 100L >= (long) percent * source.pages()
              && source.unreadPages(cpu) > 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * The account of one CPU, in which an event counts as read when a reader has returned it.
   *
   * @param cpu from 0 to {@link #cpus} − 1
   * @return a snapshot
   * @throws IllegalArgumentException if there is no such CPU
   */
  public Counters counters(int cpu) {
    check(cpu);
    int rest = consuming[cpu].rest();
    Counters c = source.counters(cpu);
    return c.toBuilder().set(Counter.READ, c.read() - rest).build();
  }

  /** Wakes all that wait, for good. Readers that are open go on. */
  @Override
  public void close() {
    closed = true;
    wakeup.run();
  }

  private void check(int... cpus) {
    for (int cpu : cpus) {
      if (cpu < 0 || cpu >= consuming.length) {
        throw new IllegalArgumentException(
            "CPU " + cpu + " is not from 0 to " + (consuming.length - 1));
      }
    }
  }

  private void claim(int[] cpus) {
    check(cpus);
    synchronized (claimed) {
      for (int cpu : cpus) {
        if (claimed.get(cpu)) {
          throw new IllegalStateException(
              "another consuming reader of CPU " + cpu + " is open: close it first, or iterate");
        }
      }
      for (int cpu : cpus) {
        claimed.set(cpu);
      }
    }
  }

  private void unclaim(int[] cpus) {
    synchronized (claimed) {
      for (int cpu : cpus) {
        claimed.clear(cpu);
      }
    }
  }
}
