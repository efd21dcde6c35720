package org.pagewheel.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.shop.Desk;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pagewheel.runtime.Pagewheel;

/** What takes too much turns itself off. */
class BudgetTest {
  @Test
  void aGraphOfWhatIsCalledAllTheTime() throws Exception {
    byte[] before = ClassBytes.of(Desk.class);
    try (Pagewheel pagewheel = Pagewheel.start(Map.of());
        Probes probes = Probes.of(ProbingAgent.instrumentation(), pagewheel.buffers(), 0.1)) {
      probes.graph("main", GraphOptions.of("com.acme.shop.Desk"));
      probes.probe("main", ProbeOptions.of("com.acme.shop.Desk.nothing()"));
      Desk desk = new Desk();
      while (probes.graphs().getFirst().leftAlone().isEmpty()) { // a hang is a failure
        for (int i = 0; i < 100_000; i++) {
          desk.has(i);
        }
      }
      String line = probes.graphs().getFirst().leftAlone().getFirst();
      assertTrue(
          line.matches("turned off: it took about \\d+% of the CPU time, more than 10%"), line);
      assertEquals(0, probes.probes().getFirst().leftAlone().size());
      probes.unprobe("desk_nothing");
      assertTrue(Arrays.equals(before, ClassBytes.of(Desk.class)), "the bytes have changed");
      probes.ungraph("main");
    }
  }

  @Test
  void aGraphOfABufferThatIsClosed() throws Exception {
    byte[] before = ClassBytes.of(Desk.class);
    try (Pagewheel pagewheel = Pagewheel.start(Map.of());
        Probes probes = Probes.of(ProbingAgent.instrumentation(), pagewheel.buffers(), 1)) {
      probes.graph("main", GraphOptions.of("com.acme.shop.Desk"));
      pagewheel.buffers().destroy("main");
      while (probes.graphs().getFirst().leftAlone().isEmpty()) { // a hang is a failure
        Thread.sleep(10);
      }
      assertEquals(
          "turned off: its buffer is closed", probes.graphs().getFirst().leftAlone().getFirst());
      assertTrue(Arrays.equals(before, ClassBytes.of(Desk.class)), "the bytes have changed");
    }
  }

  @Test
  void stacksCountForWhatTheyTake() throws Exception {
    try (Pagewheel pagewheel = Pagewheel.start(Map.of());
        Probes probes = Probes.of(ProbingAgent.instrumentation(), pagewheel.buffers(), 0.3)) {
      probes.probe("main", ProbeOptions.of("com.acme.shop.Desk.nothing()").withStack());
      Desk desk = new Desk();
      while (probes.probes().getFirst().leftAlone().isEmpty()) { // a hang is a failure
        desk.nothing();
      }
    }
  }
}
