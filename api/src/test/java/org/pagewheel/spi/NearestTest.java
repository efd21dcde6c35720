package org.pagewheel.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody may have meant. */
class NearestTest {
  private static final List<String> KNOWN =
      List.of("buf", "heap", "id", "lockfree", "offheap", "q");

  @ParameterizedTest
  @CsvSource({
    "bfu, buf",
    "bu, buf",
    "buff, buf",
    "hepa, heap",
    "lockfre, lockfree",
    "lokcfree, lockfree",
    "ofheap, offheap",
    "lokfrea, lockfree",
    "pq, q",
    "i, id"
  })
  void aSlipOfTheHandIsRecognized(String wrong, String meant) {
    assertEquals(Optional.of(meant), Nearest.to(wrong, KNOWN));
    assertEquals("did you mean " + meant + "?", Nearest.hint(wrong, KNOWN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "xyz", "stack", "lockedinside"})
  void whatIsFarFromAllIsNot(String wrong) {
    assertEquals(Optional.empty(), Nearest.to(wrong, KNOWN));
  }

  @Test
  void aWordOfAnyLengthCostsNothing() {
    String endless = "x".repeat(10_000_000);
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (int i = 0; i < 10_000; i++) {
            assertEquals(Optional.empty(), Nearest.to(endless, KNOWN));
          }
        });
    assertEquals("there is none", Nearest.hint("x", List.of()));
  }
}
