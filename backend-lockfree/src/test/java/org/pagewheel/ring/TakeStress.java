package org.pagewheel.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.pagewheel.Mode;

/** Races of a reader with a writer. */
final class TakeStress {
  private TakeStress() {}

  /** commit-take: the reader looks at the page while its last event is committed. */
  @JCStressTest
  @Outcome(id = "31", expect = ACCEPTABLE, desc = "each event once, whole, in order")
  @Outcome(
      expect = FORBIDDEN,
      desc = "read before its commit or torn (the release of the header is missing), or lost: I2")
  @State
  public static class CommitTake extends StressRing {
    private final long at;

    /** One event is committed, one reserved. */
    public CommitTake() {
      super(Mode.DISCARD);
      write(3, SMALL);
      at = ring.writer.reserve(SMALL);
    }

    /** Fills and commits. */
    @Actor
    public void writer() {
      fill(at, 1, SMALL);
      ring.writer.commit(at);
    }

    /** Takes what is committed. */
    @Actor
    public void reader() {
      take(true);
    }

    /** Reads the rest. */
    @Arbiter
    public void read(I_Result r) {
      r.r1 = takeAll();
    }
  }

  /** reserve-take: the reader takes the page which the writer is leaving. */
  @JCStressTest
  @Outcome(id = "3412", expect = ACCEPTABLE, desc = "each event once, whole, in order")
  @Outcome(
      expect = FORBIDDEN,
      desc = "lost, doubled, torn or out of order; or a page begins before the last ended: I2, I6")
  @State
  public static class ReserveTake extends StressRing {
    /** The page has room for one more. */
    public ReserveTake() {
      super(Mode.DISCARD);
      write(3, HALF_PAGE);
    }

    /** Fills the page and begins the next. */
    @Actor
    public void writer() {
      write(4, HALF_PAGE);
      write(1, HALF_PAGE);
      write(2, HALF_PAGE);
    }

    /** Takes twice. */
    @Actor
    public void reader() {
      take(false);
      take(true);
    }

    /** Reads the rest. */
    @Arbiter
    public void read(I_Result r) {
      r.r1 = takeAll();
    }
  }

  /** overwrite-take: the writer needs the room of the page which the reader wants. */
  @JCStressTest
  @Outcome(id = "331244, 0", expect = ACCEPTABLE, desc = "the reader was first: nothing is lost")
  @Outcome(id = "1244, 2", expect = ACCEPTABLE, desc = "the writer was first: two are overwritten")
  @Outcome(
      expect = FORBIDDEN,
      desc = "both had the page (doubled or torn), or neither (lost unaccounted): I3")
  @State
  public static class OverwriteTake extends StressRing {
    /** Two full pages: the next event needs a third, and empties the first. */
    public OverwriteTake() {
      super(Mode.OVERWRITE);
      write(3, HALF_PAGE);
      write(3, HALF_PAGE);
      write(1, HALF_PAGE);
      write(2, HALF_PAGE);
    }

    /** Turns to the third page. */
    @Actor
    public void writer() {
      write(4, HALF_PAGE);
      write(4, HALF_PAGE);
    }

    /** Takes the first page. */
    @Actor
    public void reader() {
      take(false);
    }

    /** Reads the rest. */
    @Arbiter
    public void read(II_Result r) {
      r.r1 = takeAll();
      r.r2 = overrun();
    }
  }

  /** copy-overwrite: the page which is copied is emptied and written anew meanwhile. */
  @JCStressTest
  @Outcome(
      id = {"33", "12", "44"},
      expect = ACCEPTABLE,
      desc = "a page as it was at one moment")
  @Outcome(id = "4", expect = ACCEPTABLE, desc = "the last page while it was being written")
  @Outcome(expect = FORBIDDEN, desc = "a page that never was: the copy was not checked: I7")
  @State
  public static class CopyOverwrite extends StressRing {
    /** Two full pages. */
    public CopyOverwrite() {
      super(Mode.OVERWRITE);
      write(3, HALF_PAGE);
      write(3, HALF_PAGE);
      write(1, HALF_PAGE);
      write(2, HALF_PAGE);
    }

    /** Goes round once. */
    @Actor
    public void writer() {
      for (int i = 0; i < 6; i++) {
        write(4, HALF_PAGE);
      }
    }

