package org.pagewheel.tck.faults;

import java.util.List;

/** The faults that the kit must find. */
final class Faults {
  private static final String CPU = "SimpleCpu";
  private static final String PAGE = "SimplePage";
  private static final String RING = "SimpleRing";

  private Faults() {}

  static final List<Fault> ALL =
      List.of(
          new Fault(
              "a counter is not raised: the overrun of a page given up",
              CPU,
              "overrun += page.unread();",
              "",
              "Losses",
              "overwriteKeepsTheNewestAndTellsHowManyWereLost"),
          new Fault(
              "two pages are swapped",
              CPU,
              "SimplePage page = ring.peekFirst();",
              """
              if (ring.size() > 2) {
                SimplePage first = ring.removeFirst();
                SimplePage second = ring.removeFirst();
                ring.addFirst(first);
                ring.addFirst(second);
              }
              SimplePage page = ring.peekFirst();
              """,
              "Writing",
              "whatIsCommittedComesOutWholeAndInOrder"),
          new Fault(
              "a lock is skipped: two writers reserve at once",
              CPU,
              "synchronized long reserve(int length)",
              "long reserve(int length)",
              "Stress",
              ""),
          new Fault(
              "a lock is skipped: two writers commit at once",
              CPU,
              "synchronized void settle(long reservation, boolean discard)",
              "void settle(long reservation, boolean discard)",
              "Stress",
              ""),
          new Fault(
              "the in-band flag is forgotten",
              CPU,
              "finish(page, bytesOfPage, bytes, overrun - overrunTold);",
              "finish(page, bytesOfPage, bytes, 0);",
              "Losses",
              "aLossIsToldExactlyWhereItHappened"),
          new Fault(
              "the number of lost events is told twice",
              CPU,
              "overrunTold = overrun;",
              "",
              "Losses",
              "eachLossIsToldOnceAndAllTogetherAreTheOverrun"),
          new Fault(
              "time runs back with the clock",
              CPU,
              "Math.max(config.buffer().clock().now(), lastTime)",
              "config.buffer().clock().now()",
              "Times",
              "aClockThatRunsBackGivesTheTimeOfTheEventBefore"),
          new Fault(
              "a torn event: a page is given out with an event still being written",
              PAGE,
              "return closed && pending == 0;",
              "return closed;",
              "Writing",
              "eventsBehindAnOpenOneWaitForItEvenOnLaterPages"),
          new Fault(
              "a torn event: the open page is read to its end",
              PAGE,
              "return first < 0 ? used : first * RecordLayout.WORD - PageLayout.DATA;",
              "return used;",
              "Writing",
              "nothingIsSeenBeforeItsCommit"),
          new Fault(
              "a page is reused while it is held",
              CPU,
              "held++;",
              "free.addFirst(place);",
              "Pages",
              "aPageThatIsHeldDoesNotChange"),
          new Fault(
              "the memory of a stalled event is reused",
              CPU,
              "page.parked = true; parked++; return false;",
              "free.addLast(page); return true;",
              "Stalls",
              "lateBytesHitNobody"),
          new Fault(
              "an event is doubled: the open page forgets what was read",
              CPU,
              "page.entriesRead += unread;",
              "",
              "Pages",
              "withoutOpenOnlyFullPagesCome"),
          new Fault(
              "seal forgets a CPU that has not written",
              RING,
              "cpu.seal();",
              "if (cpu.memory() != null) { cpu.seal(); }",
              "Seals",
              "afterTheSealEveryReserveIsRefusedWithoutBeingCounted"),
          new Fault(
              "seal is looked at without the lock, and one event leaks",
              CPU,
              "sealed = true; close(ring.peekLast());",
              "close(ring.peekLast()); new Thread(() -> { synchronized (this) { sealed = true; } })"
                  + ".start();",
              "Seals",
              "noReserveSucceedsOnceSealHasReturned"),
          new Fault(
              "a refusal after the seal is counted",
              CPU,
              "if (sealed) { return Refusal.SEALED; }",
              "if (sealed) { counted(Refusal.DISABLED); return Refusal.SEALED; }",
              "Seals",
              "afterTheSealEveryReserveIsRefusedWithoutBeingCounted"),
          new Fault(
              "copying consumes",
              CPU,
              "finish(page, into, bytes, oldest ? overrun - overrunTold : 0);",
              "finish(page, into, bytes, oldest ? overrun - overrunTold : 0);"
                  + " page.entriesRead += unread;",
              "Copies",
              "copyingTwiceGivesTheSameAndConsumesNothing"),
          new Fault(
              "each copy tells the loss, not the oldest alone",
              CPU,
              "oldest ? overrun - overrunTold : 0",
              "overrun - overrunTold",
              "Copies",
              "theOldestCopyTellsTheLossUntilItIsTaken"),
          new Fault(
              "an event taken back is seen",
              CPU,
              "PageEncoder.discard(memory, page.base, record);",
              "page.entries++;",
              "Writing",
              "anEventTakenBackIsNeverSeen"),
          new Fault(
              "an event taken back ends the page for the kernel's readers",
              CPU,
              "page.discards = true;",
              "",
              "Times",
              "takingBackMovesNoTime"),
          new Fault(
              "the commit goes to the CPU that the thread is on now",
              RING,
              "return cpus[SimpleCpu.cpu(Reservation.own(reservation))];",
              "return cpus[config.buffer().cpuNumber().current() % cpus.length];",
              "Writing",
              "anEventStaysOnItsCpuWhereverItIsCommitted"),
          new Fault(
              "no room is left for the number of lost events",
              CPU,
              "!PageLayout.fits(pageSize, page.used, extend + size)",
              "page.used + extend + size > PageLayout.capacity(pageSize)",
              "Records",
              "recordsMeetThePageEndAtEveryOffset"),
          new Fault(
              "an event that is too long writes past its page",
              RING,
              "length > maxEventSize()",
              "length > 2 * maxEventSize()",
              "Records",
              "lengthsAroundTheLargestAreStored"),
          new Fault(
              "a delta one too large for its word",
              CPU,
              "time - lastTime > RecordLayout.MAX_DELTA ?",
              "time - lastTime > RecordLayout.MAX_DELTA + 1L ?",
              "Times",
              "anyPauseKeepsTheTimeExact"),
          new Fault(
              "a clock that writes calls itself",
              RING,
              "if (inside[0]) {",
              "if (false) {",
              "Times",
              "aClockThatWritesToItsOwnRingIsRefusedAndCounted"),
          new Fault(
              "a refusal is not counted",
              CPU,
              "return sealed ? Refusal.SEALED : counted(cause);",
              "return sealed ? Refusal.SEALED : cause;",
              "Losses",
              "everyRefusalIsCountedByItsCause"),
          new Fault(
              "a late commit is not counted as overrun",
              CPU,
              "overrun += page.parked ? 1 : 0;",
              "",
              "Stalls",
              "aStalledWriterCostsOnePageAndNotTheCpu"),
          new Fault(
              "a stalled writer stops its CPU",
              CPU,
              "if (page.pending == 0) { while",
              "if (page.pending > 0) { return Refusal.COMMIT_OVERRUN; } else { while",
              "Stalls",
              "aStalledWriterCostsOnePageAndNotTheCpu"),
          new Fault(
              "mode discard gives up what is stalled",
              CPU,
              "if (config.buffer().mode() == Mode.DISCARD) {",
              "if (config.buffer().mode() == Mode.DISCARD && ring.peekFirst().pending == 0) {",
              "Stalls",
              "inModeDiscardAStalledWriterLosesNothingThatWasRecorded"),
          new Fault(
              "a reader that holds pages takes the writers' memory",
              CPU,
              "|| held == SPARES",
              "",
              "Pages",
              "aReaderThatHoldsPagesStopsNobodyButItself"),
          new Fault(
              "a page completed by a late commit wakes nobody",
              CPU,
              "} else { wakeReaders(page); }",
              "}",
              "Pages",
              "aPageWakesOnceItsLastEventIsCommitted"),
          new Fault(
              "something is allocated for each event",
              CPU,
              "lastTime = time;",
              "lastTime = time; refused[0] += new java.util.ArrayList<>(List.of(time)).hashCode();",
              "Writing",
              "nothingIsAllocatedForAnEvent"),
          new Fault(
              "damage found while a page is finished reaches the reader as an error",
              CPU,
              "damaged(e); // its reader will meet the damage",
              "throw e;",
              "Misuse",
              "aLengthThatIsWrittenOverHangsNobody"),
          new Fault(
              "bytes that ignore what was read of a page",
              CPU,
              "bytes += page.used - page.bytesRead;",
              "bytes += page.used;",
              "Losses",
              "bytesAreThoseLeftOfAPageOfWhichAPartWasRead"),
          new Fault(
              "a page given up with an event still being written is not counted as lost",
              CPU,
              "pagesLost++;",
              "pagesLost += page.pending == 0 ? 1 : 0;",
              "Losses",
              "aPageGivenUpWithAnOpenEventIsAPageLost"),
          new Fault(
              "an event taken back late does not give its page back",
              CPU,
              "if (page.parked && page.pending == 0) {",
              "if (page.parked && page.pending == 0 && !discard) {",
              "Stalls",
              "aLateEndGivesThePageBack"),
          new Fault(
              "time runs back by 1 ns, once in 100,000 events",
              CPU,
              "lastTime = time;",
              "lastTime = written % 100_000 == 99_999 ? time - 1 : time;",
              "Times",
              "timesAreExactInAQuarterOfAMillionEvents"),
          new Fault(
              "memory outside the heap is never given back",
              CPU,
              "MemorySegment.ofArray(new long[all.length * (pageSize / Long.BYTES)]);",
              "java.lang.foreign.Arena.global().allocate((long) all.length * pageSize, 8);",
              "Closing",
              "closeGivesTheMemoryBack"),
          sealLookedAtBefore("synchronized of the JVM", "", ""),
          sealLookedAtBefore("a fair lock", "gate.lock(); try {", "} finally { gate.unlock(); }"),
          new Fault(
              "close takes the memory of pages that are held",
              CPU,
              "if (closed && pending == 0 && held == 0) {",
              "if (closed && memory != null) { memory.fill((byte) 0);",
              "Closing",
              "pagesThatAreHeldStayAsTheyAreAfterClose"));

  /**
   * Whoever waits for the lock has looked already. Whether the lock lets in who waits longest, or
   * anybody, a test must find it.
   */
  private static Fault sealLookedAtBefore(String lock, String enter, String leave) {
    return new Fault(
        "the seal is looked at before " + lock + " is entered",
        CPU,
        List.of(
            new Fault.Edit(
                "synchronized long reserve(int length) { if (sealed) { return Refusal.SEALED; }",
                "private final java.util.concurrent.locks.ReentrantLock gate ="
                    + " new java.util.concurrent.locks.ReentrantLock(true);"
                    + " long reserve(int length) { if (sealed) { return Refusal.SEALED; } "
                    + enter
                    + " return locked(length); "
                    + leave
                    + " } private synchronized long locked(int length) {"),
            new Fault.Edit(
                "synchronized void seal() { sealed = true; close(ring.peekLast()); }",
                "void seal() { "
                    + enter
                    + " synchronized (this) { sealed = true; close(ring.peekLast()); } "
                    + leave
                    + " }")),
        "Seals",
        "whoWaitedForTheSealSeesIt");
  }
}
