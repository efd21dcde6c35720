package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import org.pagewheel.spi.Refusal;

/** What reserve answers, with refusals by name. */
final class Answers {
  private Answers() {}

  static void assertRefused(long refusal, long answer, String when) {
    assertEquals(name(refusal), name(answer), () -> "the answer to reserve, " + when);
  }

  static void assertAllRefused(long refusal, List<Long> answers, String when) {
    List<String> names = answers.stream().map(Answers::name).distinct().toList();
    assertEquals(List.of(name(refusal)), names, () -> "the answers to reserve, " + when);
  }

  static void assertReserved(long answer, String what) {
    if (answer < 0) {
      fail(what + " was refused as " + name(answer));
    }
  }

  static String name(long answer) {
    return switch (Math.clamp(answer, -7, 0)) {
      case (int) Refusal.DROPPED -> "DROPPED";
      case (int) Refusal.COMMIT_OVERRUN -> "COMMIT_OVERRUN";
      case (int) Refusal.DISABLED -> "DISABLED";
      case (int) Refusal.TOO_LONG -> "TOO_LONG";
      case (int) Refusal.RECURSION -> "RECURSION";
      case (int) Refusal.SEALED -> "SEALED";
      default -> answer < 0 ? "no refusal: " + answer : "a reservation";
    };
  }
}
