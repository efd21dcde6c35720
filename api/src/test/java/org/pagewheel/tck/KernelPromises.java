package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;

/**
 * What the kernel tests of its own ring buffer and what a ring of ours must therefore do, where no
 * other group does it already: the boot self test, sizes, and the four mistakes of its simple ring.
 */
abstract class KernelPromises extends Promises {
  private static final String TEXT = "abcdefghijklmnopqrstuvwxyz1234567890!@#$%^&*()?+\\";

  KernelPromises(RingConformance kit) {
    super(kit);
  }

  /** What a writer of the boot self test has written to one CPU. */
  private static final class Written {
    final AtomicLong events = new AtomicLong();
    final AtomicLong stored = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
  }

  /**
   * A thread on each CPU writes texts of changing length, and others write into the middle of its
   * events. Then: each text is whole, lost + read = written, and if nothing was lost the sizes add
   * up.
   */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void bootSelfTest(Mode mode) throws Exception {
    int cpus = 2;
    ThreadLocal<Integer> on = ThreadLocal.withInitial(() -> 0);
    BookedRing ring =
        open(
            config(mode, 64, SMALL_PAGE)
                .withClock(cpus, Clock.of("mono", System::nanoTime), () -> on.get()));
    Written[] written = {new Written(), new Written()};
    Team team = new Team();
    for (int cpu = 0; cpu < cpus; cpu++) {
      int mine = cpu;
      for (int i = 0; i < 2; i++) {
        boolean nested = i == 1;
        team.start(
            "writer",
            () -> {
              on.set(mine);
              for (int count = 0; !team.isStopped(); count++) {
                writeText(ring.ring, written[mine], count + (nested ? 27 : 0), nested);
                if (count % 256 == 0) {
                  Thread.sleep(1);
                }
              }
            });
      }
    }
    team.work(200, () -> Stream.of(written).allMatch(each -> each.events.get() > 0));
    team.stop();
    team.join();
    for (int cpu = 0; cpu < cpus; cpu++) {
      assertSelfTest(ring.ring, cpu, written[cpu]);
    }
  }

  private static void writeText(Ring ring, Written written, int count, boolean nested) {
    int size = count * 68 / 25 % TEXT.length();
    long at = ring.reserve(Integer.BYTES + size);
    if (at < 0) {
      written.refused.incrementAndGet();
      return;
    }
    MemorySegment memory = ring.memory(at);
    long offset = Reservation.offset(at);
    memory.set(ValueLayout.JAVA_INT_UNALIGNED, offset, size);
    if (nested) {
      writeText(ring, written, count + 5, false);
    }
    byte[] text = TEXT.getBytes(StandardCharsets.US_ASCII);
    MemorySegment.copy(text, 0, memory, ValueLayout.JAVA_BYTE, offset + Integer.BYTES, size);
    ring.commit(at);
    written.events.incrementAndGet();
    written.stored.addAndGet(EventBytes.stored(Integer.BYTES + size));
  }

  private static void assertSelfTest(Ring ring, int cpu, Written written)
      throws DamagedPageException {
    PageCursor cursor = new PageCursor(PageFormat.of(SMALL_PAGE));
    long read = 0;
    long stored = 0;
    long lost = 0;
    for (Page page = ring.take(cpu, true); page != null; page = ring.take(cpu, true)) {
      cursor.reset(page.memory());
      lost += cursor.missed();
      while (cursor.next()) {
        MemorySegment payload = cursor.payload();
        int size = payload.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
        byte[] text = new byte[size];
        MemorySegment.copy(payload, ValueLayout.JAVA_BYTE, Integer.BYTES, text, 0, size);
        assertEquals(TEXT.substring(0, size), new String(text, StandardCharsets.US_ASCII));
        read++;
        stored += cursor.payloadLength();
      }
      page.release();
    }
    Counters c = ring.counters(cpu);
    assertEquals(written.events.get(), read + lost, () -> "read + lost = written, in " + c);
    assertEquals(written.refused.get(), c.refused(), () -> "refused, in " + c);
    if (lost == 0) {
      assertEquals(written.stored.get(), stored, "the sizes of all events");
    }
    assertTrue(read > 0, "nothing was read");
  }

  /** More pages hold more, larger pages larger events: halve, double, restore. */
  @ParameterizedTest
  @ValueSource(ints = {4096, 8192, 16384, 32768})
  void aRingHoldsWhatItsSizeSays(int pageSize) {
    for (int pages : new int[] {4, 8, 16, 4, 2}) {
      BookedRing ring = open(Mode.DISCARD, pages, pageSize, 1);
      int written = 0;
      int perPage = ring.perPage(500);
      while (ring.write(500) >= 0) {
        written++;
        assertTrue(written <= (pages + 1) * perPage, "a ring of " + pages + " pages has no end");
      }
      assertTrue(
          written >= (pages - 1) * perPage,
          written + " events of 500 bytes on " + pages + " pages of " + pageSize);
      assertTrue(ring.write(ring.ring.maxEventSize()) < 0, "the largest event on a full ring");
      assertEquals(written, ring.assertAllAccountedFor(0).size());
      assertTrue(ring.write(ring.ring.maxEventSize()) >= 0, "the largest event on an empty ring");
      ring.ring.close();
    }
  }

