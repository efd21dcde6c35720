package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Buffer;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.PageConsumer;

/** Whatever a consumer throws: the pump goes on, no page leaks, and the account is exact. */
@Timeout(240)
class ConsumerErrorsTest extends WithProbes {
  /** Far more pages than any ring has to spare. */
  private static final int FAILURES = 300;

  @ParameterizedTest
  @EnumSource(Thrown.class)
  void whateverIsThrownNoPageLeaksAndTheAccountIsExact(Thrown thrown) throws Exception {
    Buffer buffer = createOne(Mode.DISCARD, 16);
    AtomicInteger failures = new AtomicInteger();
    Probe bad = attach("bad", "policy", "block", "block-timeout", "60 s");
    bad.taker =
        page -> {
          if (failures.get() < FAILURES && failures.incrementAndGet() % 3 != 0) {
            thrown.fail();
          }
        };
    Probe good = attach("good", "policy", "block", "block-timeout", "60 s");
    Load load = new Load(buffer, THREADS).start();
    await(() -> failures.get() >= FAILURES);
    long written = load.stop();
    await(() -> Load.write(buffer, 0, 1_000_000)); // tells what was missed last
    await(() -> good.account.events() == written + 1 && status("bad").queued() == 0);
    await(() -> status("bad").problem().isEmpty());
    long shown = status("bad").missed();
    buffer.close();
    assertTrue(shown > 0);
    assertEquals(shown, bad.missed(), "what is shown is what it is told");
    assertEquals(written + 1, bad.account.events() + bad.missed());
    assertEquals(0, good.missed() + good.account.missed());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoReleasesAPageTooOftenHarmsNobodyElse(boolean throwing) throws Exception {
    Buffer buffer = createOne(Mode.DISCARD, 16);
    AtomicInteger releases = new AtomicInteger();
    Probe bad = attach("bad");
    bad.taker =
        page -> {
          page.release();
          releases.incrementAndGet();
          if (throwing) {
            throw new IOException("disk full");
          }
        };
    Probe good = attach("good", "policy", "block", "block-timeout", "60 s");
    Load load = new Load(buffer, THREADS).start();
    await(() -> releases.get() >= FAILURES);
    String problem = status("bad").problem().orElse("none");
    assertTrue(problem.startsWith("accept failed: "), problem);
    bad.taker = page -> {};
    long pages = status("bad").pages();
    await(() -> status("bad").pages() > pages + 1 && status("bad").problem().isEmpty());
    long written = load.stop();
    await(() -> good.account.events() == written);
    buffer.close();
    assertEquals(0, good.missed() + good.account.missed());
  }

  @Test
  void oneThatLosesEverythingFailsThoughItsFlushesSucceed() throws Exception {
    Buffer buffer = createOne(Mode.DISCARD, 16);
    Probe bad = attach("bad");
    bad.taker =
        page -> {
          throw new IOException("disk full");
        };
    for (int i = 0; i < 3; i++) {
      assertTrue(Load.write(buffer, 0, i));
      long missed = i + 1;
      int flushes = bad.flushes;
      await(() -> status("bad").missed() == missed);
      await(() -> bad.flushes > flushes);
      String problem = status("bad").problem().orElse("none");
      assertTrue(problem.startsWith("accept failed: disk full (since 20"), problem);
      assertTrue(problem.endsWith(", " + missed + " events missed)"), problem);
    }
    assertEquals(0, status("bad").pages());
    bad.taker = page -> {};
    assertTrue(Load.write(buffer, 0, 3));
    await(() -> status("bad").pages() == 1);
    await(() -> status("bad").problem().isEmpty());
    assertEquals(3, bad.missed());
  }

  @Test
  void whatAConsumerLosesByItselfIsMissed() throws Exception {
    Buffer buffer = createOne(Mode.DISCARD, 16);
    Probe probe = attach("one");
    assertTrue(Load.write(buffer, 0, 0));
    await(() -> status("one").pages() == 1);
    probe.context.report("its file has gone");
    probe.context.lost(1);
    ConsumerStatus status = status("one");
    assertEquals(1, status.missed());
    assertTrue(status.problem().orElseThrow().endsWith(", 1 events missed)"), "" + status);
    probe.context.report(null);
    assertTrue(status("one").problem().isEmpty());
  }

  @Test
  void oneThatInterruptsItsThreadGetsEverything() throws Exception {
    Buffer buffer = createOne(Mode.DISCARD, 16);
    Probe probe = attach("one", "policy", "block", "block-timeout", "60 s", "queue", "2");
    probe.taker = page -> Thread.currentThread().interrupt();
    Load load = new Load(buffer, THREADS).start();
    await(() -> probe.account.events() > 20_000);
    long written = load.stop();
    await(() -> probe.account.events() == written);
    assertEquals(ConsumerStatus.State.RUNNING, status("one").state());
    assertTrue(status("one").problem().isEmpty());
    buffer.close();
    probe.account.assertComplete(written);
    assertEquals(0, probe.missed());
    assertTrue(probe.isClosed());
  }

  /** The pump's own thread, too, can be found and interrupted by anybody. */
  @Test
  void othersThatInterruptOurThreadsDoNoHarm() throws Exception {
    Buffer buffer = createOne(Mode.DISCARD, 16);
    Probe probe = attach("one", "policy", "block", "block-timeout", "60 s");
    Load load = new Load(buffer, THREADS).start();
    await(
        () -> {
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().startsWith("pagewheel-x"))
              .forEach(Thread::interrupt);
          return probe.account.events() > 20_000;
        });
    long written = load.stop();
    await(() -> probe.account.events() == written);
    buffer.close();
    probe.account.assertComplete(written);
    assertEquals(0, probe.missed());
  }

  /** One that throws when it is opened or closed, in the midst of others. */
  @Test
  void errorsWhenOneComesOrGoesLeaveTheOthers() throws Exception {
    Buffer buffer = createOne(Mode.DISCARD, 16);
    Probe good = attach("good", "policy", "block", "block-timeout", "60 s");
    plugins
        .consumers()
        .add(
            "soe",
            0,
            new ConsumerFactory() {
              @Override
              public String type() {
                return "soe";
              }

              @Override
              public PageConsumer open(ConsumerContext context) {
                if (context.settings().containsKey("open")) {
                  Thrown.recurse(0);
                }
                return new PageConsumer() {
                  @Override
                  public void accept(Page page, long missed) {
                    Thrown.recurse(0);
                  }

                  @Override
                  public void flush() {
                    Thrown.recurse(0);
                  }

                  @Override
                  public void close() {
                    Thrown.recurse(0);
                  }
                };
              }
            });
    long written = 0;
    for (int i = 0; i < 20; i++) {
      try {
        engine.administration().attach("x", "bad", Map.of("type", "soe", "open", "1"));
        assertFalse(true, "it cannot be opened");
      } catch (IOException expected) {
        assertTrue(expected.getMessage().contains("cannot start"), expected.getMessage());
      }
      engine.administration().attach("x", "bad", Map.of("type", "soe"));
      assertTrue(Load.write(buffer, 0, written++));
      await(() -> status("bad").missed() == 1);
      engine.administration().detach("x", "bad");
    }
    long all = written;
    await(() -> good.account.events() == all);
    assertEquals(1, engine.administration().consumers().size());
    buffer.close();
    assertEquals(0, good.missed());
  }
}
