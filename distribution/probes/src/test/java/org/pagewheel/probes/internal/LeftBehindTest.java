package org.pagewheel.probes.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.acme.shop.Gate;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.probes.GraphOptions;
import org.pagewheel.probes.ProbeOptions;
import org.pagewheel.probes.Probes;
import org.pagewheel.probes.ProbingAgent;
import org.pagewheel.runtime.Pagewheel;
import org.pagewheel.spi.WritableBuffer;

/** What a probe or graph keeps of the application, and leaves in it. */
class LeftBehindTest {
  private Pagewheel pagewheel;
  private WritableBuffer buffer;

  @BeforeEach
  void start() {
    pagewheel = Pagewheel.start(Map.of());
    buffer = (WritableBuffer) pagewheel.buffers().get("main");
  }

  @AfterEach
  void stop() {
    pagewheel.close();
  }

  private static void awaitGone(WeakReference<?> reference) throws InterruptedException {
    while (reference.get() != null) { // a hang is a failure
      System.gc();
      Thread.sleep(10);
    }
  }

  @Test
  void aGraphLeavesNothingInThreads() throws Exception {
    Gate gate = new Gate();
    Instrumenter instrumenter = new Instrumenter(ProbingAgent.instrumentation());
    Graph graph =
        new Graph(
            buffer,
            GraphOptions.of("com.acme.shop.Gate"),
            Hook.install(ProbingAgent.instrumentation()));
    instrumenter.add(graph);
    CountDownLatch called = new CountDownLatch(2);
    CountDownLatch end = new CountDownLatch(1);
    Runnable work =
        () -> {
          gate.look(1, null);
          called.countDown();
          await(end);
          gate.look(2, null);
        };
    List<Thread> threads = List.of(Thread.ofPlatform().start(work), Thread.ofVirtual().start(work));
    called.await();
    List<WeakReference<Object>> stacks =
        new ArrayList<>(graph.stacks().stream().map(WeakReference::new).toList());
    assertEquals(2, stacks.size());
    graph.end();
    instrumenter.remove(graph);
    for (WeakReference<Object> stack : stacks) {
      awaitGone(stack);
    }
    end.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(4, buffer.counters().written());
  }

  @Test
  void threadsThatHaveEndedAreForgotten() throws Exception {
    Gate gate = new Gate();
    Instrumenter instrumenter = new Instrumenter(ProbingAgent.instrumentation());
    Graph graph =
        new Graph(
            buffer,
            GraphOptions.of("com.acme.shop.Gate"),
            Hook.install(ProbingAgent.instrumentation()));
    instrumenter.add(graph);
    for (int i = 0; i < 100; i++) {
      Thread.ofVirtual().start(() -> gate.look(1, null)).join();
    }
    while (!graph.stacks().isEmpty()) {
      System.gc();
      graph.prune();
    }
    graph.end();
    instrumenter.remove(graph);
    assertEquals(200, buffer.counters().written());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void argumentsThatNobodyAskedForAreNotKept() throws Exception {
    try (Probes probes = Probes.of(ProbingAgent.instrumentation(), pagewheel.buffers(), 1)) {
      probes.probe("main", ProbeOptions.of("com.acme.shop.Gate.pass").withReturn());
      Gate gate = new Gate();
      AtomicReference<WeakReference<Object>> argument = new AtomicReference<>();
      Thread caller = Thread.ofPlatform().start(() -> pass(gate, argument));
      gate.awaitEntered();
      awaitGone(argument.get());
      gate.open();
      caller.join();
      assertEquals(1, buffer.counters().written());
    }
  }

  private static void pass(Gate gate, AtomicReference<WeakReference<Object>> argument) {
    try {
      gate.pass(1, tracked(argument));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object tracked(AtomicReference<WeakReference<Object>> argument) {
    Object object = new Object();
    argument.set(new WeakReference<>(object));
    return object;
  }

  /** What a probe itself uses to become one: it does not begin again within itself. */
  @Test
  void whatLinkingCallsItself() throws Exception {
    try (Probes probes = Probes.of(ProbingAgent.instrumentation(), pagewheel.buffers(), 1)) {
      for (String used :
          List.of(
              "java.util.HashMap.put",
              "java.util.ArrayList.add",
              "java.util.concurrent.ConcurrentHashMap.putVal",
              "java.util.stream.ReferencePipeline.map")) {
        probes.probe("main", ProbeOptions.of(used + "()").withName("used").withReturn());
        new HashMap<>().put(1, 2);
        new ConcurrentHashMap<>().put(1, 2);
        new ArrayList<>().add(1);
        List.of(1).stream().map(i -> i).toList();
        probes.graph("main", GraphOptions.of(used));
        new HashMap<>().put(1, 2);
        new ConcurrentHashMap<>().put(1, 2);
        new ArrayList<>().add(1);
        List.of(1).stream().map(i -> i).toList();
        assertEquals(true, probes.unprobe("used").hits() > 0, used);
        probes.ungraph("main");
      }
    }
  }
}
