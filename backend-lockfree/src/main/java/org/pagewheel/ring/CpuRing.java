package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.RingView;

/** The ring of one CPU: its memory, and who works on it. */
final class CpuRing {
  final RingMemory memory;
  final Writer writer;
  final RingReader reader;
  final Spares spares;
  private final PassedPages passed;
  private final int cpu;
  private final Mover mover;
  private final CpuAccount account;
  private final Consumer<String> fault;

  /**
   * Takes over the memory of a ring that is formatted.
   *
   * @param wakeUp to be run when a page can be taken that could not before
   * @param released to be run when a page was released
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
    this.fault = fault;
    RingLayout layout = memory.layout;
    this.mover =
        new Mover(
            memory,
            new Mover.CpuEvents() {
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
    this.reader = new RingReader(cpu, memory, mover, spares, passed, released);
    this.account = new CpuAccount(cpu, memory, mover, passed, reader);
  }

  CpuAccount account() {
    return account;
  }

  Page copy(long from, MemorySegment into) {
    return new CopyingReader(cpu, memory, mover, passed).copy(from, into);
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

  /** Stops the current word and closes its page: nothing is reserved any more. */
  boolean seal() {
    long current = raise(CurrentWord.SEALED);
    mover.closeForGood(current);
    writer.leave(CurrentWord.sequence(current), CurrentWord.page(current), memory.layout.frames);
    return true;
  }

  RingView view() {
    return account.view(reader.takenView());
  }

  // ---- memory that others have emptied

  /** Whether that was found, and reported; then the account is the copy. */
  private volatile boolean wiped;

  /** The account when it was last looked at. */
  private volatile Counters copy = Counters.ZERO;

  /** The refusals that stood in the words when they were found empty. */
  private long disabledBefore;

  /** The account: of the words, or what is known of it since they are gone. */
  Counters counters() {
    if (wiped) {
      long refused = memory.getCounterAcquire(RingLayout.DISABLED) - disabledBefore;
      return copy.plus(refusals(Math.max(0, refused)));
    }
    return account.counters();
  }

  private static Counters refusals(long disabled) {
    return new Counters(0, 0, 0, 0, 0, disabled, 0, 0, 0, 0, 0, 0, 0, Counters.NONE);
  }

  /**
   * Copies the account, unless the words are gone.
   *
   * @param pages whether to look at the pages, too
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

  /** The memory is not what was written to it: the ring takes no more events. True. */
  synchronized boolean wiped() {
    mover.closeForGood(raise(CurrentWord.BROKEN));
    if (!Wiping.isWhole(memory)) {
      // A page word of zeros is that of an open page.
      for (int page = 0; page <= memory.layout.frames; page++) {
        memory.setPageWordRelease(page, PageWord.CLOSED);
      }
    }
    if (!wiped) {
      Counters last = copy;
      disabledBefore = memory.getCounterAcquire(RingLayout.DISABLED);
      copy =
          new Counters(
              last.written(),
              last.read(),
              last.written() - last.read(), // what was unread is lost
              last.commitOverrun(),
              last.dropped(),
              last.disabled(),
              last.tooLong(),
              last.recursion(),
              last.discarded(),
              0,
              last.pagesWritten(),
              last.pagesRead(),
              last.pagesLost(),
              Counters.NONE);
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
    long before = memory.getCurrentAcquire();
    if ((before & CurrentWord.BROKEN) != 0) {
      return;
    }
    mover.closeForGood(raise(CurrentWord.BROKEN));
    fault.accept("CPU " + cpu + " of a lock-free ring is disabled: " + what);
  }

  private long raise(long flag) {
    while (true) {
      long current = memory.getCurrentAcquire();
      if ((current & flag) != 0 || memory.casCurrent(current, current | flag)) {
        return current | flag;
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
