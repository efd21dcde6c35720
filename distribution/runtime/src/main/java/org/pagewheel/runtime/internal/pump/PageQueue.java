package org.pagewheel.runtime.internal.pump;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.pagewheel.Page;
import org.pagewheel.runtime.internal.config.ConsumerPlan.Policy;

/**
 * The pages that wait for one consumer: bounded, with a policy for the page too many, and with an
 * account of what was dropped. The pump puts, the consumer's thread gets.
 *
 * <p>How losses keep their place: of what is dropped at the new end, the next page of the CPU that
 * is put tells ({@link #missedBehind}); of what is dropped at the old end, the next page of the CPU
 * that is got ({@link #missedAhead}), for all that still waits is newer.
 */
final class PageQueue {
  /**
   * A page that waits.
   *
   * @param page holds one reference
   * @param missed what was missed before it
   */
  private record Waiting(Page page, long missed) {}

  /**
   * Pages that were got together.
   *
   * @param pages at least one, each with a reference; of one CPU and one size, nothing was missed
   *     between them
   * @param missed what was missed before the first
   */
  record Batch(List<Page> pages, long missed) {}

  /** More at once are not worth their while: a file's cost falls no further. */
  private static final int MOST = 16;

  private final int capacity;
  private final Policy policy;
  private final long blockNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition put = lock.newCondition();
  private final Condition got = lock.newCondition();
  private final ArrayDeque<Waiting> pages = new ArrayDeque<>();
  private final long[] missedAhead;
  private final long[] missedBehind;

  /** Set when a wait for room was in vain: no second one before there was room. */
  private boolean stuck;

  private boolean closed;
  private long missed;
  private long gotten;

  PageQueue(int cpus, int capacity, Policy policy, long blockNanos) {
    this.capacity = capacity;
    this.policy = policy;
    this.blockNanos = blockNanos;
    this.missedAhead = new long[cpus];
    this.missedBehind = new long[cpus];
  }

  /** Whether {@link #put} may wait. */
  boolean mayBlock() {
    return policy == Policy.BLOCK;
  }

