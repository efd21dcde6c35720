package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pagewheel.Buffer;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.RingView;

/** Many consumers of one buffer, for long and under load; and what they cost when nothing comes. */
@Timeout(900)
class FanOutTest extends WithProbes {
  /** 10 000 take some minutes. */
  private static final int ATTACHMENTS = Integer.getInteger("fanout.attachments", 300);

  private static final long MILLI = 1_000_000;

  @Test
  void allConsumersGetTheSameMemoryAndNoCopyOfIt() throws Exception {
    Buffer buffer = createOne(Mode.DISCARD, 16);
    List<MemorySegment> first = new CopyOnWriteArrayList<>();
    List<MemorySegment> second = new CopyOnWriteArrayList<>();
    attach("one", "policy", "block", "block-timeout", "60 s").taker =
        page -> first.add(page.memory());
    attach("two", "policy", "block", "block-timeout", "60 s").taker =
        page -> second.add(page.memory());
    for (int i = 0; i < 1000; i++) {
      assertTrue(Load.write(buffer, 0, i));
    }
    buffer.close();
    assertTrue(first.size() >= 5, first.size() + " pages");
    assertEquals(first.size(), second.size());
    for (int i = 0; i < first.size(); i++) {
      assertSame(first.get(i), second.get(i));
    }
  }

  @Test
  void aSleepingConsumerMissesWhatItIsToldAndTheOtherNothing() throws Exception {
    for (String policy : List.of("drop-oldest", "drop-newest")) {
      Buffer buffer = createOne(Mode.DISCARD, 64);
      Probe slow = attach("slow", "queue", "4", "policy", policy);
      slow.taker = page -> Thread.sleep(20);
      Probe good = attach("good", "policy", "block", "block-timeout", "60 s");
      Load load = new Load(buffer, THREADS).start();
      await(() -> good.account.events() > 50_000 && status("slow").missed() > 0);
      long written = load.stop();
      await(() -> good.account.events() == written && status("slow").queued() == 0);
      assertTrue(Load.write(buffer, 0, 1_000_000_000)); // a page that tells what was missed last
      long shown = status("slow").missed();
      buffer.close();
      assertEquals(written + 1, good.account.events());
      assertEquals(0, good.missed() + good.account.missed());
      assertEquals(written + 1, slow.account.events() + slow.missed(), policy);
      assertEquals(shown, slow.missed(), "what is shown is what is told");
    }
  }

  @Test
  void consumersComeAndGoManyTimesUnderLoad() throws Exception {
    restart(Map.of("pagewheel.stop-timeout", "60 s")); // that none is left behind is the test's
    Buffer buffer = create(Mode.OVERWRITE, 32);
    Probe stays = attach("stays", "policy", "block", "block-timeout", "60 s");
    Load load = new Load(buffer, THREADS).start();
    long seen = 0;
    for (int i = 0; i < ATTACHMENTS; i++) {
      String name = "goes-" + i % 3;
      Probe goes = attach(name, "queue", "8", "policy", i % 2 == 0 ? "drop-newest" : "block");
      if (i % 10 == 0) {
        await(() -> goes.account.events() > 0);
      }
      ConsumerStatus last = status(name);
      assertTrue(last.problem().isEmpty(), last::toString);
      engine.administration().detach("x", name);
      assertTrue(goes.isClosed());
      seen += goes.account.events();
    }
    assertTrue(status("stays").problem().isEmpty());
    long written = load.stop();
    buffer.close();
    assertTrue(seen > 0);
    Counters counters = buffer.counters();
    assertEquals(written, counters.written());
    assertEquals(written, counters.read() + counters.overrun());
    assertEquals(counters.read(), stays.account.events());
    assertEquals(0, stays.missed());
    await(() -> threads("pagewheel-x") == 0);
  }

  private static long threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .count();
  }

  @Test
  void pagesAreTakenFromTheWatermarkOnAndNotBefore() throws Exception {
    restart(Map.of("pagewheel.defaults.flush", "1 h", "pagewheel.defaults.watermark", "50"));
    Buffer buffer = createOne(Mode.DISCARD, 32);
    Probe probe = attach("one");
    long count = 0;
    while (fullPages(buffer) < 14) { // nearly half of 32
      assertTrue(Load.write(buffer, 0, count++));
    }
    Thread.sleep(300);
    assertEquals(0, probe.account.events());
    while (fullPages(buffer) < 16) {
      assertTrue(Load.write(buffer, 0, count++));
      if (probe.account.events() > 0) {
        break;
      }
    }
    long written = count;
    await(() -> probe.account.events() > 0);
    buffer.close();
    assertEquals(written, probe.account.events());
    assertEquals(0, probe.missed() + probe.account.missed(), "missed though there was room");
  }

  private static long fullPages(Buffer buffer) {
    return buffer.view(0).pages().stream()
        .filter(page -> page.state() == RingView.State.FULL)
        .count();
  }

  @Test
  void anIdleBufferCostsNoCpu() throws Exception {
    restart(Map.of());
    Buffer buffer = create(Mode.OVERWRITE, 256);
    Probe probe = attach("one");
    attach("two");
    assertTrue(Load.write(buffer, 0, 0));
    await(() -> probe.account.events() == 1 && probe.flushes > 0);
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long pump = least(FanOutTest::ofPump, MILLI);
    long process = least(system::getProcessCpuTime, 20 * MILLI);
    System.out.printf("idle for 1 s: threads %d us, process %d us%n", pump / 1000, process / 1000);
    assertTrue(pump < MILLI, pump + " ns of the pump and its consumers in 1 s");
    assertTrue(process < 20 * MILLI, process + " ns of the process in 1 s");
  }

  /**
   * In a second; the first that is little enough, or the least of many, for the JVM has work of its
   * own, which takes long where others use the machine.
   */
  private static long least(LongSupplier nanos, long enough) throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 30 && least >= enough; i++) {
      long before = nanos.getAsLong();
      Thread.sleep(1000);
      least = Math.min(least, nanos.getAsLong() - before);
    }
    return least;
  }

  private static long ofPump() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("pagewheel-x"))
        .mapToLong(thread -> threads.getThreadCpuTime(thread.threadId()))
        .sum();
  }
}
