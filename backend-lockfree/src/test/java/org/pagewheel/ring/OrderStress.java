package org.pagewheel.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.pagewheel.Mode;

/**
 * Litmus tests of the orderings that x86 gives for nothing and ARM64 does not, and of one that x86
 * does not give either; the argument is in the design page, section "Weak memory".
 *
 * <p>On x86 all but the last cannot show that a fence, a release or an acquire is missing: an
 * exchange is a full barrier there, stores are seen in their order, and loads are done in theirs.
 * There they guard the order in the program; on ARM64 the rest. {@link OrderMistakes} shows that
 * each can fail, by the same accesses in the wrong order.
 */
final class OrderStress {
  private OrderStress() {}

  /**
   * empty-copy: a writer empties the page that somebody copies. The shape is "message passing": the
   * emptier stores BUSY, fence, zeroes; the copier loads the records, fence, the slot word.
   *
   * <p>Without {@link RingMemory#fenceTaken} in {@link Mover#free} it can fail on ARM64: the
   * exchange is one instruction there, CASAL, whose store releases what is before it and orders
   * nothing behind it.
   */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "copied whole before the page was emptied")
  @Outcome(
      id = {"1, 0", "0, 0"},
      expect = ACCEPTABLE,
      desc = "the copier sees that the page was emptied, and the copy does not count")
  @Outcome(
      id = "0, 1",
      expect = FORBIDDEN,
      desc =
          "a zero was seen before BUSY: a page that never was, or an event that looks pending: I7")
  @State
  public static class EmptyCopy extends OrderRing {
    /** A complete page. */
    public EmptyCopy() {
      super(false);
    }

    /** Empties the page. */
    @Actor
    public void writer() {
      mover.empty(sequence, slot, 1);
    }

    /** Copies. */
    @Actor
    public void copier(II_Result r) {
      copyAndCheck(r);
    }
  }

  /**
   * take-copy: the reader takes the page that somebody copies, and gives it its final form in
   * place. The same shape with another exchange, from LIVE to FREE with a spare, and other stores.
   *
   * <p>Without {@link RingMemory#fenceTaken} in {@link Taking#complete} it can fail on ARM64, for
   * the same reason.
   */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "copied whole before the page was taken")
  @Outcome(
      id = {"1, 0", "0, 0"},
      expect = ACCEPTABLE,
      desc = "the copier sees that the page was taken, and the copy does not count")
  @Outcome(
      id = "0, 1",
      expect = FORBIDDEN,
      desc = "the final form, or half of it, was seen in a slot that still has the page: I7")
  @State
  public static class TakeCopy extends OrderRing {
    /** A complete page that does not have its final form yet. */
    public TakeCopy() {
      super(false);
    }

    /** Takes the page, and keeps it: a release would zero it. */
    @Actor
    public void reader() {
      ring.reader.take(false);
    }

    /** Copies. */
    @Actor
    public void copier(II_Result r) {
      copyAndCheck(r);
    }
  }

  /**
   * commit-memo: the last event of a closed page is committed, the page is found complete, and the
   * memo says so; who believes it reads the payload without a look at the header. The shape is
   * "message passing" once more. One thread commits and walks: where two do, the header's release
   * and acquire stand between them, and both pairs together carry the payload as far.
   *
   * <p>With an opaque {@link RingMemory#getMemoAcquire} it can fail on ARM64, where the payload can
   * be loaded before the memo. With an opaque {@link RingMemory#setMemoRelease} alone it cannot:
   * the acquires of the walk before it keep it behind, but that is the neighbour's doing.
   */
  @JCStressTest
  @Outcome(
      id = {"0, 0", "0, 1"},
      expect = ACCEPTABLE,
      desc = "no memo yet: the reader walks over the headers")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the memo, and what it vouches for")
  @Outcome(
      id = "1, 0",
      expect = FORBIDDEN,
      desc = "the memo was seen before the payload: a torn event is handed out: I2")
  @State
  public static class CommitMemo extends OrderRing {
    /** A closed page with an event that is neither filled nor committed. */
    public CommitMemo() {
      super(true);
    }

    /** Fills and commits, and looks whether that completes the page. */
    @Actor
    public void writer() {
      fill(event, ID, SMALL);
      ring.writer.commit(event);
      mover.unreadIfComplete(sequence, slot);
    }

    /** Reads, if the memo says that it can be done. */
    @Actor
    public void reader(II_Result r) {
      readByMemo(r);
    }
  }

  /**
   * commit-commit: two threads commit the last two events of a closed page, and each looks whether
   * that completes it. The shape is "store buffering", which x86 has, too.
   *
   * <p>Without the fence in {@link Mover#finishedOnClosedPage} each may look while its own header
   * is on its way, and see that of the other one pending.
   */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "one of them finds it complete")
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "both do")
  @Outcome(
      id = "0",
      expect = FORBIDDEN,
      desc = "nobody does: no reader wakes up, and the memory of a closed ring is kept")
  @State
  public static class CommitCommit extends StressRing {
    private final long first;
    private final long second;
    private final int before;

    /** A closed page with two events that are not committed. */
    public CommitCommit() {
      super(Mode.DISCARD);
      first = reserve(1, SMALL);
      second = reserve(2, SMALL);
      ring.flush();
      before = wakeUps.get();
    }

    /** Commits. */
    @Actor
    public void one() {
      ring.writer.commit(first);
    }

    /** Commits. */
    @Actor
    public void other() {
      ring.writer.commit(second);
    }

    /** How many have woken up the reader. */
    @Arbiter
    public void wakeUps(I_Result r) {
      r.r1 = wakeUps.get() - before;
    }
  }
}
