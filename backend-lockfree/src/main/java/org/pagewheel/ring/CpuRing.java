package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.pagewheel.Clock;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.spi.Refusal;

/** The ring of one CPU: its memory, and who works on it. */
final class CpuRing {
  final RingMemory memory;
  final Writer writer;
  final RingReader reader;
  final Spares spares;
  private final PassedPages passed;
  final Losses losses;
  final Patience patience;

  /** See {@link CopyingReader}. */
  private final AtomicLong settled = new AtomicLong();

  private final int cpu;
  final Mover mover;
  private final CpuAccount account;
  private final Runnable released;
  private final Consumer<String> fault;

  /**
   * Takes over the memory of a formatted ring.
   *
   * @param wakeUp run when a page can be taken that could not before
   * @param released run when a page was released, or a thread that may have made the last commit of
   *     a sealed ring is known to be done with it
   */
  CpuRing(
      int cpu,
      RingMemory memory,
      Clock clock,
      Runnable wakeUp,
      Runnable released,
      Consumer<String> fault) {
    this.cpu = cpu;
    this.memory = memory;
    this.released = released;
    this.fault = fault;
    RingLayout layout = memory.layout;
    this.mover =
        new Mover(
            memory,
            new Mover.CpuEvents() {
              @Override
              public void left() {
                writer.left();
              }

              @Override
              public void wakeUp() {
                wakeUp.run();
              }

              @Override
              public void broken(String what) {
                breakDown(what);
              }
            });
    this.spares = new Spares(layout.slots, layout.frames);
    this.writer = new Writer(this, mover, clock, cpu << 1);
    this.passed = new PassedPages(memory, spares);
    this.losses = new Losses(memory, passed);
    this.patience = new Patience(memory, clock);
    this.reader = new RingReader(cpu, writer, mover, spares, passed, losses, patience, released);
    this.account = new CpuAccount(cpu, memory, mover, losses, reader);
  }

  CpuAccount account() {
    return account;
  }

  Page copy(long from, MemorySegment into) {
    return new CopyingReader(cpu, memory, mover, losses, patience, settled).copy(from, into);
  }

  /** Closes the current page if anything is in it; true if it did. */
  boolean flush() {
    while (true) {
      long current = memory.getCurrentAcquire();
      int page = CurrentWord.page(current);
      long word = memory.getPageWordAcquire(page);
      if (!PageWord.isOpen(word) || memory.layout.pageWords.used(word) == 0) {
        return false;
      }
      if (mover.close(CurrentWord.sequence(current), page, word)) {
        writer.leave(CurrentWord.sequence(current), page, memory.layout.frames);
        return true;
      }
    }
  }

  /** Stops the current word and closes its page: nothing is reserved or refused any more. */
  boolean seal() {
    raise(CurrentWord.SEALED);
    memory.endRefusals();
    long current = memory.getCurrentAcquire();
    mover.closeForGood(current);
    writer.leave(CurrentWord.sequence(current), CurrentWord.page(current), memory.layout.frames);
    return true;
  }

  /**
   * A writer has met the seal. What it committed before is visible by now; it may not have been
   * when the page was looked at: see {@link Writer#leave}.
   */
  void sealMet() {
    released.run();
  }

  RingView view() {
    return account.view(reader.takenView());
  }

  // ---- memory that others have emptied

  /** Whether this was found and reported; then the account is the copy. */
  private volatile boolean wiped;

  /** The account when it was last looked at. */
  private volatile Counters copy = Counters.ZERO;

  /** The refusals in the words when they were found empty. */
  private long disabledBefore;

  /** The account: from the words, or, once they are gone, as it was last known. */
  Counters counters() {
    if (wiped) {
      long refused = memory.getRefusedAcquire(Refusal.DISABLED) - disabledBefore;
      return copy.plus(refusals(Math.max(0, refused)));
    }
    return account.counters();
  }

  private static Counters refusals(long disabled) {
    return Counters.builder().set(Counter.DISABLED, disabled).build();
  }

  /**
   * Copies the account, unless the words are gone.
   *
   * @param pages whether to look at the pages too
   */
  boolean keepAccount(boolean pages) {
    Counters now = account.about();
    if (wiped || !Wiping.isWhole(memory) || pages && Wiping.pageGone(memory) >= 0) {
      return wiped();
    }
    copy = now;
    return false;
  }

  /** Whether its memory was found empty, now or before. */
  boolean checkWhole() {
    return wiped || !Wiping.isWhole(memory) && wiped();
  }

  /**
   * The memory does not hold what was written to it: the ring takes no more events. Returns true.
   */
  synchronized boolean wiped() {
    raise(CurrentWord.BROKEN);
    mover.closeForGood(memory.getCurrentAcquire());
    if (!Wiping.isWhole(memory)) {
      // A page word of zeros is that of an open page.
      for (int page = 0; page <= memory.layout.frames; page++) {
        memory.setPageWordRelease(page, PageWord.CLOSED);
      }
    }
    if (!wiped) {
      disabledBefore = memory.getRefusedAcquire(Refusal.DISABLED);
      copy = copy.givenUp();
      wiped = true;
      fault.accept(
          "CPU "
              + cpu
              + " is disabled: what was in its memory is gone;"
              + " somebody has truncated its file, or punched a hole into it");
    }
    return true;
  }

  private void breakDown(String what) {
    if (!Wiping.isWhole(memory)) {
      wiped();
      return;
    }
    if (!raise(CurrentWord.BROKEN)) {
      return; // reported by the thread that raised it
    }
    mover.closeForGood(memory.getCurrentAcquire());
    fault.accept("CPU " + cpu + " of a lock-free ring is disabled: " + what);
  }

  /** Sets a flag in the current word, which stays for good; true if this call did. */
  private boolean raise(long flag) {
    while (true) {
      long current = memory.getCurrentAcquire();
      if ((current & flag) != 0) {
        return false;
      }
      if (memory.casCurrent(current, current | flag)) {
        return true;
      }
    }
  }

  /** Whether it is sealed and every reservation is finished. */
  boolean isQuiet() {
    return (memory.getCurrentAcquire() & CurrentWord.SEALED) != 0
        && account.isComplete()
        && passed.giveBack();
  }
}
