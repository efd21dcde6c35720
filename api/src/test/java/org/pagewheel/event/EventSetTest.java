package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventSetTest {
  record GcBegin(int a) {}

  record GcEnd(int a) {}

  record Sold(int a) {}

  record Later(int a) {}

  static final EventType<GcBegin> BEGIN = EventType.of("set_vm", GcBegin.class);
  static final EventType<GcEnd> END = EventType.of("set_vm", GcEnd.class);
  static final EventType<Sold> SOLD = EventType.of("set_shop", Sold.class);

  private final PageBuffer buffer = PageBuffer.of(1);
  private final EventSet set = buffer.events();

  @AfterEach
  void close() {
    buffer.close();
  }

  @Test
  void everythingIsEnabledAtFirst() throws Exception {
    assertTrue(BEGIN.isEnabled(buffer));
    assertTrue(BEGIN.record(buffer, new GcBegin(1)));
    assertEquals(1, buffer.pageRing().events().size());
  }

  @Test
  void aDisabledTypeWritesNothingAndDoesNotAskTheRing() {
    assertEquals(2, set.disable("set_vm:*"));
    assertFalse(BEGIN.record(buffer, new GcBegin(1)));
    assertFalse(END.recordAs(buffer, 1, "x", new GcEnd(1)));
    assertTrue(SOLD.record(buffer, new Sold(1)));
    assertEquals(1, buffer.pageRing().attempts());
  }

  @Test
  void theLastPatternThatMatchesDecides() {
    set.disable("*");
    set.enable("*:gc_*");
    set.disable("*:*_end");
    assertTrue(BEGIN.isEnabled(buffer));
    assertFalse(END.isEnabled(buffer));
    assertFalse(SOLD.isEnabled(buffer));
    assertTrue(set.isEnabled(BEGIN.format()));
    assertFalse(set.isEnabled(END.format()));
    set.enable("*");
    assertTrue(END.isEnabled(buffer));
  }

  @Test
  void onlyTheseForgetsWhatWasSaidBefore() {
    set.disable("set_shop:*");
    set.only(List.of("set_vm:gc_begin", "set_shop:*"));
    assertTrue(BEGIN.isEnabled(buffer));
    assertFalse(END.isEnabled(buffer));
    assertTrue(SOLD.isEnabled(buffer));
    assertFalse(set.isEnabled("set_later", "anything"));
    assertThrows(IllegalArgumentException.class, () -> set.only(List.of("set_vm:*", "a:b:c")));
    assertTrue(SOLD.isEnabled(buffer), "nothing has changed");
    set.only(List.of());
    assertFalse(SOLD.isEnabled(buffer));
    set.only(List.of("*"));
    assertTrue(END.isEnabled(buffer));
    assertTrue(set.isEnabled("set_later", "anything"));
  }

  @Test
  void aTypeThatStaysEnabledIsSoAllTheTime() throws Exception {
    set.only(List.of("set_vm:*"));
    Thread changer =
        new Thread(
            () -> {
              for (int i = 0; i < 20_000; i++) {
                set.only(i % 2 == 0 ? List.of("*:gc_begin") : List.of("set_vm:*"));
              }
            });
    changer.start();
    while (changer.isAlive()) {
      assertTrue(BEGIN.isEnabled(buffer));
    }
    changer.join();
  }

  @Test
  void typesToComeFollowThePatternsToo() {
    set.disable("set_later:*");
    assertEquals(0, set.disable("set_even_later:*"));
    EventType<Later> later = EventType.of("set_later", Later.class);
    assertFalse(later.isEnabled(buffer));
    assertEquals(1, set.enable("set_later:later"));
    assertTrue(later.isEnabled(buffer));
  }

  @Test
  void buffersDoNotDisturbEachOther() {
    PageBuffer other = PageBuffer.of(1);
    assertNotEquals(buffer.eventBit(), other.eventBit());
    set.disable("set_shop:sold");
    assertFalse(SOLD.isEnabled(buffer));
    assertTrue(SOLD.isEnabled(other));
    other.close();
    assertFalse(SOLD.isEnabled(other), "nothing is enabled in a closed set");
  }

  @Test
  void aListingForPeople() {
    set.disable("set_vm:gc_end");
    List<EventState> ours =
        set.list().stream().filter(state -> state.system().equals("set_vm")).toList();
    assertEquals(
        List.of(
            new EventState("set_vm", "gc_begin", BEGIN.format().id(), true),
            new EventState("set_vm", "gc_end", END.format().id(), false)),
        ours);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "shop", "shop:", ":sold", "shop:a:b", "sh op:*", "shop:sold?", "[a]:*"})
  void aBadPatternIsRefusedWithOneLine(String glob) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> set.enable(glob)).getMessage();
    assertTrue(
        message.startsWith("bad event pattern \"" + glob + "\": write system:name"), message);
    String checked =
        assertThrows(IllegalArgumentException.class, () -> EventSet.checkPattern(glob))
            .getMessage();
    assertEquals(message, checked);
    assertFalse(message.contains("\n"), message);
    assertTrue(SOLD.isEnabled(buffer), "nothing has changed");
  }
}
