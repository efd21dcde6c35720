package org.pagewheel.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.acme.shop.Desk;
import com.acme.shop.Order;
import com.acme.shop.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.Buffer;
import org.pagewheel.EventReader;
import org.pagewheel.runtime.Pagewheel;

/** Probes with {@code if}. */
class ConditionTest {
  private static final String PLACE = "com.acme.shop.Desk.place";

  private final Desk desk = new Desk();
  private Pagewheel pagewheel;
  private Buffer buffer;
  private Probes probes;

  @BeforeEach
  void start() throws Exception {
    pagewheel = Pagewheel.start(Map.of("pagewheel.buffers.main.mode", "discard"));
    buffer = pagewheel.buffers().get("main");
    probes = Probes.of(ProbingAgent.instrumentation(), pagewheel.buffers(), 1);
  }

  @AfterEach
  void stop() {
    probes.close();
    pagewheel.close();
  }

  private List<String> names() throws Exception {
    List<String> names = new ArrayList<>();
    try (EventReader reader = buffer.readers().events()) {
      while (reader.next()) {
        names.add(reader.event().name());
      }
    }
    return names;
  }

  private void place(long id, String symbol) {
    desk.place(id, symbol, Side.SELL, new Order(id, Side.BUY, null), 1.5);
  }

  @Test
  void whatDoesNotPassTakesNoRoom() throws Exception {
    probes.probe("main", ProbeOptions.of(PLACE + "(id, symbol) if id < 0 && symbol ~ \"A*\""));
    for (int i = 0; i < 100_000; i++) {
      place(i, "ACME");
    }
    place(-1, "ACME");
    assertEquals(1, buffer.counters().written());
    assertEquals(0, buffer.counters().discarded());
    assertEquals(100_001, probes.probes().getFirst().hits());
    assertEquals(List.of("desk_place"), names());
  }

  @Test
  void aStackStandsBehindWhatPassesAlone() throws Exception {
    probes.probe("main", ProbeOptions.of(PLACE + "(id) if id == 7").withStack());
    place(6, "A");
    place(7, "A");
    place(8, "A");
    assertEquals(List.of("desk_place", "kernel_stack"), names());
  }

  @Test
  void valuesMayHaveDots() throws Exception {
    probes.probe(
        "main",
        ProbeOptions.of(
            PLACE
                + "(symbol, order.id, price) if symbol == BRK.B && order.id > 3 && price > 1.25"));
    place(4, "BRK_B");
    place(3, "BRK.B");
    assertEquals(List.of(), names());
    place(4, "BRK.B");
    assertEquals(List.of("desk_place"), names());
  }

  @Test
  void returns() throws Exception {
    probes.probe(
        "main",
        ProbeOptions.of(
                PLACE + "(order.id) if order.id == 7 || result == 1009 || exception != \"\"")
            .withReturn());
    place(7, "A");
    place(8, "A");
    place(9, "A");
    assertThrows(IllegalArgumentException.class, () -> place(10, null));
    assertEquals(List.of("desk_place", "desk_place", "desk_place"), names());
  }

  @Test
  void onOneThreadAlone() throws Exception {
    probes.probe("main", ProbeOptions.of(PLACE + "(id)"));
    place(1, "A");
    int pid;
    try (EventReader reader = buffer.readers().events()) {
      reader.next();
      pid = reader.event().pid();
    }
    probes.unprobe("desk_place");
    probes.probe("main", ProbeOptions.of(PLACE + "(id) if common_pid == " + pid));
    place(2, "A");
    Thread.ofPlatform().start(() -> place(3, "A")).join();
    assertEquals(List.of("desk_place"), names());
  }
}
