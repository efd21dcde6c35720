package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pagewheel.Buffer;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.runtime.internal.Engine;
import org.pagewheel.runtime.internal.config.ConfigLoader;
import org.pagewheel.runtime.internal.plugin.Plugins;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.ConsumerFactory;

/** Pages flow to consumers, and what a consumer does wrong stays with it. */
@Timeout(120)
class PumpTest extends WithProbes {
  @Test
  void everyConsumerGetsEveryEventOnceThoughTheRingIsReplaced() throws Exception {
    Buffer buffer = create(Mode.DISCARD, 32);
    Probe one = attach("one", "policy", "block", "block-timeout", "60 s");
    Probe two = attach("two", "policy", "block", "block-timeout", "60 s", "queue", "1");
    Load load = new Load(buffer, THREADS).start();
    for (int i = 0; i < 10; i++) {
      Thread.sleep(10);
      engine.administration().replace(buffer.config().withPages(16 + i, i % 2 == 0 ? 8192 : 4096));
    }
    long written = load.stop();
    buffer.close();

    assertTrue(one.isClosed() && two.isClosed());
    one.account.assertComplete(written);
    two.account.assertComplete(written);
    assertEquals(0, one.missed() + one.account.missed() + two.missed() + two.account.missed());
    Counters counters = buffer.counters();
    assertEquals(written, counters.written());
    assertEquals(written, counters.read());
  }

  @Test
  void aSlowStreamBecomesVisibleByTimer() throws Exception {
    Buffer buffer = create(Mode.OVERWRITE, 8);
    Probe probe = attach("one");
    assertTrue(Load.write(buffer, 0, 0));
    await(() -> probe.account.events() == 1);
    await(() -> probe.flushes > 0);
    assertTrue(Load.write(buffer, 0, 1));
    await(() -> probe.account.events() == 2);
  }

  @Test
  void theFirstConsumerGetsWhatIsThereAlready() throws Exception {
    Buffer buffer = create(Mode.OVERWRITE, 8);
    for (int i = 0; i < 100; i++) {
      Load.write(buffer, 0, i);
    }
    Probe probe = attach("one");
    await(() -> probe.account.events() == 100);
  }

  @Test
  void aStuckConsumerHarmsOnlyItself() throws Exception {
    Buffer buffer = createOne(Mode.DISCARD, 64);
    CountDownLatch stuck = new CountDownLatch(1);
    Probe bad = attach("bad", "queue", "4", "policy", "drop-newest", "block-timeout", "50 ms");
    bad.taker = page -> stuck.await();
    Probe good = attach("good", "policy", "block", "block-timeout", "60 s");
    Load load = new Load(buffer, THREADS).start();
    await(() -> good.account.events() > 20_000);
    await(() -> status("bad").state() == ConsumerStatus.State.STUCK);
    long written = load.stop();
    await(() -> good.account.events() == written);
    good.account.assertComplete(written);
    assertTrue(status("bad").missed() > 0);

    stuck.countDown();
    bad.taker = page -> {};
    await(() -> status("bad").queued() == 0);
    Load.write(buffer, 0, 1_000_000);
    await(() -> good.account.events() == written + 1);
    buffer.close();
    assertEquals(written + 1, bad.account.events() + bad.missed(), "what it missed is told");
  }

  @Test
  void aBlockingConsumerThatHangsHoldsTheOthersOnlyForItsTimeout() throws Exception {
    Buffer buffer = create(Mode.DISCARD, 64);
    CountDownLatch stuck = new CountDownLatch(1);
    Probe bad = attach("bad", "queue", "2", "policy", "block", "block-timeout", "100 ms");
    bad.taker = page -> stuck.await();
    Probe good = attach("good", "policy", "block", "block-timeout", "60 s");
    Load load = new Load(buffer, THREADS).start();
    await(() -> good.account.events() > 20_000);
    long written = load.stop();
    await(() -> good.account.events() == written);
    stuck.countDown();
  }

  @Test
  void aThrowingConsumerMissesWhatItThrowsAtAndGoesOn() throws Exception {
    Buffer buffer = createOne(Mode.DISCARD, 64);
    int[] calls = new int[1];
    Probe bad = attach("bad", "policy", "block", "block-timeout", "60 s");
    bad.taker =
        page -> {
          if (calls[0]++ % 3 == 1) {
            if (calls[0] % 2 == 0) {
              throw new IOException("disk full");
            }
            throw new AssertionError("bug");
          }
        };
    Load load = new Load(buffer, THREADS).start();
    await(() -> bad.account.events() > 10_000);
    long written = load.stop();
    await(() -> Load.write(buffer, 0, 1_000_000)); // the ring may be full at that moment
    await(() -> buffer.counters().unread() == 0 && status("bad").queued() == 0);
    bad.taker = page -> {};
    assertTrue(Load.write(buffer, 0, 1_000_001));
    await(() -> buffer.counters().unread() == 0 && status("bad").problem().isEmpty());
    buffer.close();
    assertEquals(written + 2, bad.account.events() + bad.missed());
  }

