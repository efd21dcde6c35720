package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.pagewheel.Clock;
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
    this.account = new CpuAccount(cpu, memory, mover, passed);
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

  private void breakDown(String what) {
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