  /** A ring that was read empty is as good as new, and so is the other CPU (the reset test). */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void aRingThatWasReadEmptyBeginsAgain(Mode mode) {
    BookedRing ring = open(mode, 4, SMALL_PAGE, 2);
    List<Long> other = ring.write(USUAL, 2);
    cpu.set(1);
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 60; i++) {
        ring.write(BIG);
      }
      ring.assertAllAccountedFor(1);
      List<Long> ids = ring.write(BIG, 8);
      List<ReadEvent> events = ring.assertAllAccountedFor(1);
      assertEquals(ids, BookedRing.ids(events));
      assertTrue(events.stream().allMatch(e -> e.missed() == 0), "an old loss is told again");
    }
    ring.assertReads(0, other);
    ring.assertAccount();
  }

  /** Only the CPU that the writer is on records (the kernel's cpumask test). */
  @Test
  void onlyTheWritersCpuRecords() {
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 4);
    cpu.set(2);
    ring.write(USUAL, 7);
    for (int i = 0; i < 4; i++) {
      assertEquals(i == 2 ? 7 : 0, ring.ring.counters(i).written(), "written on CPU " + i);
      assertEquals(i == 2 ? 7 : 0, ring.assertAllAccountedFor(i).size());
    }
  }

  /** Rings come and go while others are in use (the kernel's instance test). */
  @Test
  void ringsAreMadeAndClosedSideBySide() throws InterruptedException {
    AtomicInteger rings = new AtomicInteger();
    Team team = new Team();
    for (int i = 0; i < 4; i++) {
      Mode mode = i % 2 == 0 ? Mode.OVERWRITE : Mode.DISCARD;
      team.start(
          "maker",
          () -> {
            while (!team.isStopped()) {
              BookedRing ring =
                  new BookedRing(
                      this::openRing,
                      config(mode, 2, SMALL_PAGE)
                          .withClock(1, Clock.of("mono", System::nanoTime), () -> 0),
                      new ManualClock(),
                      new ManualCpu());
              ring.write(BIG, 3);
              assertEquals(3, ring.assertAllAccountedFor(0).size());
              ring.ring.close();
              rings.incrementAndGet();
            }
          });
    }
    team.work(200, () -> rings.get() >= 4);
    team.stop();
    team.join();
    assertTrue(rings.get() >= 4, () -> rings + " rings were made");
  }

  // ---- the mistakes of the kernel's simple_ring_buffer

  /** Its swap of the reader page fails when it has succeeded late, and the other way round. */
  @Test
  void takingNeverFailsWhileFullPagesAreThere() throws InterruptedException {
    BookedRing ring = open(config(Mode.OVERWRITE, 16, SMALL_PAGE).withClock(1, clock, cpu));
    ring.write(BIG, 10 * ring.perPage(BIG));
    Team team = new Team();
    team.start(
        "writer",
        () -> {
          while (!team.isStopped()) {
            ring.write(BIG);
          }
        });
    team.start(
        "taker",
        () -> {
          PageCheck check = new PageCheck(0, SMALL_PAGE);
          for (int i = 0; i < 20_000 && !team.isStopped(); i++) {
            int full = ring.ring.unreadPages(0);
            Page page = ring.take(0, false);
            if (full > 2) {
              assertNotNull(page, () -> "no page, although " + full + " full ones were there");
            }
            if (page != null) {
              check.accept(page, event -> {});
              page.release();
            }
          }
          team.stop();
        });
    team.work(400);
    team.stop();
    team.join();
  }

  /** Its meta page says that there are no pages, for it is filled in before they are counted. */
  @Test
  void theGeometryIsRightFromTheBeginning() {
    BookedRing ring = open(Mode.OVERWRITE, 7, 8192, 3);
    for (int round = 0; round < 3; round++) {
      assertEquals(7, ring.ring.pages(), "pages");
      assertEquals(8192, ring.ring.pageSize(), "page size");
      assertEquals(3, ring.ring.cpus(), "CPUs");
      assertEquals(8192 - 24, ring.ring.maxEventSize(), "max event size");
      assertEquals(7, ring.ring.view(0).pages().size(), "pages in the view");
      ring.write(BIG, 100 * round);
    }
  }

  /** It does not check the length again on the new page, and an event can reach over its end. */
  @Test
  void anEventNeverReachesOverItsPage() {
    BookedRing ring = open(Mode.OVERWRITE, 2, SMALL_PAGE, 1);
    int max = ring.ring.maxEventSize();
    List<Long> kept = new ArrayList<>();
    for (int length = max - 2; length <= max + 8; length++) {
      kept.add(ring.write(USUAL));
      long id = ring.write(length);
      assertEquals(length <= max, id >= 0, "an event of " + length + " bytes");
      if (id >= 0) {
        kept.add(id);
      }
      List<Long> read = BookedRing.ids(ring.takeAll(0));
      assertEquals(BookedRing.describe(kept), BookedRing.describe(read));
      kept.clear();
    }
    ring.assertAccount();
  }

  /** Its nested writer is refused, and that is counted nowhere; ours are all taken. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void nestedWritersAreNotRefused(Mode mode) {
    BookedRing ring = open(mode);
    List<BookedRing.Open> open = new ArrayList<>();
    for (int depth = 0; depth < 40; depth++) {
      open.add(ring.mustReserve(USUAL));
    }
    open.reversed().forEach(ring::commit);
    ring.assertReads(0, open.stream().map(BookedRing.Open::id).toList());
    assertEquals(0, ring.counters().refused(), "refused");
  }
}
