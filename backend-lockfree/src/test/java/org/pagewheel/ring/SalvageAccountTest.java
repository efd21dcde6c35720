package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Reservation;

/**
 * What is missing between the pages that are saved of a dead process's ring: each hole is reported
 * in the page behind it, and the whole adds up to what was written.
 */
class SalvageAccountTest {
  private static final int ID = 5;
  private static final int LENGTH = 400;

  private long now = 1000;
  private int written;
  private RingLayout layout;
  private RingMemory memory;
  private CpuRing ring;

  private void open(Mode mode, int pages, int spares) {
    layout = new RingLayout(mode, pages, spares, 4096);
    memory =
        new RingMemory(MemorySegment.ofArray(new long[(int) layout.bytes() / Long.BYTES]), layout);
    memory.format();
    ring = new CpuRing(0, memory, Clock.of("mono", () -> now), () -> {}, () -> {}, fault -> {});
  }

  /** Writes events with numbers from 0 on; those that are refused have none. */
  private void write(int count) {
    for (int i = 0; i < count; i++) {
      now++;
      long at = ring.writer.reserve(LENGTH);
      if (at >= 0) {
        ring.writer.segment.set(PageLayout.INT, Reservation.offset(at), ID);
        ring.writer.segment.set(PageLayout.INT, Reservation.offset(at) + 4, written++);
        ring.writer.commit(at);
      }
    }
  }

  private Salvage salvage() {
    return new ForeignRing(0, memory.segment, layout, id -> id == ID).salvage();
  }

  private static final PageCursor CURSOR = new PageCursor(PageFormat.of(4096));

