package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.infra.results.II_Result;
import org.pagewheel.Mode;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Reservation;

/**
 * A ring with one closed page in its slot, and the two looks that the litmus tests of {@link
 * OrderStress}, and the mistakes of {@link OrderMistakes}, are judged by. The page begins with an
 * event that was taken back, so that its final form differs from what lies in the ring.
 */
class OrderRing extends StressRing {
  static final int ID = 3;

  final RingMemory memory = ring.memory;
  final Mover mover = new Mover(memory, new NoEvents());
  final long event;
  final long sequence;
  final int page;
  final long slot;

  private final PageCopier copier = new PageCopier(memory);
  private final MemorySegment before = page();
  private final MemorySegment copy = page();
  private final int bytesBefore;

  /**
   * Makes the page.
   *
   * @param pending whether the event on it is still to be filled and committed
   */
  OrderRing(boolean pending) {
    super(Mode.DISCARD);
    long takenBack = reserve(1, SMALL);
    event = ring.writer.reserve(SMALL);
    ring.writer.discard(takenBack);
    if (!pending) {
      fill(event, ID, SMALL);
      ring.writer.commit(event);
    }
    ring.flush();
    long current = memory.getCurrentAcquire();
    sequence = CurrentWord.sequence(current);
    page = CurrentWord.page(current);
    slot = memory.getSlotAcquire(sequence);
    copier.copy(page, 0, null, before);
    bytesBefore = copier.used();
  }

  private static MemorySegment page() {
    return MemorySegment.ofArray(new long[PageLayout.MIN_PAGE_SIZE / Long.BYTES]);
  }

  /** Copies the page, then asks whether it is in its slot: 1 if it is as it was; 1 if it is. */
  void copyAndCheck(II_Result r) {
    int events = copier.copy(page, 0, null, copy);
    boolean still = memory.isSlotStill(sequence, slot);
    boolean same = events == 1 && copier.used() == bytesBefore && copy.mismatch(before) < 0;
    r.r1 = same ? 1 : 0;
    r.r2 = still ? 1 : 0;
  }

  /** Reads the payload on the memo's word: 1 if it says complete; 1 if the payload is whole. */
  void readByMemo(II_Result r) {
    long offset = Reservation.offset(event);
    long memo = memory.getMemoAcquire(page);
    int first = memory.segment.get(PageLayout.INT, offset);
    int last = memory.segment.get(PageLayout.INT, offset + SMALL - Integer.BYTES);
    r.r1 = MemoWord.isAt(memo, sequence) ? 1 : 0;
    r.r2 = first == ID && last == ID ? 1 : 0;
  }

  private record NoEvents() implements Mover.CpuEvents {
    @Override
    public void left() {
      // commits look at each page
    }

    @Override
    public void wakeUp() {
      // nobody waits
    }

    @Override
    public void broken(String what) {
      throw new AssertionError(what);
    }
  }
}
