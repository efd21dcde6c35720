package org.pagewheel.event.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventRulesTest {
  private final EventRegistry registry = new EventRegistry();

  @Test
  void manyPatternsInALongLifeTakeNoMemory() {
    EventRules rules = registry.open();
    for (int i = 0; i < 10_000; i++) {
      rules.disable("set_shop:*");
      rules.enable("set_shop:sold");
    }
    assertEquals(2, rules.patterns());
    rules.enable("*");
    assertEquals(1, rules.patterns());
  }

  @Test
  void aClosedSetGivesItsBitBackAndTakesNoPatterns() {
    List<EventRules> sets = new ArrayList<>();
    for (int i = 0; i < EventRegistry.MAX_SETS; i++) {
      sets.add(registry.open());
    }
    assertEquals(-1L, sets.stream().mapToLong(EventRules::bit).reduce(0, (a, b) -> a | b));
    String message = assertThrows(IllegalStateException.class, registry::open).getMessage();
    assertTrue(message.startsWith("64 buffers are open"), message);

    EventRules closed = sets.get(17);
    registry.close(closed);
    registry.close(closed);
    assertThrows(IllegalStateException.class, () -> closed.enable("*"));
    assertFalse(closed.isEnabled("a", "b"));
    EventRules next = registry.open();
    assertEquals(closed.bit(), next.bit());
    registry.close(closed);
    assertTrue(next.isEnabled("a", "b"), "the bit belongs to the next one now");
    assertThrows(IllegalStateException.class, registry::open);
  }
}
