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
import org.pagewheel.spi.Refusal;

/** Races of a reserve with a reserve, a turn, a flush and a seal. */
final class ReserveStress {
  private ReserveStress() {}

  /** reserve-reserve: both on an open page. */
  @JCStressTest
  @Outcome(
      id = {"12", "21"},
      expect = ACCEPTABLE,
      desc = "each event has room of its own, in either order")
  @Outcome(
      expect = FORBIDDEN,
      desc = "an event is lost or doubled, overwrote the other, or time ran back: I1, I2")
  @State
  public static class ReserveReserve extends StressRing {
    /** A page is open already. */
    public ReserveReserve() {
      super(Mode.DISCARD);
      write(3, SMALL);
      takeAll();
    }

    /** Writes. */
    @Actor
    public void first() {
      write(1, SMALL);
    }

    /** Writes. */
    @Actor
    public void second() {
      write(2, SMALL);
    }

    /** Reads all. */
    @Arbiter
    public void read(I_Result r) {
      r.r1 = takeAll() - 300; // the 3 was read before
    }
  }

  /** turn-turn: both find the page full and turn to the next, in a ring that overwrites. */
  @JCStressTest
  @Outcome(
      id = {"3412, 2", "3421, 2"},
      expect = ACCEPTABLE,
      desc = "the oldest page gives way once; both events are on the next")
  @Outcome(
      expect = FORBIDDEN,
      desc = "an event is lost unaccounted, doubled or torn, or a page was emptied twice: I3, I4")
  @State
  public static class TurnTurn extends StressRing {
    /** Both pages of the ring are full; the third slot is empty. */
    public TurnTurn() {
      super(Mode.OVERWRITE);
      write(3, HALF_PAGE);
      write(4, HALF_PAGE);
      write(3, HALF_PAGE);
      write(4, HALF_PAGE);
    }

    /** Writes. */
    @Actor
    public void first() {
      write(1, HALF_PAGE);
    }

    /** Writes. */
    @Actor
    public void second() {
      write(2, HALF_PAGE);
    }

    /** Reads all. */
    @Arbiter
    public void read(II_Result r) {
      r.r1 = takeAll();
      r.r2 = overrun();
    }
  }

  /** flush-reserve: one ends the page while the other writes on it. */
  @JCStressTest
  @Outcome(id = "31", expect = ACCEPTABLE, desc = "before the flush on this page, or on the next")
  @Outcome(expect = FORBIDDEN, desc = "the event is lost, doubled or torn: I2")
  @State
  public static class FlushReserve extends StressRing {
    /** A page is open. */
    public FlushReserve() {
      super(Mode.DISCARD);
      write(3, SMALL);
    }

    /** Writes. */
    @Actor
    public void writer() {
      write(1, SMALL);
    }

    /** Flushes. */
    @Actor
    public void flusher() {
      ring.flush();
    }

    /** Reads all. */
    @Arbiter
    public void read(I_Result r) {
      r.r1 = takeAll();
    }
  }

  /** seal-reserve: once the seal has returned, nothing is reserved. */
  @JCStressTest
  @Outcome(id = "31, -6", expect = ACCEPTABLE, desc = "reserved before the seal, and readable")
  @Outcome(id = "3, -6", expect = ACCEPTABLE, desc = "sealed before the reserve, which says so")
  @Outcome(
      expect = FORBIDDEN,
      desc = "reserved after the seal had returned, or an event is lost: I5")
  @State
  public static class SealReserve extends StressRing {
    private long first;

    /** A full page, so that the writer has to turn. */
    public SealReserve() {
      super(Mode.OVERWRITE);
      write(3, HALF_PAGE * 2);
    }

    /** Writes. */
    @Actor
    public void writer() {
      first = write(1, HALF_PAGE * 2);
    }

    /** Seals, then tries. */
    @Actor
    public void sealer(II_Result r) {
      ring.seal();
      r.r2 = (int) write(2, SMALL);
    }

    /** Reads all. */
    @Arbiter
    public void read(II_Result r) {
      int all = takeAll();
      r.r1 = all == (first == Refusal.SEALED ? 3 : 31) ? all : 99;
    }
  }
}
