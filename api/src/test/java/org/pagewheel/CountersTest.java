package org.pagewheel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The account and its sums. */
class CountersTest {
  private static final Counters ONE = new Counters(100, 40, 25, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 50);
  private static final Counters TWO = new Counters(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30);

  @Test
  void unreadAndRefusedFollowFromTheOthers() {
    assertEquals(35, ONE.unread());
    assertEquals(1 + 2 + 3 + 4 + 5, ONE.refused());
    assertEquals(0, Counters.ZERO.unread());
  }

  @Test
  void sumsAreTakenFieldByField() {
    Counters sum = new Counters(101, 41, 25, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30);
    assertEquals(sum, ONE.plus(TWO));
    assertEquals(sum, TWO.plus(ONE));
  }

  @Test
  void theOldestOfNothingIsTheOthers() {
    assertEquals(ONE, ONE.plus(Counters.ZERO));
    assertEquals(ONE, Counters.ZERO.plus(ONE));
    assertEquals(Counters.ZERO, Counters.ZERO.plus(Counters.ZERO));
  }
}
