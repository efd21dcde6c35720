package org.pagewheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;

/** The number that reserve returns, and the refusals. */
class ReservationTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "1, 20", "134217727, 68719476732", "5, 4294967296"})
  void bothPartsComeOutAgain(int own, long offset) {
    long reservation = Reservation.of(own, offset);
    assertTrue(reservation >= 0, "a reservation is not negative");
    assertEquals(own, Reservation.own(reservation));
    assertEquals(offset, Reservation.offset(reservation));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, -2, -3, -4, -5, -6})
  void everyRefusalHasAText(long refusal) {
    assertTrue(Refusal.text(refusal).length() > 10);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -7, Long.MIN_VALUE})
  void whatIsNoRefusalHasNone(long number) {
    assertThrows(IllegalArgumentException.class, () -> Refusal.text(number));
  }
}
