package org.pagewheel.runtime.internal.pump;

import java.lang.foreign.MemorySegment;
import org.pagewheel.Page;
import org.pagewheel.spi.CountedPage;

/**
 * The pages of one buffer that its consumers have been given and have not released, a part for each
 * consumer.
 *
 * <p>A ring has few pages to spare, and a page that a consumer keeps is one less for all. So a
 * consumer that keeps a page of a CPU, or has ended while it kept one, gets copies of the following
 * pages of that CPU: it holds at most what it is given at once of the ring's own memory, and the
 * others go on.
 */
public final class LentPages {
  private final int cpus;

  /** Per CPU: pages that consumers keep that have ended; guarded by this. */
  private final int[] orphans;

  /**
   * @param cpus how many CPUs the buffer has
   */
  public LentPages(int cpus) {
    this.cpus = cpus;
    this.orphans = new int[cpus];
  }

  int cpus() {
    return cpus;
  }

  /** The pages of one consumer; its fields are guarded by the object around it. */
  final class Part {
    /** Per CPU, copies not included. */
    private final int[] lent = new int[cpus];

    private int held;
    private boolean ended;

    /**
     * A page for this consumer alone, in the same memory: what the consumer releases too often is
     * its own page, not that of the others. It takes over the reference of the caller. Counts once
     * {@link #give} is called.
     */
    Page own(Page page) {
      return new CountedPage(
          page.cpu(),
          page.sequence(),
          page.firstEntry(),
          page.memory(),
          last -> {
            try {
              page.release();
            } finally {
              returned(page.cpu(), 1);
            }
          });
    }

    /** The consumer gets a page of its own. */
    void give(Page own) {
      synchronized (LentPages.this) {
        lent[own.cpu()]++;
        held++;
        if (ended) {
          orphans[own.cpu()]++;
        }
      }
    }

    /** A copy in place of a page of its own, which is released. */
    Page copy(Page own) {
      MemorySegment memory = MemorySegment.ofArray(new long[(int) own.memory().byteSize() / 8]);
      memory.copyFrom(own.memory());
      Page copy =
          new CountedPage(
              own.cpu(), own.sequence(), own.firstEntry(), memory, last -> returned(own.cpu(), 0));
      own.release();
      synchronized (LentPages.this) {
        held++;
      }
      return copy;
    }

    private void returned(int cpu, int ofRing) {
      synchronized (LentPages.this) {
        held--;
        lent[cpu] -= ofRing;
        if (ended) {
          orphans[cpu] -= ofRing;
        }
      }
    }

    /** Whether a page of the CPU is missing in the ring because of this or an earlier consumer. */
    boolean isKept(int cpu) {
      synchronized (LentPages.this) {
        return lent[cpu] + orphans[cpu] > 0;
      }
    }

    /** How many pages it has, copies included. */
    int held() {
      synchronized (LentPages.this) {
        return held;
      }
    }

    /**
     * The consumer gets no more pages.
     *
     * @return how many it keeps
     */
    int end() {
      synchronized (LentPages.this) {
        for (int cpu = 0; cpu < cpus && !ended; cpu++) {
          orphans[cpu] += lent[cpu];
        }
        ended = true;
        return held;
      }
    }
  }
}
