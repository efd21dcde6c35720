package org.pagewheel.runtime.internal.pump;

import java.util.AbstractList;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.pagewheel.Page;
import org.pagewheel.format.PageLayout;
import org.pagewheel.runtime.internal.config.ConsumerPlan.Policy;

/**
 * The pages that wait for one consumer: bounded, with a policy for the page too many, and with an
 * account of what was dropped. The pump puts, the consumer's thread gets.
 *
 * <p>How losses keep their place: what is dropped at the new end is reported by the CPU's next page
 * that is put ({@link #missedBehind}); what is dropped at the old end, by its next page that is got
 * ({@link #missedAhead}), for everything that still waits is newer.
 *
 * <p>Whatever is thrown, no page stays held and none goes uncounted: allocations come before
 * changes. So the list is a linked one, which makes its node first; a growing array breaks if there
 * is no memory for a larger one. Interrupts have no meaning here: the threads that wait are
 * Pagewheel's, and end when the queue is closed.
 */
final class PageQueue {
  /**
   * A page that waits.
   *
   * @param page with one reference for this queue
   * @param missed events missed before it
   */
  private record Waiting(Page page, long missed) {}

  /**
   * Pages got together, each with a reference: of one CPU and one size, with nothing missed between
   * them. As they are released, the others move up. Allocates nothing once it is made.
   */
  static final class Batch {
    private final Page[] all;
    private final List<Page> pages = new View();
    private int first;
    private int end;

    /** What was missed before the first; −1 if the number is unknown. */
    long missed;

    /** Whether the consumer keeps pages of the CPU, and so gets copies of these. */
    boolean isCopied;

    /** The remaining pages, as an unmodifiable view for consumers. */
    private final class View extends AbstractList<Page> implements RandomAccess {
      @Override
      public Page get(int index) {
        return all[first + Objects.checkIndex(index, end - first)];
      }

      @Override
      public int size() {
        return end - first;
      }
    }

    Batch(int most) {
      all = new Page[most];
    }

    void add(Page page) {
      all[end++] = page;
    }

    /** Puts copies in the place of all pages; an error leaves the rest as they are. */
    void copy(LentPages.Part lent) {
      for (int i = first; i < end; i++) {
        all[i] = lent.copy(all[i]);
      }
    }

    int size() {
      return end - first;
    }

    boolean isEmpty() {
      return first == end;
    }

    Page first() {
      return all[first];
    }

    List<Page> pages() {
      return pages;
    }

    /**
     * Releases the first ones; they are removed whatever is thrown.
     *
     * @throws IllegalStateException if the consumer had released one too often
     */
    void release(int count) {
      IllegalStateException thrown = null;
      for (int i = 0; i < count; i++) {
        try {
          all[first++].release();
        } catch (IllegalStateException e) {
          thrown = e;
        }
      }
      if (thrown != null) {
        throw thrown;
      }
    }
  }

  /** More at once gain nothing: a file's cost per page falls no further. */
  private static final int MAX = 16;

  private final LentPages.Part lent;
  private final int capacity;
  private final Policy policy;
  private final long blockNanos;

  /** Not private, so that a test can decide which thread gets it next. */
  final ReentrantLock lock = new ReentrantLock();

  private final Condition put = lock.newCondition();
  private final Condition got = lock.newCondition();
  private final LinkedList<Waiting> pages = new LinkedList<>();
  private final PageLosses losses = new PageLosses();
  private final long[] missedAhead;
  private final long[] missedBehind;

  /** Set when a wait for room was in vain: no second one before there was room. */
  private boolean stuck;

  private boolean closed;
  private long missed;
  private long gotten;

