package org.pagewheel.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page that trace-cmd was seen to print right, written and read back byte for byte. */
class GoldenPageTest {
  private static final int PAGE_SIZE = 4096;
  private static final int ID = 1001;
  private static final int PID = 4251;

  private final MemorySegment page = MemorySegment.ofArray(new byte[PAGE_SIZE]);
  private int at = PageLayout.DATA;

  @Test
  void encoderReproducesTheGoldenPageByteForByte() throws IOException {
    PageEncoder.open(page, 0, 1_000_000_000);
    event(0, 7, "ACME");
    event(250, -1, "x");
    at = PageEncoder.putExtend(page, 0, at, 300_000_000);
    event(0, 2, "");
    at = PageEncoder.putStamp(page, 0, at, 1_500_000_000);
    event(0, 3, "y");
    PageEncoder.putPadding(page, 0, at, 1, 16);
    MemorySegment rest = page.asSlice(at + 8, 8);
    rest.fill((byte) 0xdd);
    at += 16;
    event(9, 4, "z".repeat(120));
    PageEncoder.finish(page, 0, PAGE_SIZE, at - PageLayout.DATA, 5, false);
    assertArrayEquals(golden(), page.toArray(ValueLayout.JAVA_BYTE));
  }

  private void event(int delta, int n, String s) {
    byte[] text = s.getBytes(StandardCharsets.US_ASCII);
    int length = 16 + text.length + 1;
    int payload = PageEncoder.putData(page, 0, at, delta, length);
    page.set(ValueLayout.JAVA_SHORT_UNALIGNED, payload, (short) ID);
    page.set(PageLayout.INT, payload + 4, PID);
    page.set(PageLayout.INT, payload + 8, n);
    page.set(PageLayout.INT, payload + 12, text.length + 1 << 16 | 16);
    MemorySegment.copy(text, 0, page, ValueLayout.JAVA_BYTE, payload + 16, text.length);
    at += RecordLayout.size(length);
  }

  @Test
  void cursorReadsTheGoldenPage() throws IOException {
    PageCursor cursor = new PageCursor(PageFormat.of(PAGE_SIZE));
    cursor.reset(MemorySegment.ofArray(golden()));
    assertEquals(5, cursor.missed());
    List<Long> times = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    while (cursor.next()) {
      times.add(cursor.time());
      numbers.add(cursor.payload().get(PageLayout.INT, 8));
    }
    assertEquals(
        List.of(1_000_000_000L, 1_000_000_250L, 1_300_000_250L, 1_500_000_000L, 1_500_000_010L),
        times);
    assertEquals(List.of(7, -1, 2, 3, 4), numbers);
    assertEquals(4, cursor.index());
    assertEquals(140, cursor.payloadLength());
    assertFalse(cursor.next());
  }

  @Test
  void zerosAreAnEmptyPage() throws IOException {
    PageCursor cursor = new PageCursor(PageFormat.of(PAGE_SIZE));
    cursor.reset(MemorySegment.ofArray(new byte[PAGE_SIZE]));
    assertFalse(cursor.next());
    assertEquals(0, cursor.missed());
  }

  /** Sizes and words of the kernel's own rules. */
  @Test
  void recordSizesAreTheKernels() {
    assertEquals(8, RecordLayout.size(0));
    assertEquals(8, RecordLayout.size(4));
    assertEquals(16, RecordLayout.size(5));
    assertEquals(16, RecordLayout.size(8));
    assertEquals(16, RecordLayout.size(12));
    assertEquals(20, RecordLayout.size(13));
    assertEquals(116, RecordLayout.size(112));
    assertEquals(124, RecordLayout.size(113));
    assertEquals(208, RecordLayout.size(200));
    assertEquals(4072, PageLayout.maxEventSize(4096));
    assertTrue(PageLayout.fits(4096, 0, RecordLayout.size(4072)));
    assertFalse(PageLayout.fits(4096, 4072, 8));
    assertTrue(PageLayout.fits(4096, 4064, 8));
  }

  @Test
  void recordWordsAreTheKernels() {
    MemorySegment m = MemorySegment.ofArray(new byte[32]);
    PageEncoder.putData(m, 0, 0, 5, 4);
    assertEquals(0xa1, m.get(PageLayout.INT, 0));
    PageEncoder.putExtend(m, 0, 0, 1L << 27);
    assertEquals(0x1_0000_001eL, m.get(PageLayout.LONG, 0));
    PageEncoder.putStamp(m, 0, 0, (1L << 27) + 7);
    assertEquals(0x1_0000_00ffL, m.get(PageLayout.LONG, 0));
    PageEncoder.putPadding(m, 0, 0, 1, 40);
    assertEquals(0x24_0000_003dL, m.get(PageLayout.LONG, 0));
    PageEncoder.putData(m, 0, 0, 0, 200);
    assertEquals(0xcc_0000_0000L, m.get(PageLayout.LONG, 0));
    byte[] bytes = m.toArray(ValueLayout.JAVA_BYTE);
    assertEquals(0, Arrays.compare(bytes, 8, 32, new byte[24], 0, 24));
  }

  static byte[] golden() throws IOException {
    try (InputStream in = GoldenPageTest.class.getResourceAsStream("/golden/page.bin")) {
      return in.readAllBytes();
    }
  }
}
