package org.pagewheel.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.shop.Desk;
import java.time.Duration;
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
      while (probes.graphs().getFirst().turnedOff().isEmpty()) { // a hang is a failure
        for (int i = 0; i < 100_000; i++) {
          desk.has(i);
        }
      }
      String line = probes.graphs().getFirst().turnedOff().orElseThrow();
      assertTrue(line.matches("it took about \\d+% of the CPU time, more than 10%"), line);
      assertTrue(probes.graphs().getFirst().calls() > 100_000);
      assertTrue(probes.probes().getFirst().turnedOff().isEmpty());
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
      while (probes.graphs().getFirst().turnedOff().isEmpty()) { // a hang is a failure
        Thread.sleep(10);
      }
      assertEquals("its buffer is closed", probes.graphs().getFirst().turnedOff().orElseThrow());
      assertTrue(Arrays.equals(before, ClassBytes.of(Desk.class)), "the bytes have changed");
    }
  }

  @Test
  void stacksCountForWhatTheyTake() throws Exception {
    try (Pagewheel pagewheel = Pagewheel.start(Map.of());
        Probes probes = Probes.of(ProbingAgent.instrumentation(), pagewheel.buffers(), 0.3)) {
      probes.probe("main", ProbeOptions.of("com.acme.shop.Desk.nothing()").withStack());
      Desk desk = new Desk();
      while (probes.probes().getFirst().turnedOff().isEmpty()) { // a hang is a failure
        desk.nothing();
      }
      ProbeStatus status = probes.unprobe("desk_nothing");
      assertTrue(status.nanos() > 1_000 * status.hits(), status.nanos() + " ns are too few");
    }
  }

  @Test
  void callsThatDoNotLastCostToo() throws Exception {
    try (Pagewheel pagewheel = Pagewheel.start(Map.of());
        Probes probes = Probes.of(ProbingAgent.instrumentation(), pagewheel.buffers(), 0.1)) {
      probes.probe(
          "main",
          ProbeOptions.of("com.acme.shop.Desk.has(long)()").withLonger(Duration.ofHours(1)));
      Desk desk = new Desk();
      while (probes.probes().getFirst().turnedOff().isEmpty()) { // a hang is a failure
        for (int i = 0; i < 100_000; i++) {
          desk.has(i);
        }
      }
      assertEquals(0, probes.unprobe("desk_has").hits());
    }
  }
}
