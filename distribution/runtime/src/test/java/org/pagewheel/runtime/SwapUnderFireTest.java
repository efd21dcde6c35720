package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.management.JMX;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counters;
import org.pagewheel.consumer.stats.BufferMXBean;
import org.pagewheel.consumer.stats.BufferReport;
import org.pagewheel.event.EventType;

/**
 * The ring is replaced by one of another backend every 10 ms, while eight threads write and
 * consumers of types splice and stats take. What the writers were told is written must be in the
 * files, once and in order. {@code -Dswap.seconds=60}, or 3600, for longer.
 */
class SwapUnderFireTest {
  private static final int SECONDS = Integer.getInteger("swap.seconds", 5);
  static final int THREADS = 8;
  private static final int PERIOD_MILLIS = 10;
  private static final int MIN_PER_SECOND = 1;

  /**
   * The bar, in microseconds: of ten thousand records one may take longer. What counts is the time
   * in which the thread ran; a machine that runs something else instead, or stops all threads of
   * the JVM, is no writer's wait.
   */
  private static final int BAR_MICROS = 1000;

  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  record Shot(long writer, long count) {}

  static final EventType<Shot> SHOT = EventType.of("underfire", Shot.class);

  @TempDir Path directory;

  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean stop;

  /** Writes in bursts, with a breath between, so that the disk can follow. */
  private final class Writer extends Thread {
    private static final int BURST = 20;
    private static final int BREATH_MICROS = 500;

    private final Buffer buffer;
    private final int number;
    private final Latencies latencies = new Latencies();
    private long written;
    private long refused;

    Writer(Buffer buffer, int number) {
      super("writer-" + number);
      this.buffer = buffer;
      this.number = number;
    }

    @Override
    public void run() {
      try {
        while (!stop) {
          long ran = CPU.getCurrentThreadCpuTime();
          for (int i = 0; i < BURST; i++) {
            long begin = System.nanoTime();
            boolean told = SHOT.record(buffer, new Shot(number, written));
            long took = System.nanoTime() - begin;
            long running = took;
            if (took > Latencies.SLOW_NANOS) { // of the others it makes no difference
              long now = CPU.getCurrentThreadCpuTime();
              running = Math.min(took, now - ran); // the quick ones before it, too: no matter
              ran = now;
            }
            latencies.add(took, running);
            written += told ? 1 : 0;
            refused += told ? 0 : 1;
          }
          java.util.concurrent.locks.LockSupport.parkNanos(BREATH_MICROS * 1000L);
        }
      } catch (Throwable t) {
        failure.compareAndSet(null, t);
      }
    }
  }

  /** Reads and deletes finished files, so that an hour needs no more disk than a minute. */
  private void readFinished(Path files, Account account) throws Exception {
    if (Files.exists(files)) {
      for (Path file : SplicedFiles.list(files)) {
        account.add(file);
        Files.delete(file);
      }
    }
  }

  private BufferConfig next(BufferConfig now, int swaps) throws IOException {
    int pageSize = swaps % 3 == 0 ? 16384 : 4096;
    Path old = directory.resolve("ring" + (swaps - 12));
    Files.deleteIfExists(old);
    BufferConfig sized = now.withPages(64 + 32 * (swaps % 4), pageSize);
    return switch (swaps % 4) {
      case 0 -> sized.withBackend("lockfree", Map.of());
      case 1 -> {
        String file = directory.resolve("ring" + swaps).toString();
        yield sized.withBackend("offheap", Map.of("file", file));
      }
      case 2 -> sized.withBackend("heap", Map.of());
      default -> sized.withBackend("lockfree", Map.of("memory", "heap"));
    };
  }

  @Test
  void everyEventThatWasWrittenComesOutOnceAndInOrder() throws Exception {
    Path files = directory.resolve("files");
    Path config = directory.resolve("pagewheel.conf");
    Files.writeString(
        config,
        """
        pagewheel.drain-timeout = 60 s
        pagewheel.stop-timeout = 60 s
        pagewheel.buffers.main {
          mode = discard, pages = 64, flush = 50 ms, events = ["underfire:*"]
          consumers.disk {
            type = splice, dir = "%s", policy = block, block-timeout = 60 s
            max-size = 16 MiB, max-files = unlimited
          }
          consumers.stats { type = stats, policy = block, block-timeout = 60 s }
        }
        """
            .formatted(files));
    Account account;
    Writer[] writers = new Writer[THREADS];
    int swaps = 0;
    long slowest = 0;
    long written;
    try (Pagewheel pagewheel = Pagewheel.start(Optional.of(config), Map.of())) {
      Buffer main = pagewheel.buffers().get("main");
      account = new Account(main.readers().cpus());
      Arrays.setAll(writers, i -> new Writer(main, i));
      Stream.of(writers).forEach(Thread::start);
      long end = System.nanoTime() + SECONDS * 1_000_000_000L;
      long due = System.nanoTime();
      while (System.nanoTime() < end && failure.get() == null) {
        due += PERIOD_MILLIS * 1_000_000L;
        Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
        due = Math.max(due, System.nanoTime()); // one that took longer is not made up for
        long begin = System.nanoTime();
        pagewheel.administration().replace(next(main.config(), swaps++));
        slowest = Math.max(slowest, System.nanoTime() - begin);
        if (swaps % 100 == 0) {
          readFinished(files, account);
        }
      }
      stop = true;
      for (Writer writer : writers) {
        writer.join();
      }
      written = Stream.of(writers).mapToLong(writer -> writer.written).sum();
      awaitStats(written);
      Counters counters = main.counters();
      assertEquals(written, counters.written());
      assertEquals(written, counters.read());
      assertEquals(0, counters.overrun());
      assertEquals(
          Stream.of(writers).mapToLong(writer -> writer.refused).sum(), counters.refused());
      for (ConsumerStatus consumer : pagewheel.administration().consumers()) {
        assertEquals(0, consumer.missed(), consumer::toString);
        assertEquals(Optional.empty(), consumer.problem());
      }
    }
    if (failure.get() != null) {
      throw new AssertionError("a writer was harmed", failure.get());
    }
    readFinished(files, account);
    account.assertComplete(written);

    Latencies all = new Latencies();
    Stream.of(writers).forEach(writer -> all.add(writer.latencies));
    System.out.printf(
        "swap under fire: %d swaps in %d s, the slowest took %.1f ms; %,d events; a record: %s%n",
        swaps, SECONDS, slowest / 1e6, written, all);
    // Each waits until the consumers have taken the ring before the last: what they can is the
    // pace.
    assertTrue(swaps >= MIN_PER_SECOND * SECONDS, swaps + " swaps in " + SECONDS + " s");
    assertTrue(all.micros(0.9999) <= BAR_MICROS, all::toString);
  }

  /** The stats consumer has counted every event, too. */
  private static void awaitStats(long written) throws Exception {
    BufferMXBean bean =
        JMX.newMXBeanProxy(
            ManagementFactory.getPlatformMBeanServer(),
            new ObjectName("org.pagewheel:type=Statistics,name=main"),
            BufferMXBean.class);
    long counted = 0;
    long end = System.nanoTime() + 60_000_000_000L;
    while (counted != written && System.nanoTime() < end) {
      Thread.sleep(20);
      counted =
          bean.getReport().types().stream()
              .filter(type -> type.system().equals("underfire"))
              .mapToLong(BufferReport.Type::events)
              .sum();
    }
    assertEquals(written, counted, "counted by stats");
  }
}