  PageQueue(LentPages lent, int capacity, Policy policy, long blockNanos) {
    int cpus = lent.cpus();
    this.lent = lent.new Part();
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

  /**
   * Puts a page, retained for this, or drops one by the policy; never throws. Once the queue is
   * closed the page no longer concerns its consumer, and is not counted.
   */
  void put(Page page) {
    Page dropped = null;
    lock.lock();
    try {
      if (pages.size() >= capacity && policy == Policy.BLOCK) {
        awaitRoom();
      }
      if (closed) { // checked last: it may have been closed and emptied during the wait
        return;
      }
      if (pages.size() >= capacity && policy == Policy.DROP_OLDEST) {
        dropped = dropOldest();
      }
      if (pages.size() >= capacity || !tryAdd(page)) {
        long lost = losses.of(page);
        missedBehind[page.cpu()] = PageLayout.sumOfMissed(missedBehind[page.cpu()], lost);
        count(lost);
      }
    } finally {
      lock.unlock();
    }
    if (dropped != null) {
      dropped.release();
    }
  }

  private Page dropOldest() {
    Waiting oldest = pages.poll();
    Page dropped = oldest.page();
    long lost = losses.of(dropped);
    int cpu = dropped.cpu();
    missedAhead[cpu] =
        PageLayout.sumOfMissed(missedAhead[cpu], PageLayout.sumOfMissed(lost, oldest.missed()));
    count(lost);
    return dropped;
  }

  /** Whether there was memory for it. */
  private boolean tryAdd(Page page) {
    int cpu = page.cpu();
    try {
      pages.add(new Waiting(page, missedBehind[cpu]));
    } catch (OutOfMemoryError none) {
      return false;
    }
    page.retain();
    missedBehind[cpu] = 0;
    put.signal();
    return true;
  }

  private void awaitRoom() {
    if (!stuck) {
      long begin = System.nanoTime();
      long left = blockNanos;
      while (left > 0 && pages.size() >= capacity && !closed) {
        await(got, left);
        left = blockNanos - (System.nanoTime() - begin);
      }
    }
    stuck = pages.size() >= capacity;
  }

  private static void await(Condition condition, long nanos) {
    try {
      condition.awaitNanos(nanos);
    } catch (InterruptedException e) {
      // a foreign interrupt of our thread
    }
  }

  /**
   * Gets the next page, or the next ones; the caller releases them. Half of the waiting ones are
   * left: if the consumer never returns from the others, {@link #giveWay} still finds some.
   *
   * @param several whether more than one may come
   * @param nanos how long to wait at most for the first
   * @return null if none came in time, or none will come
   */
  Batch get(boolean several, long nanos) {
    Batch batch = new Batch(several ? MAX : 1); // before anything is taken
    lock.lock();
    try {
      long begin = System.nanoTime();
      long left = nanos;
      while (pages.isEmpty() && !closed && left > 0) {
        await(put, left);
        left = nanos - (System.nanoTime() - begin);
      }
      if (pages.isEmpty()) {
        return null;
      }
      int most = several ? Math.min(MAX, Math.ceilDiv(pages.size(), 2)) : 1;
      Waiting first = pages.peek();
      batch.isCopied = lent.isKept(first.page().cpu());
      poll(batch);
      try {
        while (batch.size() < most && follows(pages.peek(), first.page())) {
          poll(batch);
        }
      } catch (VirtualMachineError e) {
        // the batch ends here: its pages must not be lost, and the next page is still queued
      }
      stuck = false;
      gotten += batch.size();
      got.signal();
      int cpu = first.page().cpu();
      batch.missed = PageLayout.sumOfMissed(missedAhead[cpu], first.missed());
      missedAhead[cpu] = 0;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void poll(Batch batch) {
    Page own = lent.own(pages.peek().page());
    pages.poll();
    batch.add(own);
    lent.give(own);
  }

  private static boolean follows(Waiting next, Page first) {
    return next.missed() == 0
        && next.page().cpu() == first.cpu()
        && next.page().memory().byteSize() == first.memory().byteSize();
  }

  /** The pages that the consumer has. */
  LentPages.Part lent() {
    return lent;
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

  /** How long waiting for {@link #get} is worthwhile; 0 once a wait was in vain. */
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
   * Drops a page of a CPU, because others need its memory; {@link #patience} is 0 until the next
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
      long lost = losses.of(given.page());
      long[] place = oldest ? missedAhead : missedBehind;
      place[cpu] = PageLayout.sumOfMissed(place[cpu], PageLayout.sumOfMissed(lost, given.missed()));
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
   * Notes that a page that was got was not taken.
   *
   * @param missed the losses that it was to report
   * @return the losses now before the next page
   */
  long failed(Page page, long missed) {
    lock.lock();
    try {
      long lost = losses.of(page);
      count(lost);
      return PageLayout.sumOfMissed(lost, missed);
    } finally {
      lock.unlock();
    }
  }

  /** The losses after the CPU's page that was got last. */
  void missedAhead(int cpu, long missed) {
    lock.lock();
    try {
      missedAhead[cpu] = PageLayout.sumOfMissed(missedAhead[cpu], missed);
    } finally {
      lock.unlock();
    }
  }

  /** Adds events that the consumer itself lost from pages that it had taken. */
  void lost(long events) {
    lock.lock();
    try {
      count(events);
    } finally {
      lock.unlock();
    }
  }

  private void count(long lost) {
    missed += Math.max(1, lost);
  }

  /** Closes it to new pages; those that wait can still be got. */
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
      while (!pages.isEmpty()) {
        Page page = pages.poll().page();
        count(losses.of(page));
        page.release();
      }
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

  /** Events missed so far; a lower bound. */
  long missed() {
    lock.lock();
    try {
      return missed;
    } finally {
      lock.unlock();
    }
  }
}