    /** Copies the oldest page. */
    @Actor
    public void reader(I_Result r) {
      r.r1 = copy();
    }
  }

  /** discard-take: an event is taken back while the reader looks. */
  @JCStressTest
  @Outcome(id = "31", expect = ACCEPTABLE, desc = "the event taken back is never seen")
  @Outcome(expect = FORBIDDEN, desc = "it is seen, or the page cannot be followed: I2")
  @State
  public static class DiscardTake extends StressRing {
    private final long at;

    /** One event to be taken back stands between two. */
    public DiscardTake() {
      super(Mode.DISCARD);
      write(3, SMALL);
      at = reserve(2, SMALL);
      write(1, SMALL);
    }

    /** Takes back. */
    @Actor
    public void writer() {
      ring.writer.discard(at);
    }

    /** Takes what can be taken. */
    @Actor
    public void reader() {
      take(true);
    }

    /** Reads the rest. */
    @Arbiter
    public void read(I_Result r) {
      r.r1 = takeAll();
    }
  }

  /** discard-count: an event of a closed page is taken back while the reader counts the page. */
  @JCStressTest
  @Outcome(id = "31, 2", expect = ACCEPTABLE, desc = "the event taken back is not counted")
  @Outcome(
      expect = FORBIDDEN,
      desc = "it is counted: its word was read while pending, judged when taken back: I2")
  @State
  public static class DiscardCount extends StressRing {
    private final long at;

    /** A closed page with one event to be taken back between two. */
    public DiscardCount() {
      super(Mode.DISCARD);
      write(3, SMALL);
      at = reserve(2, SMALL);
      write(1, SMALL);
      ring.flush();
    }

    /** Takes back. */
    @Actor
    public void writer() {
      ring.writer.discard(at);
    }

    /** Takes the page if it is complete. */
    @Actor
    public void reader() {
      take(false);
    }

    /** Reads the rest. */
    @Arbiter
    public void read(II_Result r) {
      r.r1 = takeAll();
      r.r2 = (int) ring.account().counters().read();
    }
  }

  /** commit-pass: an event is committed while the reader goes on without it. */
  @JCStressTest
  @Outcome(id = "33144, 0", expect = ACCEPTABLE, desc = "the commit was first: it comes in order")
  @Outcome(id = "3344, 1", expect = ACCEPTABLE, desc = "the reader was first: it is overrun")
  @Outcome(
      expect = FORBIDDEN,
      desc = "it is read and counted as lost, or neither, or the others are harmed: I2, I3")
  @State
  public static class CommitPass extends StressRing {
    private final long at;

    /** Two full pages, on the first of them an event that holds them up. */
    public CommitPass() {
      super(Mode.DISCARD);
      ring.patience.nanos = 0;
      write(3, THIRD_PAGE);
      write(3, THIRD_PAGE);
      at = reserve(1, THIRD_PAGE);
      write(4, HALF_PAGE);
      write(4, HALF_PAGE);
      write(4, HALF_PAGE);
      write(4, HALF_PAGE);
    }

    /** Commits. */
    @Actor
    public void writer() {
      ring.writer.commit(at);
    }

    /** Takes the page with it or without. */
    @Actor
    public void reader() {
      take(false);
    }

    /** Reads the rest. */
    @Arbiter
    public void read(II_Result r) {
      r.r1 = takeAll();
      r.r2 = overrun();
    }
  }

  /** commit-flush: who completes the page last wakes the reader. */
  @JCStressTest
  @Outcome(
      id = {"1", "2"},
      expect = ACCEPTABLE,
      desc = "the commit or the flush wakes, or both")
  @Outcome(
      id = "0",
      expect = ACCEPTABLE_INTERESTING,
      desc = "each looked before it could see the other's store; the reader wakes by its time-out")
  @Outcome(expect = FORBIDDEN, desc = "wake-ups without end")
  @State
  public static class CommitFlush extends StressRing {
    private final long at;

    /** One event is reserved. */
    public CommitFlush() {
      super(Mode.DISCARD);
      at = reserve(1, SMALL);
    }

    /** Commits. */
    @Actor
    public void writer() {
      ring.writer.commit(at);
    }

    /** Flushes. */
    @Actor
    public void flusher() {
      ring.flush();
    }

    /** Counts. */
    @Arbiter
    public void count(I_Result r) {
      r.r1 = wakeUps.get();
    }
  }
}
