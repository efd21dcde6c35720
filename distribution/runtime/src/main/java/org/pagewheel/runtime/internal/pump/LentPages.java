package org.pagewheel.runtime.internal.pump;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.pagewheel.Page;
import org.pagewheel.spi.CountedPage;

/**
 * The pages of one buffer that its consumers have and have not released, with a part for each
 * consumer.
 *
 * <p>A ring has few spare pages, and a page that a consumer keeps is one less for all. So a
 * consumer that keeps a page of a CPU gets copies of the following pages of that CPU: of the ring's
 * own memory it holds at most what it is given at once, and the others go on.
 *
 * <p>Pages that a consumer keeps after its end are written off: the memory may still be read, so
 * the ring does not get it back. On a CPU that lacks such a page only consumers that have released
 * many get the ring's own pages, so that no second one takes the next; if more than {@link #SPARED}
 * are written off, all get copies. A new ring has all its pages.
 */
public final class LentPages {
  /** How many pages of a CPU a ring can lack while consumers still get its own pages. */
  private static final int SPARED = 2;

  /** How many pages a consumer must release before it counts as one that does. */
  private static final int PROOF = 64;

  private final int cpus;

  /** Per CPU: pages of the current ring kept by consumers that have ended; guarded by this. */
  private final int[] writtenOff;

  /**
   * Per CPU: where the current ring's pages begin; another array for each ring. Guarded by this.
   */
  private long[] first;

  /**
   * @param cpus how many CPUs the buffer has
   */
  public LentPages(int cpus) {
    this.cpus = cpus;
    this.writtenOff = new int[cpus];
    this.first = new long[cpus];
  }

  int cpus() {
    return cpus;
  }

  /**
   * Notes a new ring, which lacks nothing: what is held belongs to earlier rings.
   *
   * @param pages per CPU, the number of its first page; not changed any more
   */
  public synchronized void ringIsNew(long[] pages) {
    first = pages;
    Arrays.fill(writtenOff, 0);
  }

  /**
   * The pages that the ring lacks.
   *
   * @return one line, or nothing if it lacks no page
   */
  public synchronized Optional<String> problem() {
    int pages = IntStream.of(writtenOff).sum();
    return pages == 0
        ? Optional.empty()
        : Optional.of(
            "%d page%s written off that ended consumers hold: a new ring has all its pages"
                .formatted(pages, pages == 1 ? " is" : "s are"));
  }

  /** The pages of one consumer; its fields are guarded by the object around it. */
  final class Part {
    /** Per CPU, pages of the ring that begins with {@link #lentOf}, copies not included. */
    private final int[] lent = new int[cpus];

    /** The value of {@link #first} at the last look. */
    private long[] lentOf = first;

    private int held;
    private long given;
    private boolean ended;

    /**
     * A page for this consumer alone, in the same memory: if the consumer releases too often, it
     * releases its own page, not that of the others. Takes over the caller's reference. Counts once
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
              synchronized (LentPages.this) {
                held--;
                count(page, -1);
              }
            }
          });
    }

    /** Gives the consumer its page. */
    void give(Page own) {
      synchronized (LentPages.this) {
        given++;
        held++;
        count(own, 1);
      }
    }

    /** A copy in place of its page, which is released. */
    Page copy(Page own) {
      MemorySegment memory = MemorySegment.ofArray(new long[(int) own.memory().byteSize() / 8]);
      memory.copyFrom(own.memory());
      Page copy =
          new CountedPage(
              own.cpu(),
              own.sequence(),
              own.firstEntry(),
              memory,
              last -> {
                synchronized (LentPages.this) {
                  held--;
                }
              });
      own.release();
      synchronized (LentPages.this) {
        held++;
      }
      return copy;
    }

    /** Counts a page given or returned, if it is of the current ring. With the lock held. */
    private void count(Page page, int pages) {
      forgetOlder();
      int cpu = page.cpu();
      if (page.sequence() >= first[cpu]) {
        lent[cpu] += pages;
        writtenOff[cpu] += ended ? pages : 0;
      }
    }

    /** With the lock held. */
    private void forgetOlder() {
      if (lentOf != first) {
        Arrays.fill(lent, 0);
        lentOf = first;
      }
    }

    /** Whether the ring cannot spare a page of the CPU for this consumer. */
    boolean isKept(int cpu) {
      synchronized (LentPages.this) {
        forgetOlder();
        int off = writtenOff[cpu];
        return lent[cpu] > 0 || off > SPARED || off > 0 && given - held < PROOF;
      }
    }

    /** How many pages it has, copies included. */
    int held() {
      synchronized (LentPages.this) {
        return held;
      }
    }

    /**
     * Notes that the consumer gets no more pages.
     *
     * @return how many it keeps
     */
    int end() {
      synchronized (LentPages.this) {
        forgetOlder();
        for (int cpu = 0; cpu < cpus && !ended; cpu++) {
          writtenOff[cpu] += lent[cpu];
        }
        ended = true;
        return held;
      }
    }
  }
}
