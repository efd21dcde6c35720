package org.pagewheel.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The litmus tests of {@link OrderStress} with a mistake that every processor shows: the stores
 * stand in the program in the order in which ARM64 may show them. Each must fail, by the same
 * looks.
 */
final class OrderMistakes {
  private OrderMistakes() {}

  // The mistake lies open for some microseconds, and the look takes as long, so that the two
  // threads go in step over the states that jcstress gives them.

  private static final int PAUSES = 100;

  private static void pause(int times) {
    for (int i = 0; i < times; i++) {
      Thread.onSpinWait();
    }
  }

  /** empty-copy, with the zeroes before BUSY. */
  @JCStressTest
  @Outcome(
      id = {"1, 1", "1, 0", "0, 0"},
      expect = ACCEPTABLE,
      desc = "as it should be")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "the mistake")
  @State
  public static class ZeroBeforeBusy extends OrderRing {
    /** A complete page. */
    public ZeroBeforeBusy() {
      super(false);
    }

    /** Empties the page, in the wrong order. */
    @Actor
    public void writer() {
      int used = memory.layout.pageWords.used(memory.getPageWordAcquire(page));
      memory.zeroRecords(page, used);
      pause(PAUSES);
      memory.casSlot(sequence, slot, memory.layout.slotWord.of(sequence, page, SlotWord.BUSY, 1));
    }

    /** Copies. */
    @Actor
    public void copier(II_Result r) {
      pause(PAUSES / 2);
      copyAndCheck(r);
      pause(PAUSES / 2);
    }
  }

  /** take-copy, with the final form before the exchange. */
  @JCStressTest
  @Outcome(
      id = {"1, 1", "1, 0", "0, 0"},
      expect = ACCEPTABLE,
      desc = "as it should be")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "the mistake")
  @State
  public static class FormBeforeTake extends OrderRing {
    /** A complete page. */
    public FormBeforeTake() {
      super(false);
    }

    /** Takes the page, in the wrong order. */
    @Actor
    public void reader() {
      int used = memory.layout.pageWords.used(memory.getPageWordAcquire(page));
      Settling.finish(memory.layout.segmentOf(memory.segment, page), used, 0, 0);
      pause(PAUSES);
      int spare = ring.spares.take();
      memory.casSlot(sequence, slot, memory.layout.slotWord.of(sequence, spare, SlotWord.FREE, 0));
    }

    /** Copies. */
    @Actor
    public void copier(II_Result r) {
      pause(PAUSES / 2);
      copyAndCheck(r);
      pause(PAUSES / 2);
    }
  }

  /** commit-memo, with the memo before the payload. */
  @JCStressTest
  @Outcome(
      id = {"0, 0", "0, 1", "1, 1"},
      expect = ACCEPTABLE,
      desc = "as it should be")
  @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "the mistake")
  @State
  public static class MemoBeforePayload extends OrderRing {
    /** A closed page with an event that is neither filled nor committed. */
    public MemoBeforePayload() {
      super(true);
    }

    /** Fills and commits, in the wrong order. */
    @Actor
    public void writer() {
      memory.setMemoRelease(page, MemoWord.of(sequence, 1));
      pause(PAUSES);
      fill(event, ID, SMALL);
      ring.writer.commit(event);
    }

    /** Reads, if the memo says that it can be done. */
    @Actor
    public void reader(II_Result r) {
      pause(PAUSES / 2);
      readByMemo(r);
      pause(PAUSES / 2);
    }
  }
}
