package org.pagewheel.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values as people write them, right ones and wrong ones. */
final class QuantityTest {
  @Test
  void countsAreWholeNumbersInARange() {
    assertEquals(1, Quantity.count("spares", "1", 1, 1024));
    assertEquals(1024, Quantity.count("spares", " 1024\t", 1, 1024));
    assertEquals(7, Quantity.count("spares", "0000000000000000000000007", 0, 9));
    assertEquals(Integer.MAX_VALUE, Quantity.count("n", "2147483647", 0, Integer.MAX_VALUE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "1025",
        "-1",
        "+1",
        "1.0",
        "1e3",
        "",
        "x",
        "٣",
        "9223372036854775808",
        "99999999999999999999999999",
        "4294967297"
      })
  void whatIsNoSuchCountIsNamedWithWhatIsRight(String text) {
    var wrong =
        assertThrows(IllegalArgumentException.class, () -> Quantity.count("spares", text, 1, 1024));
    assertEquals("spares = " + text + ": a number from 1 to 1024 is right", wrong.getMessage());
  }

  @Test
  void aWordMayStandForNoNumber() {
    assertEquals(OptionalInt.of(5), Quantity.countOr("max-files", "5", 1, 9, "unlimited"));
    assertEquals(
        OptionalInt.empty(), Quantity.countOr("max-files", " unlimited ", 1, 9, "unlimited"));
    var wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> Quantity.countOr("max-files", "10", 1, 9, "unlimited"));
    assertEquals(
        "max-files = 10: a number from 1 to 9, or unlimited, is right", wrong.getMessage());
  }

  @Test
  void aChoiceListsItsWords() {
    assertEquals("keep", Quantity.oneOf("left", " keep ", "keep", "recover", "refuse"));
    var wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> Quantity.oneOf("left", "Keep", "keep", "recover", "refuse"));
    assertEquals("left = Keep: keep, recover or refuse is right", wrong.getMessage());
    var single =
        assertThrows(IllegalArgumentException.class, () -> Quantity.oneOf("mode", "b", "a"));
    assertEquals("mode = b: a is right", single.getMessage());
  }

  @Test
  void sizesAndTimesHaveUnits() {
    assertEquals(64L << 20, Quantity.bytes("max-size", "64 MiB"));
    assertEquals(1_500_000_000L, Quantity.nanos("max-age", "1.5s"));
    assertEquals("64 MiB", Quantity.text(64L << 20));
    var wrong =
        assertThrows(IllegalArgumentException.class, () -> Quantity.nanos("max-age", "5 weeks"));
    assertEquals(
        "max-age = 5 weeks: a time such as 10 s, 5 min or 1 h is right", wrong.getMessage());
  }
}
