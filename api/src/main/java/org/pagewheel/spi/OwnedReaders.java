package org.pagewheel.spi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.pagewheel.Counters;
import org.pagewheel.EventReader;
import org.pagewheel.Page;
import org.pagewheel.PageReader;
import org.pagewheel.Readers;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.DamagedPageException;

/**
 * The readers of a {@link PageSource}, for implementers of a buffer and for reading a ring of
 * another process. Others get its {@link #view}, which cannot be closed.
 */
public final class OwnedReaders implements AutoCloseable {
  private static final long SHORTEST_SLEEP = 1_000_000;
  private static final long LONGEST_SLEEP = 50_000_000;

  private final View view;

  /**
   * Makes the readers of a source.
   *
   * @param source where pages come from
   * @param wakeup what the source runs when a page becomes full
   */
  public OwnedReaders(PageSource source, Wakeup wakeup) {
    this(source, wakeup, Metadata.process());
  }

  /**
   * Makes the readers of a source whose events another process has written.
   *
   * @param source where pages come from
   * @param wakeup what the source runs when a page becomes full
   * @param metadata the formats of the events, for {@link EventReader#event}
   */
  public OwnedReaders(PageSource source, Wakeup wakeup, Metadata metadata) {
    view = new View(source, wakeup, metadata);
  }

  /**
   * The readers for others.
   *
   * @return always the same instance
   */
  public Readers view() {
    return view;
  }

  /**
   * The account of one CPU with what was cleared, see {@link PageSource#totals}, in which an event
   * counts as read when a reader has returned it.
   *
   * @param cpu from 0 to {@link Readers#cpus} − 1
   * @return a snapshot
   * @throws IllegalArgumentException if there is no such CPU
   */
  public Counters totals(int cpu) {
    return view.totals(cpu);
  }

  /** Wakes all waiting threads, for good. Open readers go on. */
  @Override
  public void close() {
    view.closed = true;
    view.wakeup.run();
  }

  /** Not the owner itself, so that closing everything closeable does not end the waiting. */
  private static final class View implements Readers {
    private final PageSource source;
    private final Wakeup wakeup;
    private final Metadata metadata;
    private final Claims claims = new Claims();
    private final ConsumingEvents[] consuming;
    private volatile boolean closed;

    View(PageSource source, Wakeup wakeup, Metadata metadata) {
      this.metadata = metadata;
      this.source = source;
      this.wakeup = wakeup;
      this.consuming = new ConsumingEvents[source.cpus()];
      for (int cpu = 0; cpu < consuming.length; cpu++) {
        consuming[cpu] = new ConsumingEvents(source, cpu);
      }
    }

    @Override
    public int cpus() {
      return consuming.length;
    }

    @Override
    public int pageSize() {
      return source.pageSize();
    }

    @Override
    public EventReader events() {
      return events(IntStream.range(0, cpus()).toArray());
    }

    @Override
    public EventReader events(int... cpus) {
      CpuEvents[] streams = new CpuEvents[cpus.length];
      check(cpus);
      claims.take(cpus);
      for (int i = 0; i < cpus.length; i++) {
        streams[i] = consuming[cpus[i]];
      }
      return new MergedEvents(streams, metadata, () -> leave(cpus));
    }

    private void leave(int[] cpus) {
      try {
        for (int cpu : cpus) {
          consuming[cpu].keepRest();
        }
      } catch (DamagedPageException e) {
        // the next reader of that CPU meets the damage and reports it
      } finally {
        claims.leave(cpus);
      }
    }

    @Override
    public PageReader pages() {
      int[] cpus = IntStream.range(0, cpus()).toArray();
      check(cpus);
      claims.take(cpus);
      return new ConsumedPages(source, consuming, () -> claims.leave(cpus));
    }

    @Override
    public EventReader iterate() {
      return iterate(IntStream.range(0, cpus()).toArray());
    }

    @Override
    public EventReader iterate(int... cpus) {
      check(cpus);
      CpuEvents[] streams = new CpuEvents[cpus.length];
      for (int i = 0; i < cpus.length; i++) {
        streams[i] = new LiveEvents(source, consuming[cpus[i]], cpus[i]);
      }
      return new MergedEvents(streams, metadata, () -> {});
    }

    @Override
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

    @Override
    public boolean await(int percent, Duration timeout) throws InterruptedException {
      if (percent < 0 || percent > 100) {
        throw new IllegalArgumentException(
            "watermark " + percent + " is not from 0 to 100 percent");
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

    @Override
    public Counters counters(int cpu) {
      check(cpu);
      return consuming[cpu].counters();
    }

    Counters totals(int cpu) {
      check(cpu);
      return consuming[cpu].totals();
    }

    private void check(int... cpus) {
      for (int cpu : cpus) {
        if (cpu < 0 || cpu >= consuming.length) {
          throw new IllegalArgumentException(
              "CPU " + cpu + " is not from 0 to " + (consuming.length - 1));
        }
      }
    }
  }
}
