package org.pagewheel.probes.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pagewheel.probes.ProbingAgent;

/** Slots of probed methods. */
class BridgeTest {
  private static final IntConsumer NOTHING = slot -> {};

  private static Bridge bridge;

  @BeforeAll
  static void make() throws Exception {
    Hook.install(ProbingAgent.instrumentation());
    bridge = Bridge.of(List.of(ConstantDescs.CD_float, ConstantDescs.CD_double));
  }

  @Test
  void aSlotIsNeverTheSameAgain() {
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 50_000; i++) {
      int slot = bridge.allocate(NOTHING);
      assertTrue(seen.add(slot), "slot " + slot + " is given for the second time");
      bridge.release(slot);
    }
  }

  @Test
  void placesWithoutAnyMoreSlotsAreNotUsed() {
    int slot = bridge.allocate(NOTHING);
    int last = Integer.MAX_VALUE - (1 << 14) + 1 + slot % (1 << 14);
    assertTrue(last > 0, "it is the last slot of its place");
    bridge.release(last);
    int next = bridge.allocate(NOTHING);
    assertTrue(next > 0 && next != last && next % (1 << 14) != slot % (1 << 14), "slot " + next);
    bridge.release(next);
  }

  @Test
  void manyAtOnce() throws Exception {
    Bridge many = Bridge.of(List.of(ConstantDescs.CD_double, ConstantDescs.CD_float));
    List<Integer> slots = new ArrayList<>();
    for (int i = 0; i < 1 << 14; i++) {
      slots.add(many.allocate(NOTHING));
    }
    assertEquals(
        "no more methods with such arguments can have probes",
        assertThrows(IllegalStateException.class, () -> many.allocate(NOTHING)).getMessage());
    slots.forEach(many::release);
    many.release(many.allocate(NOTHING));
  }
}
