package org.pagewheel.runtime.internal.pump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pagewheel.runtime.internal.config.ConsumerPlan.Policy;

/** What is shown and logged of a consumer that fails. */
class TroubleTest {
  private final List<String> log = new ArrayList<>();
  private final Trouble trouble = new Trouble("buffer x, consumer c", log::add);
  private final PageQueue queue = new PageQueue(new LentPages(1), 1, Policy.BLOCK, 0);

  TroubleTest() {
    trouble.account(queue);
  }

  @Test
  void itSaysSinceWhenAndHowManyAndWhenItIsOver() {
    queue.lost(5);
    trouble.failed("accept failed: disk full");
    queue.lost(1200);
    String shown = trouble.now().orElseThrow();
    assertTrue(
        shown.matches(
            "accept failed: disk full \\(since 20..-..-..T..:..:..Z, 1,200 events missed\\)"),
        shown);
    trouble.accepted();
    assertEquals(Optional.empty(), trouble.now());
    assertEquals("buffer x, consumer c: accept failed: disk full", log.getFirst());
    assertTrue(
        log.getLast().matches(".*: works again after \\d+ m?s, 1,200 events missed"), "" + log);
    assertEquals(2, log.size());
  }

  @Test
  void itsOwnWordsComeFirstAndEndOnlyWhatItReported() {
    trouble.report("cannot write to /x: disk full");
    trouble.failed("accept failed: cannot write to /x: disk full");
    assertTrue(trouble.now().orElseThrow().startsWith("cannot write to /x: disk full (since"));
    trouble.report(null);
    assertTrue(trouble.now().orElseThrow().startsWith("accept failed: "));
    trouble.accepted();
    assertEquals(Optional.empty(), trouble.now());
  }

  @Test
  void itsLastAccountIsLoggedThoughItWasFailingAlready() {
    trouble.report("cannot stream to x: connection refused");
    trouble.failed("accept failed: connection refused");
    trouble.ended("close failed: 500 events did not arrive");
    assertEquals("buffer x, consumer c: close failed: 500 events did not arrive", log.getLast());
    assertEquals(2, log.size(), log::toString);
  }

  @Test
  void aLogThatThrowsHarmsNobody() {
    Trouble other =
        new Trouble(
            "c",
            line -> {
              throw new OutOfMemoryError("to log it");
            });
    other.failed("accept failed");
    assertTrue(other.now().isPresent());
    other.accepted();
    assertEquals(Optional.empty(), other.now());
  }
}
