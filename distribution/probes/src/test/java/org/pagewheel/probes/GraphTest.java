package org.pagewheel.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.CallLog;
import com.acme.program.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventType;
import org.pagewheel.runtime.Pagewheel;

/** A program that calls its methods at random, and what the graph says of it. */
class GraphTest {
  private static final String PATTERN = "com.acme.program.**";
  private static final String PREFIX = "com.acme.program.";

  private Pagewheel pagewheel;
  private Buffer buffer;
  private Probes probes;

  @BeforeEach
  void start() throws Exception {
    pagewheel = Pagewheel.start(Map.of("pagewheel.buffers.main.pages", "8192"));
    buffer = pagewheel.buffers().get("main");
    probes = Probes.of(ProbingAgent.instrumentation(), pagewheel.buffers(), 1);
  }

  @AfterEach
  void stop() {
    probes.close();
    pagewheel.close();
  }

  private static CallLog run(long seed, int calls) {
    CallLog log = new CallLog();
    new Program(log, seed, calls).run();
    return log;
  }

  @Test
  void whatAProgramLogsIsWhatTheGraphSays() throws Exception {
    probes.graph("main", GraphOptions.of(PATTERN));
    for (int seed = 0; seed < 20; seed++) {
      CallLog log = run(seed, 5_000);
      Recorded recorded = Recorded.of(buffer);
      assertEquals(1, recorded.lines().size());
      List<CallLog.Line> lines = recorded.lines().values().iterator().next();
      Recorded.assertSame(log.lines(), lines, PREFIX);
      assertTimes(log.lines(), recorded);
    }
  }

  /** What the program measured lies within what was recorded, and its caller's outside of it. */
  private static void assertTimes(List<CallLog.Line> logged, Recorded recorded) {
    List<Long> open = new ArrayList<>();
    int exits = 0;
    for (CallLog.Line line : logged) {
      if (!line.isReturn()) {
        open.add(line.time());
      } else {
        long own = line.time() - open.removeLast();
        long said = recorded.durations().get(exits++);
        assertTrue(said >= own, said + " ns were recorded of " + own);
      }
    }
  }

  @Test
  void manyThreads() throws Exception {
    probes.graph("main", GraphOptions.of(PATTERN));
    Map<Integer, CallLog> virtual = new TreeMap<>();
    List<CallLog> platform = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      CallLog log = new CallLog();
      int seed = i;
      Runnable work = () -> new Program(log, seed, 2_000).run();
      Thread thread = i % 2 == 0 ? Thread.ofVirtual().unstarted(work) : new Thread(work);
      threads.add(thread);
      if (thread.isVirtual()) {
        virtual.put(EventType.pidOfVirtual(thread.threadId()), log);
      } else {
        platform.add(log);
      }
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    Recorded recorded = Recorded.of(buffer);
    assertEquals(50, recorded.lines().size());
    for (var each : virtual.entrySet()) {
      List<CallLog.Line> lines = recorded.lines().remove(each.getKey());
      Recorded.assertSame(each.getValue().lines(), lines, PREFIX);
    }
    for (List<CallLog.Line> lines : recorded.lines().values()) {
      List<String> is = Recorded.texts(lines, PREFIX);
      assertTrue(
          platform.removeIf(log -> Recorded.texts(log.lines(), PREFIX).equals(is)),
          "calls that no thread has logged");
    }
  }
}
