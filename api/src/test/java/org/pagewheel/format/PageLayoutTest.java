package org.pagewheel.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** What is read of a page's header without a cursor, and how losses add up. */
class PageLayoutTest {
  private static final int PAGE_SIZE = 4096;

  private final MemorySegment page = MemorySegment.ofArray(new long[PAGE_SIZE / Long.BYTES]);

  private int used(int commit) {
    page.set(PageLayout.LONG, PageLayout.COMMIT, commit);
    return PageLayout.used(page);
  }

  @Test
  void flagsAndTheHighHalfAreNoBytes() {
    assertEquals(0, used(0));
    assertEquals(40, used(40));
    assertEquals(40, used(40 | PageLayout.COMMIT_FLAGS));
    assertEquals(PageLayout.capacity(PAGE_SIZE), used(PageLayout.capacity(PAGE_SIZE)));
    page.set(PageLayout.LONG, PageLayout.COMMIT, 0x7fff_ffff_0000_0028L);
    assertEquals(40, PageLayout.used(page));
    assertEquals(40, PageLayout.used(40 | PageLayout.COMMIT_FLAGS));
  }

  @Test
  void aDamagedWordDoesNotLeadOutOfThePage() {
    int capacity = PageLayout.capacity(PAGE_SIZE);
    assertEquals(capacity, used(capacity + 1));
    assertEquals(capacity, used(PageLayout.COMMIT_MASK));
    assertEquals(capacity, used(-1));
    assertEquals(0, used(Integer.MIN_VALUE));
    assertEquals(PageLayout.COMMIT_MASK, PageLayout.used(-1));
  }

  @Test
  void aSumWithAnUnknownNumberIsUnknown() {
    assertEquals(7, PageLayout.sumOfMissed(3, 4));
    assertEquals(-1, PageLayout.sumOfMissed(-1, 4));
    assertEquals(-1, PageLayout.sumOfMissed(4, -1));
    assertEquals(-1, PageLayout.sumOfMissed(-2, -3));
    assertEquals(PageLayout.MISSED_UNKNOWN, PageLayout.sumOfMissed(0, Long.MIN_VALUE));
  }
}