  @Test
  void dropOldestKeepsTheNewest() throws Exception {
    Buffer buffer = createOne(Mode.OVERWRITE, 64);
    CountDownLatch stuck = new CountDownLatch(1);
    Probe slow = attach("slow", "queue", "2", "policy", "dropOldest");
    slow.taker = page -> stuck.await();
    long last = 0;
    while (status("slow").missed() == 0) {
      for (int i = 0; i < 100; i++) {
        Load.write(buffer, 0, last++);
      }
      Thread.sleep(5);
    }
    await(() -> buffer.counters().unread() == 0);
    stuck.countDown();
    slow.taker = page -> {};
    await(() -> status("slow").queued() == 0);
    buffer.close();
    assertEquals(last, slow.account.events() + slow.missed());
    assertEquals(0, slow.account.missed());
  }

  @Test
  void consumersComeAndGoWhileEventsFlow() throws Exception {
    Buffer buffer = create(Mode.OVERWRITE, 32);
    Probe stays = attach("stays", "policy", "block", "block-timeout", "60 s");
    Load load = new Load(buffer, THREADS).start();
    for (int i = 0; i < 50; i++) {
      Probe goes = attach("goes");
      engine.administration().detach("x", "goes");
      assertTrue(goes.isClosed());
    }
    long written = load.stop();
    buffer.close();
    long overrun = buffer.counters().overrun();
    assertEquals(written, stays.account.events() + overrun);
    assertEquals(1, threads("pagewheel-x"), "the pump's own end is awaited");
  }

  /** Of the names given, and what belongs to them; at least 1, for the one that is looked for. */
  private static long threads(String name) throws InterruptedException {
    long count = 1;
    for (int i = 0; i < 100; i++) {
      count =
          1
              + Thread.getAllStackTraces().keySet().stream()
                  .filter(thread -> thread.getName().startsWith(name))
                  .count();
      if (count == 1) {
        break;
      }
      Thread.sleep(10);
    }
    return count;
  }

  @Test
  void wrongAttachmentsAreRefusedInOneLine() throws Exception {
    Buffer buffer = create(Mode.OVERWRITE, 8);
    attach("one");
    assertMessage("buffer x has a consumer one already: choose another name", "one", "probe");
    assertMessage("there is no consumer of type prob: did you mean probe?", "two", "prob");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> attach("two", "fail", "1"));
    assertEquals("buffer x: consumer two of type probe: setting fail is unknown", e.getMessage());
    IllegalArgumentException none =
        assertThrows(
            IllegalArgumentException.class, () -> engine.administration().detach("x", "onee"));
    assertEquals("buffer x has no consumer onee: did you mean one?", none.getMessage());
    assertEquals(1, engine.administration().consumers().size());
    assertThrows(IllegalStateException.class, () -> buffer.readers().events());
    engine.administration().detach("x", "one");
    buffer.readers().events().close();
  }

  private void assertMessage(String message, String name, String type) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> engine.administration().attach("x", name, Map.of("type", type)));
    assertEquals(message, e.getMessage());
  }

  @Test
  void aConsumerWaitsForItsTypeAndEndsWithIt() throws Exception {
    Plugins few = new Plugins();
    ServiceLoader.load(Backend.class).forEach(b -> few.backends().add(b.name(), 0, b));
    Engine other =
        Engine.start(
            ConfigLoader.load(
                Optional.empty(),
                new Properties(),
                Map.of("pagewheel.buffers.main.consumers.a.type", "probe")),
            few);
    try {
      ConsumerStatus waiting = other.administration().consumers().getFirst();
      assertEquals(ConsumerStatus.State.WAITING, waiting.state());
      assertEquals(
          "there is no consumer of type probe: there is none", waiting.problem().orElseThrow());
      ConsumerFactory factory = probes();
      few.consumers().add("probe", 0, factory);
      assertEquals(
          ConsumerStatus.State.RUNNING, other.administration().consumers().getFirst().state());
      Load.write(other.buffers().get("main"), 0, 0);
      few.consumers().remove(factory);
      Probe probe = probes.get("a");
      assertTrue(probe.isClosed());
      assertEquals(1, probe.account.events());
      assertEquals(
          ConsumerStatus.State.WAITING, other.administration().consumers().getFirst().state());
      assertEquals("main", probe.context.buffer().name());
    } finally {
      other.stop();
    }
  }

  @Test
  void aConsumerThatDoesNotEndIsLeftBehind() throws Exception {
    Buffer buffer = create(Mode.OVERWRITE, 8);
    Probe bad = attach("bad");
    CountDownLatch never = new CountDownLatch(1);
    bad.taker =
        page -> {
          while (never.getCount() > 0) {
            try {
              never.await();
            } catch (InterruptedException stubborn) {
              // the test wants one that does not listen
            }
          }
        };
    Load.write(buffer, 0, 0);
    await(() -> status("bad").queued() == 0 && buffer.counters().unread() == 0);
    buffer.close(); // comes to its end, as the test's time-out demands
    never.countDown();
    await(bad::isClosed);
  }
}
