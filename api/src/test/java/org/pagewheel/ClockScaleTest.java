package org.pagewheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockScaleTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 4_000_000_123L, 1L << 40, 123_456_789_012_345_678L, -1})
  void aCountBecomesWhatTheToolsMakeOfIt(long count) {
    for (int shift : new int[] {0, 1, 24, 31, 32}) {
      for (int multiplier : new int[] {1, 1_717_986_918, -1}) {
        BigInteger product =
            new BigInteger(Long.toUnsignedString(count))
                .multiply(BigInteger.valueOf(Integer.toUnsignedLong(multiplier)));
        long right = product.shiftRight(shift).longValue() - 5;
        assertEquals(right, new ClockScale(multiplier, shift, -5).nanos(count));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.333333333, 0.5, 1, 1.0001, 41.6667, 1e9})
  void itIsExactInTheMomentThatItIsMadeOf(double nanosPerCount) {
    long count = 9_876_543_210_987L;
    ClockScale scale = ClockScale.of(nanosPerCount, count, 77);
    assertEquals(77, scale.nanos(count));
    long later = (long) (1e12 / nanosPerCount);
    assertEquals(77 + 1e12, scale.nanos(count + later), 1e12 / (1 << 30) + nanosPerCount);
    assertEquals(later, scale.counts(1_000_000_000_000L), later / (double) (1 << 30) + 1);
    assertEquals(-1e12, scale.length(-later), 1e12 / (1 << 30) + nanosPerCount);
    assertTrue(scale.shift() <= ClockScale.MAX_SHIFT);
  }

  @Test
  void whatIsNoScaleIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ClockScale(0, 3, 0));
    assertThrows(IllegalArgumentException.class, () -> new ClockScale(1, 33, 0));
    assertThrows(IllegalArgumentException.class, () -> new ClockScale(1, -1, 0));
  }
}
