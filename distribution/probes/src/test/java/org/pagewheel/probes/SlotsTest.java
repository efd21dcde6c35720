package org.pagewheel.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.acme.shop.Gate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pagewheel.Buffer;
import org.pagewheel.runtime.Pagewheel;

/** Code that was taken out may still be running, and is nobody else's. */
class SlotsTest {
  @Test
  void aCallOfAnEndedProbeIsNoOthers() throws Exception {
    try (Pagewheel pagewheel = Pagewheel.start(Map.of());
        Probes probes = Probes.of(ProbingAgent.instrumentation(), pagewheel.buffers(), 1)) {
      Buffer buffer = pagewheel.buffers().get("main");
      Gate gate = new Gate();
      probes.probe("main", ProbeOptions.of("com.acme.shop.Gate.pass(id)").withReturn());
      Thread caller = Thread.ofPlatform().start(() -> pass(gate));
      gate.awaitEntered();
      probes.unprobe("gate_pass");
      probes.probe("main", ProbeOptions.of("com.acme.shop.Gate.look(id)").withReturn());
      gate.open();
      caller.join();
      assertEquals(0, buffer.counters().written());
      assertEquals(0, probes.probes().getFirst().hits());
      gate.look(7, null);
      assertEquals(1, buffer.counters().written());
    }
  }

  private static void pass(Gate gate) {
    try {
      gate.pass(1, null);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
