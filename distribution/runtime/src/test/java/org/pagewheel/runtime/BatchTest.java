package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.spi.BatchConsumer;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.PageConsumer;

/** A consumer that takes several pages at once gets each event once, whatever it does. */
@Timeout(120)
class BatchTest extends WithProbes {
  private final Batches batches = new Batches();

  /** How many of the pages it is given a consumer takes. */
  private interface Taking {
    int count(List<Page> pages) throws Exception;
  }

  /** Keeps an account of what it has taken. */
  private static final class Batches implements BatchConsumer {
    final Load.Account account = new Load.Account(64, THREADS);
    final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    volatile Taking taking = List::size;
    private long missed;

    @Override
    public void accept(Page page, long missedBefore) {
      throw new AssertionError("one page where several may come");
    }

    @Override
    public int accept(List<Page> pages, long missedBefore) throws IOException {
      try {
        Page first = pages.getFirst();
        for (Page page : pages) {
          assertEquals(first.cpu(), page.cpu());
          assertEquals(first.memory().byteSize(), page.memory().byteSize());
        }
        sizes.add(pages.size());
        int count = taking.count(pages);
        for (Page page : pages.subList(0, Math.clamp(count, 0, pages.size()))) {
          account.add(page);
        }
        assertTrue(missedBefore >= 0);
        synchronized (this) {
          missed += missedBefore;
        }
        return count;
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }

    synchronized long missed() {
      return missed;
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void addType() {
    plugins
        .consumers()
        .add(
            "batches",
            0,
            new ConsumerFactory() {
              @Override
              public String type() {
                return "batches";
              }

              @Override
              public PageConsumer open(ConsumerContext context) {
                return batches;
              }
            });
  }

  private void attachBatches(String... settings) throws IOException {
    Map<String, String> values = new HashMap<>(Map.of("type", "batches"));
    for (int i = 0; i < settings.length; i += 2) {
      values.put(settings[i], settings[i + 1]);
    }
    engine.administration().attach("x", "batches", values);
  }

  @Test
  void pagesComeTogetherWhenTheyWait() throws Exception {
    BufferConfig config =
        BufferConfig.of("x", "heap")
            .withBackend("heap", Map.of("spares", "16"))
            .withPages(64, 4096);
    Buffer buffer =
        engine
            .buffers()
            .create(config.withMode(Mode.DISCARD).withClock(1, config.clock(), () -> 0));
    attachBatches("policy", "block", "block-timeout", "60 s", "queue", "16");
    Random random = new Random(1);
    AtomicBoolean stopping = new AtomicBoolean();
    batches.taking =
        pages -> {
          // Half of what waits comes with the next call, and the other half of the spare pages
          // can wait meanwhile: at least four come together, however fast the machine is.
          await(() -> status("batches").queued() >= 8 || stopping.get());
          return random.nextInt(1, pages.size() + 1);
        };
    Load load = new Load(buffer, THREADS).start();
    await(() -> batches.account.events() > 50_000);
    stopping.set(true);
    long written = load.stop();
    batches.taking = List::size;
    buffer.close();
    batches.account.assertComplete(written);
    assertEquals(0, batches.missed() + batches.account.missed());
    assertTrue(Collections.max(batches.sizes) >= 4, batches.sizes.toString());
  }

  @Test
  void aPageThatFailsIsMissedAloneAndToldByTheNext() throws Exception {
    Buffer buffer = createOne(Mode.DISCARD, 64);
    attachBatches("policy", "block", "block-timeout", "60 s");
    int[] calls = new int[1];
    batches.taking =
        pages -> {
          Thread.sleep(1);
          return switch (calls[0]++ % 5) {
            case 1 -> throw new IOException("disk full");
            case 3 -> 0; // what is no answer counts as a failure
            default -> pages.size() > 1 ? pages.size() - 1 : 1;
          };
        };
    Load load = new Load(buffer, THREADS).start();
    await(() -> batches.account.events() > 50_000);
    long written = load.stop();
    batches.taking = List::size;
    await(() -> buffer.counters().unread() == 0 && status("batches").queued() == 0);
    assertTrue(Load.write(buffer, 0, 1_000_000));
    long shown = status("batches").missed();
    buffer.close();
    assertTrue(batches.missed() > 0);
    assertEquals(written + 1, batches.account.events() + batches.missed());
    assertEquals(shown, batches.missed(), "what is shown is what is told");
  }

  @Test
  void oneThatNeverComesBackLeavesTheOthersPagesEnough() throws Exception {
    Buffer buffer = createOne(Mode.DISCARD, 64);
    CountDownLatch stuck = new CountDownLatch(1);
    attachBatches("queue", "64", "policy", "drop-newest", "block-timeout", "50 ms");
    batches.taking =
        pages -> {
          if (pages.size() > 1) {
            stuck.await();
          }
          Thread.sleep(1);
          return pages.size();
        };
    Probe good = attach("good", "policy", "block", "block-timeout", "60 s");
    Load load = new Load(buffer, THREADS).start();
    await(() -> status("batches").state() == ConsumerStatus.State.STUCK);
    long seen = good.account.events();
    await(() -> good.account.events() > seen + 50_000);
    long written = load.stop();
    await(() -> good.account.events() == written);
    good.account.assertComplete(written);
    stuck.countDown();
    batches.taking = List::size;
    await(() -> status("batches").queued() == 0);
    assertTrue(Load.write(buffer, 0, 1_000_000));
    await(() -> good.account.events() == written + 1);
    long shown = status("batches").missed();
    buffer.close();
    assertEquals(written + 1, batches.account.events() + batches.missed());
    assertEquals(shown, batches.missed(), "what is shown is what is told");
  }
}
