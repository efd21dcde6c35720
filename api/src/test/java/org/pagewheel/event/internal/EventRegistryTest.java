package org.pagewheel.event.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.pagewheel.event.EventFormat;

class EventRegistryTest {
  private final EventRegistry registry = new EventRegistry();

  private static IntFunction<String> text(String rest) {
    return id -> "ID: " + id + "\n" + rest;
  }

  @Test
  void idsBeginAboveTheKernelsAndRise() {
    assertEquals(30_000, registry.format("s", "a", "A", text("a")).id());
    assertEquals(30_001, registry.format("s", "b", "B", text("b")).id());
    assertEquals("ID: 30001\nb", registry.formats().getLast().text());
  }

  @Test
  void theSameTextHasTheSameIdAndAnotherTextAnother() {
    EventFormat first = registry.format("s", "a", "A", text("one"));
    assertSame(first, registry.format("s", "a", "A", text("one")));
    EventFormat second = registry.format("s", "a", "A", text("two"));
    assertNotEquals(first.id(), second.id());
    assertSame(first, registry.format("s", "a", "A", text("one")), "back to the old version");
    assertNotEquals(first.id(), registry.format("t", "a", "A", text("one")).id());
  }

  @Test
  void allFormatsAreKeptAndTheKernelsMarkIsAmongThem() {
    EventFormat format = registry.format("s", "a", "A", text("one"));
    EventFormat other = registry.format("s", "a", "A", text("two"));
    assertEquals(List.of(MarkFormat.FORMAT, format, other), registry.formats());
  }

  @Test
  void whenTheIdsAreUsedUpItSaysSo() {
    for (int i = 0; i < 35_536; i++) {
      registry.format("s", "a" + i, "A", text("one"));
    }
    String message =
        assertThrows(IllegalStateException.class, () -> registry.format("s", "b", "B", text("one")))
            .getMessage();
    assertTrue(message.startsWith("no event id is left for s:b: 35536 different"), message);
    assertEquals(65_535, registry.formats().getLast().id());
    assertEquals(30_005, registry.format("s", "a5", "A", text("one")).id(), "known ones go on");
  }
}
