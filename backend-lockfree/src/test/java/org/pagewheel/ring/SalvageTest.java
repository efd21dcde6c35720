package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Reservation;

/** What is saved of rings whose writers died between two of their stores. */
class SalvageTest {
  private static final int ID = 5;

  /** What the pages of {@link #numbers} report. */
  private static long missed;

  private long now = 1000;
  private RingLayout layout;
  private RingMemory memory;
  private CpuRing ring;

  @BeforeEach
  void open() {
    open(Mode.OVERWRITE);
  }

  private void open(Mode mode) {
    layout = new RingLayout(mode, 2, 2, 4096);
    memory =
        new RingMemory(MemorySegment.ofArray(new long[(int) layout.bytes() / Long.BYTES]), layout);
    memory.format();
    ring = new CpuRing(0, memory, Clock.of("mono", () -> now), () -> {}, () -> {}, fault -> {});
  }

  private void write(int length, int number) {
    long at = ring.writer.reserve(length);
    ring.writer.segment.set(PageLayout.INT, Reservation.offset(at), ID);
    for (int i = Integer.BYTES; i < length; i += Integer.BYTES) {
      ring.writer.segment.set(PageLayout.INT, Reservation.offset(at) + i, number);
    }
    ring.writer.commit(at);
  }

  /** A reservation whose writer died before its first word could be seen. */
  private void dieBeforeTheFirstWord(int length) {
    long at = Reservation.offset(ring.writer.reserve(length));
    int header = length > 112 ? 8 : 4;
    ring.writer.segment.asSlice(at - header, header).fill((byte) 0);
  }

  private Salvage salvage() {
    return new ForeignRing(0, memory.segment, layout, id -> id == ID).salvage();
  }

  private static List<Integer> numbers(Salvage salvage) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    missed = 0;
    salvage.forEachPage(
        page -> {
          PageCursor cursor = new PageCursor(PageFormat.of(4096)).reset(page);
          missed += cursor.missed();
          while (cursor.next()) {
            numbers.add(page.get(PageLayout.INT, cursor.payloadOffset() + Integer.BYTES));
          }
        });
    return numbers;
  }

  /** Delta 0 makes a long event begin with a word of zeros, which looks like the gap before it. */
  @ParameterizedTest
  @CsvSource({
    "24, 200, 0",
    "24, 200, 3",
    "200, 200, 0",
    "200, 116, 0",
    "8, 128, 0",
    "24, 24, 0",
    "24, 24, 5",
    "200, 24, 4",
    "24, 1000, 0",
    "24, 160, 0"
  })
  void theEventBehindOneThatNeverCameToBeIsFound(int torn, int length, int delta) throws Exception {
    write(24, 1);
    dieBeforeTheFirstWord(torn);
    now += delta;
    write(length, 2);
    write(40, 3);
    write(200, 4);
    Salvage salvage = salvage();
    assertEquals(List.of(), salvage.damage());
    assertEquals(List.of(1, 2, 3, 4), numbers(salvage));
    assertEquals(1, salvage.torn());
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 200})
  void twoThatNeverCameToBeAreLeftOut(int length) throws Exception {
    write(200, 1);
    dieBeforeTheFirstWord(length);
    write(200, 2);
    dieBeforeTheFirstWord(length);
    dieBeforeTheFirstWord(length);
    write(200, 3);
    write(24, 4);
    Salvage salvage = salvage();
    assertEquals(List.of(), salvage.damage());
    assertEquals(List.of(1, 2, 3, 4), numbers(salvage));
  }

  @Test
  void whereZerosOfAnEventAndOfAGapCannotBeToldApartThePageIsDamagedAndNothingInvented()
      throws Exception {
    write(24, 1);
    dieBeforeTheFirstWord(24);
    long at = ring.writer.reserve(200);
    ring.writer.segment.set(PageLayout.INT, Reservation.offset(at), ID);
    ring.writer.commit(at);
    dieBeforeTheFirstWord(24);
    write(24, 3);
    Salvage salvage = salvage();
    assertEquals(1, salvage.damage().size());
    assertEquals(List.of(), numbers(salvage));
  }

  @Test
  void aWriterKilledBeforeTheCurrentWordMovedOnHasLeftNothingDamaged() throws Exception {
    write(2000, 1);
    write(2000, 2);
    long current = memory.getCurrentAcquire();
    write(2000, 3);
    memory.casCurrent(memory.getCurrentAcquire(), current);
    long next = CurrentWord.sequence(current) + 1;
    int page = layout.slotWord.page(memory.getSlotAcquire(next));
    memory.zeroRecords(page, 4080);
    memory.emptied(page, next);
    Salvage salvage = salvage();
    assertEquals(List.of(), salvage.damage());
    assertEquals(List.of(1, 2), numbers(salvage));
  }

  @Test
  void whatAPageHeldThatWasSteppedOverIsCounted() throws Exception {
    write(24, 1);
    ring.writer.reserve(24); // for ever
    for (int i = 2; i < 9; i++) {
      write(2000, i);
    }
    Salvage salvage = salvage();
    int found = numbers(salvage).size();
    assertEquals(8, missed + found);
  }

  @Test
  void whatWasReadOfAPageThatTheReaderPassedIsNotSavedAgain() throws Exception {
    open(Mode.DISCARD);
    ring.patience.nanos = 0;
    write(1000, 1);
    long stalled = ring.writer.reserve(1000);
    write(3000, 2);
    ring.flush();
    ring.reader.take(false);
    assertTrue(ring.writer.reserve(1000) < 0, "the ring is full");
    ring.reader.take(false).release();
    ring.writer.commit(stalled);
    Salvage salvage = salvage();
    assertEquals(List.of(), salvage.damage());
    assertEquals(List.of(2), numbers(salvage));
  }
}