  /** The numbers of a page's events. */
  private static List<Integer> numbers(MemorySegment page) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    CURSOR.reset(page);
    while (CURSOR.next()) {
      numbers.add(page.get(PageLayout.INT, CURSOR.payloadOffset() + 4));
    }
    return numbers;
  }

  /** Checks every hole, and that all that is missing is counted; returns the number of holes. */
  private int check(Salvage salvage) throws IOException {
    assertEquals(List.of(), salvage.damage());
    List<Integer> found = new ArrayList<>();
    List<String> holes = new ArrayList<>();
    List<String> reported = new ArrayList<>();
    salvage.forEachPage(
        page -> {
          List<Integer> numbers = numbers(page);
          int before = found.isEmpty() ? -1 : found.getLast();
          if (!found.isEmpty() && numbers.getFirst() != before + 1) {
            holes.add(numbers.getFirst() - before - 1 + " before " + numbers.getFirst());
          }
          if (!found.isEmpty() && CURSOR.missed() != 0) {
            reported.add(CURSOR.missed() + " before " + numbers.getFirst());
          }
          for (int number : numbers) {
            assertTrue(found.isEmpty() || number > found.getLast(), number + " after " + found);
            found.add(number);
          }
        });
    assertEquals(holes, reported);
    assertEquals(found.size(), salvage.events());
    assertEquals(written, salvage.events() + salvage.overwritten() + salvage.taken());
    return holes.size();
  }

  @Test
  void pagesThatAreHeldAreFollowedByWhatWasOverwrittenBehindThem() throws IOException {
    open(Mode.OVERWRITE, 4, 4);
    write(30);
    Page first = ring.reader.take(false);
    Page second = ring.reader.take(false);
    write(500);
    assertNotNull(first);
    assertNotNull(second);
    assertEquals(1, check(salvage()));
  }

  @Test
  void aPageGivenBackBetweenTwoThatAreHeldIsAHole() throws IOException {
    open(Mode.OVERWRITE, 8, 4);
    write(60);
    ring.reader.take(false);
    Page gone = ring.reader.take(false);
    ring.reader.take(false);
    gone.release();
    assertEquals(1, check(salvage()));
  }

  @Test
  void whatWasReadOfAnOpenPageAndIsInTheRingStillIsNoHole() throws IOException {
    open(Mode.OVERWRITE, 8, 4);
    write(3);
    ring.reader.take(true).release();
    write(2);
    Page held = ring.reader.take(true);
    write(1);
    assertNotNull(held);
    Salvage salvage = salvage();
    assertEquals(0, check(salvage));
    assertEquals(6, salvage.events());
  }

  @Test
  void partsOfAPageThatIsOverwrittenAreHeldAndTheRestIsAHole() throws IOException {
    open(Mode.OVERWRITE, 2, 4);
    write(3);
    ring.reader.take(true);
    write(2);
    Page gone = ring.reader.take(true);
    write(1);
    ring.reader.take(true);
    gone.release();
    write(100);
    assertEquals(2, check(salvage()));
  }

  /** The first page reports what no page has reported before, as it was handed out. */
  @Test
  void whatWasLostBeforeTheFirstPageIsReportedOnce() throws IOException {
    open(Mode.OVERWRITE, 2, 4);
    write(100);
    int begin = numbers(ring.reader.take(false).memory()).getFirst();
    long[] missed = {-1};
    salvage()
        .forEachPage(
            page -> {
              CURSOR.reset(page);
              missed[0] = missed[0] < 0 ? CURSOR.missed() : missed[0];
            });
    assertEquals(begin, missed[0]);
  }

  /** A reader died while it made what it had taken ready for its consumer. */
  @Test
  void aHeldPageThatWasHalfMadeIsAHoleOfItsNumber() throws IOException {
    open(Mode.OVERWRITE, 8, 4);
    write(60);
    ring.reader.take(false);
    Page half = ring.reader.take(false);
    ring.reader.take(false);
    half.memory().asSlice(PageLayout.COMMIT, 1000).fill((byte) 0);
    assertEquals(1, check(salvage()));
  }

  /** The same of the first one, which is reported before what is saved, for nobody had it. */
  @Test
  void theFirstPageHalfMadeIsReported() throws IOException {
    open(Mode.OVERWRITE, 8, 4);
    write(60);
    Page half = ring.reader.take(false);
    half.memory().asSlice(PageLayout.COMMIT, 1000).fill((byte) 0);
    int[] next = {0};
    salvage()
        .forEachPage(
            page -> {
              List<Integer> numbers = numbers(page);
              assertEquals(numbers.getFirst() - next[0], CURSOR.missed());
              next[0] = numbers.getLast() + 1;
            });
    assertEquals(written, next[0]);
  }

  /** A reader died between the exchange that takes a page and the counters. */
  @Test
  void aPageTakenAndNotYetCountedIsSaved() throws IOException {
    open(Mode.OVERWRITE, 8, 4);
    write(60);
    long read = memory.getCounterAcquire(RingLayout.READ);
    long head = memory.getCounterAcquire(RingLayout.HEAD);
    ring.reader.take(false);
    memory.setCounterRelease(RingLayout.READ, read);
    memory.setCounterRelease(RingLayout.HEAD, head);
    write(500);
    assertEquals(1, check(salvage()));
  }

  @Test
  void aDamagedPageInTheRingIsAHoleOfItsNumber() throws IOException {
    open(Mode.OVERWRITE, 8, 4);
    write(60);
    ring.reader.take(false);
    long tail = CurrentWord.sequence(memory.getCurrentAcquire());
    int page = layout.slotWord.page(memory.getSlotAcquire(tail - 2));
    memory.segment.asSlice(layout.page(page) + 100, 1000).fill((byte) 0xff);
    Salvage salvage = salvage();
    assertEquals(1, salvage.damage().size());
    assertEquals(0, salvage.damagedPages());
    assertTrue(salvage.damagedEvents() > 0);
    int[] next = {0};
    salvage.forEachPage(
        saved -> {
          List<Integer> numbers = numbers(saved);
          assertEquals(numbers.getFirst() - next[0], CURSOR.missed());
          next[0] = numbers.getLast() + 1;
        });
    assertEquals(written, next[0]);
    assertEquals(written, salvage.events() + salvage.damagedEvents());
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void everyHoleIsReportedWhateverReadersDo(Mode mode) throws IOException {
    int holes = 0;
    for (int seed = 0; seed < 200; seed++) {
      open(mode, 4, 5);
      written = 0;
      holes += play(new Random(seed));
    }
    assertTrue(holes > 50, holes + " holes");
  }

  private int play(Random random) throws IOException {
    Deque<Page> pages = new ArrayDeque<>();
    for (int step = 0; step < 60; step++) {
      switch (random.nextInt(4)) {
        case 0 -> write(random.nextInt(30));
        case 1 -> {
          Page page = ring.reader.take(random.nextBoolean());
          if (page != null) {
            pages.add(page);
          }
        }
        case 2 -> {
          if (!pages.isEmpty()) {
            (random.nextBoolean() ? pages.removeFirst() : pages.removeLast()).release();
          }
        }
        default -> ring.flush();
      }
    }
    return check(salvage());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void wordsOfZerosAreOneLine(boolean alone) {
    open(Mode.OVERWRITE, 100, 4);
    write(2000);
    memory.segment.asSlice(0, alone ? layout.wordBytes() : layout.bytes()).fill((byte) 0);
    Salvage salvage = salvage();
    assertEquals(List.of("its words are zero"), salvage.damage());
    assertEquals(0, salvage.events());
  }
}
