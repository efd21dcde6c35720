package org.pagewheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.pagewheel.spi.Refusal;

/** The account and its sums. */
class CountersTest {
  private static final Counters ONE =
      Counters.builder()
          .set(Counter.WRITTEN, 100)
          .set(Counter.READ, 40)
          .set(Counter.OVERRUN, 25)
          .set(Counter.COMMIT_OVERRUN, 1)
          .set(Counter.DROPPED, 2)
          .set(Counter.DISABLED, 3)
          .set(Counter.TOO_LONG, 4)
          .set(Counter.RECURSION, 5)
          .set(Counter.DISCARDED, 6)
          .set(Counter.BYTES, 7)
          .set(Counter.PAGES_WRITTEN, 8)
          .set(Counter.PAGES_READ, 9)
          .set(Counter.PAGES_LOST, 10)
          .set(Counter.OLDEST, 50)
          .build();
  private static final Counters TWO =
      Counters.builder()
          .set(Counter.WRITTEN, 1)
          .set(Counter.READ, 1)
          .set(Counter.OLDEST, 30)
          .build();

  @Test
  void unreadAndRefusedFollowFromTheOthers() {
    assertEquals(35, ONE.unread());
    assertEquals(1 + 2 + 3 + 4 + 5, ONE.refused());
    assertEquals(0, Counters.ZERO.unread());
  }

  @Test
  void sumsAreTakenFieldByField() {
    Counters sum =
        ONE.toBuilder()
            .add(Counter.WRITTEN, 1)
            .add(Counter.READ, 1)
            .set(Counter.OLDEST, 30)
            .build();
    assertEquals(sum, ONE.plus(TWO));
    assertEquals(sum, TWO.plus(ONE));
  }

  @Test
  void theOldestOfNothingIsTheOthers() {
    assertEquals(ONE, ONE.plus(Counters.ZERO));
    assertEquals(ONE, Counters.ZERO.plus(ONE));
    assertEquals(Counters.ZERO, Counters.ZERO.plus(Counters.ZERO));
  }

  /** Whatever is added to the counters: names, refusals and sums follow. */
  @Test
  void eachCounterHasItsOwnNameMeaningAndPlace() {
    Counters.Builder builder = Counters.builder();
    for (Counter counter : Counter.values()) {
      builder.set(counter, 1000 + counter.ordinal());
      assertEquals(
          counter.isRefusal(),
          counter.meaning().startsWith("refused: ") && counter.refusal() < 0,
          counter.name());
      assertTrue(counter.label().matches("[a-z]+( [a-z]+)*"), counter.label());
    }
    Counters all = builder.build();
    for (Counter counter : Counter.values()) {
      assertEquals(1000 + counter.ordinal(), all.get(counter), counter.name());
      Counters one = Counters.builder().set(counter, 7).build();
      assertEquals(7, one.plus(Counters.ZERO).get(counter), counter.name());
      assertEquals(counter == Counter.OLDEST ? 7 : 14, one.plus(one).get(counter), counter.name());
      assertEquals(counter.isRefusal() ? 7 : 0, one.refused(), counter.name());
      assertEquals("[" + counter.label() + " 7]", one.toString());
      assertNotEquals(Counters.ZERO, one);
    }
    assertEquals("[]", Counters.ZERO.toString());
  }

  @Test
  void eachRefusalButASealHasItsCounter() {
    Counters refused = Counters.builder().setRefusals(refusal -> -refusal).build();
    assertEquals(-Refusal.DROPPED, refused.dropped());
    assertEquals(-Refusal.COMMIT_OVERRUN, refused.commitOverrun());
    assertEquals(-Refusal.DISABLED, refused.disabled());
    assertEquals(-Refusal.TOO_LONG, refused.tooLong());
    assertEquals(-Refusal.RECURSION, refused.recursion());
    assertEquals(1 + 2 + 3 + 4 + 5, refused.refused());
  }

  @Test
  void whatIsGivenUpIsOverrun() {
    Counters givenUp = ONE.givenUp();
    assertEquals(0, givenUp.unread());
    assertEquals(60, givenUp.overrun());
    assertEquals(0, givenUp.bytes());
    assertEquals(Counters.NONE, givenUp.oldest());
    assertEquals(ONE.refused(), givenUp.refused());
  }

  @Test
  void aBuilderMayGoOn() {
    Counters.Builder builder = Counters.builder().set(Counter.READ, 3);
    Counters three = builder.build();
    assertEquals(5, builder.add(Counter.READ, 2).build().read());
    assertEquals(3, three.read());
  }
}