  /** Puts a page, retained for this, or drops one by the policy. */
  void put(Page page) {
    Page dropped = null;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (pages.size() >= capacity && policy == Policy.BLOCK) {
        awaitRoom();
      }
      int cpu = page.cpu();
      if (pages.size() < capacity || policy == Policy.DROP_OLDEST) {
        if (pages.size() >= capacity) {
          Waiting oldest = pages.poll();
          dropped = oldest.page();
          long lost = PageLosses.of(dropped);
          int from = dropped.cpu();
          long all = PageLosses.sum(lost, oldest.missed());
          missedAhead[from] = PageLosses.sum(missedAhead[from], all);
          count(lost);
        }
        pages.add(new Waiting(page.retain(), missedBehind[cpu]));
        missedBehind[cpu] = 0;
        put.signal();
      } else {
        long lost = PageLosses.of(page);
        missedBehind[cpu] = PageLosses.sum(missedBehind[cpu], lost);
        count(lost);
      }
    } finally {
      lock.unlock();
    }
    if (dropped != null) {
      dropped.release();
    }
  }

  private void awaitRoom() {
    long left = stuck ? 0 : blockNanos;
    try {
      while (left > 0 && pages.size() >= capacity && !closed) {
        left = got.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stuck = pages.size() >= capacity;
  }

  /**
   * Gets the next page, or the next ones; the caller releases them. Of those that wait, half are
   * left: if who has the others never comes back, {@link #giveWay} still finds some.
   *
   * @param several whether more than one may come
   * @param nanos how long to wait at most for the first
   * @return null if there was none in time, or none will come
   */
  Batch get(boolean several, long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (pages.isEmpty() && !closed && left > 0) {
        left = put.awaitNanos(left);
      }
      if (pages.isEmpty()) {
        return null;
      }
      int most = several ? Math.min(MOST, Math.ceilDiv(pages.size(), 2)) : 1;
      Waiting first = pages.poll();
      List<Page> batch = new ArrayList<>(most);
      batch.add(first.page());
      while (batch.size() < most && follows(pages.peek(), first.page())) {
        batch.add(pages.poll().page());
      }
      stuck = false;
      gotten += batch.size();
      got.signal();
      int cpu = first.page().cpu();
      long lost = PageLosses.sum(missedAhead[cpu], first.missed());
      missedAhead[cpu] = 0;
      return new Batch(batch, lost);
    } finally {
      lock.unlock();
    }
  }

  private static boolean follows(Waiting next, Page first) {
    return next.missed() == 0
        && next.page().cpu() == first.cpu()
        && next.page().memory().byteSize() == first.memory().byteSize();
  }

  /** How many pages were got so far. */
  long gotten() {
    lock.lock();
    try {
      return gotten;
    } finally {
      lock.unlock();
    }
  }

  /** How long it is worth while to wait for {@link #get}; 0 once a wait was in vain. */
  long patience(long usual) {
    lock.lock();
    try {
      return stuck ? 0 : policy == Policy.BLOCK ? blockNanos : usual;
    } finally {
      lock.unlock();
    }
  }

  /** A wait for {@link #get} was in vain. */
  void disappointed() {
    lock.lock();
    try {
      stuck = true;
    } finally {
      lock.unlock();
    }
  }

  /** How many pages of a CPU wait. */
  int waiting(int cpu) {
    lock.lock();
    try {
      int waiting = 0;
      for (Waiting each : pages) {
        waiting += each.page().cpu() == cpu ? 1 : 0;
      }
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Drops a page of a CPU, for others need its memory; {@link #patience} is over until the next
   * get.
   *
   * @return whether there was one
   */
  boolean giveWay(int cpu) {
    Waiting given;
    lock.lock();
    try {
      boolean oldest = policy == Policy.DROP_OLDEST;
      given = removeOne(oldest ? pages.iterator() : pages.descendingIterator(), cpu);
      if (given == null) {
        return false;
      }
      stuck = true;
      long lost = PageLosses.of(given.page());
      long[] place = oldest ? missedAhead : missedBehind;
      place[cpu] = PageLosses.sum(place[cpu], PageLosses.sum(lost, given.missed()));
      count(lost);
    } finally {
      lock.unlock();
    }
    given.page().release();
    return true;
  }

  private static Waiting removeOne(Iterator<Waiting> waiting, int cpu) {
    while (waiting.hasNext()) {
      Waiting each = waiting.next();
      if (each.page().cpu() == cpu) {
        waiting.remove();
        return each;
      }
    }
    return null;
  }

  /**
   * A page that was got has not been taken.
   *
   * @param missed what it was to tell
   * @return what is missed now before the page behind it
   */
  long failed(Page page, long missed) {
    lock.lock();
    try {
      long lost = PageLosses.of(page);
      count(lost);
      return PageLosses.sum(lost, missed);
    } finally {
      lock.unlock();
    }
  }

  /** What is missed behind the page of a CPU that was got last. */
  void missedAhead(int cpu, long missed) {
    lock.lock();
    try {
      missedAhead[cpu] = PageLosses.sum(missedAhead[cpu], missed);
    } finally {
      lock.unlock();
    }
  }

  private void count(long lost) {
    missed += Math.max(1, lost);
  }

  /** No page comes any more; those that wait can still be got. */
  void close() {
    lock.lock();
    try {
      closed = true;
      put.signalAll();
      got.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing waits and nothing comes. */
  boolean isDone() {
    lock.lock();
    try {
      return closed && pages.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Gives up what waits. */
  void abandon() {
    close();
    lock.lock();
    try {
      for (Waiting waiting : pages) {
        count(PageLosses.of(waiting.page()));
        waiting.page().release();
      }
      pages.clear();
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return pages.size();
    } finally {
      lock.unlock();
    }
  }

  /** Events missed so far, at least. */
  long missed() {
    lock.lock();
    try {
      return missed;
    } finally {
      lock.unlock();
    }
  }
}
