package org.pagewheel.backend.offheap.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.ring.PageRing;
import org.pagewheel.ringfile.RingFileWriter;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.RingConfig;

/**
 * Others damage the file of a living ring: nobody meets an error or waits, the CPUs whose memory is
 * gone are off, each is reported once, and what is known of the account stays.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedMappingTest {
  private static final int CPUS = 2;

  @TempDir Path directory;

  private final ThreadLocal<Integer> cpu = ThreadLocal.withInitial(() -> 0);
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private Path file;
  private PageRing ring;
  private long number;

  @BeforeEach
  void open() throws Exception {
    file = directory.resolve("ring");
    BufferConfig config =
        BufferConfig.of("main", "offheap")
            .withPages(16, 4096)
            .withClock(CPUS, Clock.MONO, cpu::get)
            .withBackend("offheap", Map.of("file", file.toString()));
    Runnable wakeup = RingConfig.of(config).wakeup();
    ring = (PageRing) new OffHeapBackend().open(new RingConfig(config, wakeup, faults::add));
  }

  private long write() {
    StepEvent event = new StepEvent(cpu.get(), number++);
    long at = ring.reserve(event.length());
    if (at >= 0) {
      event.write(ring, at);
      ring.commit(at);
    }
    return at;
  }

  private void write(int onCpu, int count) {
    cpu.set(onCpu);
    for (int i = 0; i < count; i++) {
      assertTrue(write() >= 0);
    }
  }

  /** A page of events may still seem to be written; then it is noticed. */
  private void isOff(int onCpu) {
    cpu.set(onCpu);
    long at = write();
    for (int i = 0; i < 1000 && at >= 0; i++) {
      at = write();
    }
    assertEquals(Refusal.DISABLED, at);
    assertEquals(Refusal.DISABLED, write());
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void theCpuIsOffAndItsAccountIsKept(Damage damage) throws Exception {
    write(0, 2000);
    write(1, 10);
    ring.keepAccounts(false);
    damage.strike(file, 0);
    isOff(0);
    isOff(1);
    ring.keepAccounts(true);
    assertEquals(CPUS, faults.size(), faults::toString);
    assertTrue(faults.getFirst().contains("truncated its file"), faults::toString);
    Counters counters = ring.counters(0);
    assertEquals(2000, counters.written());
    assertEquals(2000, counters.overrun());
    assertEquals(0, counters.unread());
    assertTrue(counters.disabled() >= 2);
    assertEquals(null, ring.take(0, true));
    ring.close();
    assertEquals(2000, ring.counters(0).written());
    assertFalse(RingFileWriter.isBeingWritten(file));
  }

  /** Again and again, which a counter in the file would not survive. */
  @Test
  void itIsReportedOnceHoweverOftenItIsDone() throws Exception {
    write(0, 100);
    ring.keepAccounts(false);
    for (int i = 0; i < 10; i++) {
      Damage.PUNCHED.strike(file, 0);
      isOff(0);
      ring.keepAccounts(true);
    }
    assertEquals(CPUS, faults.size(), faults::toString);
    assertEquals(100, ring.counters(0).written());
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void anEventThatIsBeingWrittenIsLostWithoutAnError(Damage damage) throws Exception {
    StepEvent small = new StepEvent(0, 1);
    StepEvent large = new StepEvent(0, 36);
    long first = ring.reserve(small.length());
    long second = ring.reserve(large.length());
    long third = ring.reserve(large.length());
    damage.strike(file, 0);
    small.write(ring, first);
    ring.commit(first);
    large.write(ring, second);
    ring.commit(second);
    ring.discard(third);
    isOff(0);
  }

  @Test
  void onlyThoseAreOffWhoseMemoryIsCut() throws Exception {
    write(0, 100);
    write(1, 100);
    Damage.TRUNCATED.strike(file, Files.size(file) - 4096);
    await(() -> faults.size() == 1);
    assertTrue(faults.getFirst().startsWith("CPU 1 "), faults::toString);
    isOff(1);
    write(0, 1000);
    assertEquals(1, faults.size(), faults::toString);
  }

  /** The words are whole, the pages are gone: found by the watch, not by a reader. */
  @Test
  void pagesAreWatchedToo() throws Exception {
    write(1, 1000);
    Damage.PUNCHED.strike(file, Files.size(file) - 26 * 4096);
    await(() -> !faults.isEmpty());
    assertTrue(faults.getFirst().startsWith("CPU 1 "), faults::toString);
  }

  private interface Condition {
    boolean holds();
  }

  /** For what the watch does by itself; the class has a deadline. */
  private static void await(Condition condition) throws InterruptedException {
    while (!condition.holds()) {
      Thread.sleep(10);
    }
  }

  @Test
  void readersMeetNoErrorEither() throws Exception {
    write(0, 1000);
    Page held = ring.take(0, true);
    Damage.TRUNCATED.strike(file, 0);
    assertEquals(4096, held.memory().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE).length);
    held.release();
    ring.take(0, true);
    ring.flush(0);
    ring.view(0);
    ring.unreadPages(0);
    ring.seal();
    ring.close();
    assertFalse(RingFileWriter.isBeingWritten(file));
  }

  /** Compiled writers, at any instruction. */
  @ParameterizedTest
  @EnumSource(Damage.class)
  void writersAtWorkMeetNoError(Damage damage) throws Exception {
    int writers = 4;
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicInteger off = new AtomicInteger();
    CountDownLatch warm = new CountDownLatch(writers);
    CountDownLatch done = new CountDownLatch(writers);
    for (int i = 0; i < writers; i++) {
      int onCpu = i % CPUS;
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                try {
                  writeUntilOff(onCpu, warm);
                  off.incrementAndGet();
                } catch (Throwable e) {
                  thrown.set(e);
                } finally {
                  warm.countDown();
                  done.countDown();
                }
              });
    }
    warm.await();
    damage.strike(file, 0);
    done.await();
    assertEquals(null, thrown.get());
    assertEquals(writers, off.get());
    assertEquals(CPUS, faults.size(), faults::toString);
  }

  private void writeUntilOff(int onCpu, CountDownLatch warm) {
    cpu.set(onCpu);
    StepEvent event = new StepEvent(onCpu, 7);
    for (long i = 0; ; i++) {
      long at = ring.reserve(event.length());
      if (at >= 0) {
        event.write(ring, at);
        ring.commit(at);
      } else if (at == Refusal.DISABLED) {
        return;
      }
      if (i == 50_000) {
        warm.countDown();
      }
    }
  }
}
