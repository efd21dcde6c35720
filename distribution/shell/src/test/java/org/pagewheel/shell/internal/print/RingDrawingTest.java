package org.pagewheel.shell.internal.print;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pagewheel.RingView;
import org.pagewheel.RingView.PageView;
import org.pagewheel.RingView.State;

class RingDrawingTest {
  private static final PageView READER = PageView.of(16, State.READER, 4000, 60);

  private static PageView page(long sequence, State state, int used, int entries) {
    return PageView.of(sequence, state, used, entries);
  }

  /** Full pages, then the one being written, then empty ones. */
  private static List<PageView> pages(int full, int empty) {
    List<PageView> pages = new ArrayList<>();
    for (int i = 0; i < full; i++) {
      pages.add(page(17 + i, State.FULL, 4060, 61));
    }
    pages.add(page(17 + full, State.OPEN, 1200, 19));
    for (int i = 0; i < empty; i++) {
      pages.add(page(-1, State.EMPTY, 0, 0));
    }
    return pages;
  }

  private static RingView ring(
      int cpu, List<PageView> pages, PageView reader, int head, int tail, int commit) {
    return RingView.builder(cpu, 4080, pages)
        .reader(reader)
        .head(head)
        .tail(tail)
        .commit(commit)
        .build();
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = RingDrawingTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void drawsEveryPageOfAShortRing() throws IOException {
    List<PageView> pages = new ArrayList<>(pages(4, 1));
    pages.set(3, page(20, State.PENDING, 4060, 60));
    assertEquals(golden("ring-short.txt"), RingDrawing.draw(ring(0, pages, READER, 0, 4, 3)));
  }

  @Test
  void drawsALongRingWithItsStretches() throws IOException {
    assertEquals(
        golden("ring-long.txt"), RingDrawing.draw(ring(1, pages(200, 55), null, 0, 200, 200)));
  }

  @Test
  void beginsAtTheHeadWhereverThatIs() throws IOException {
    List<PageView> pages =
        List.of(
            page(12, State.OPEN, 8, 1), page(-1, State.EMPTY, 0, 0), page(11, State.FULL, 4072, 1));
    assertEquals(golden("ring-turned.txt"), RingDrawing.draw(ring(7, pages, READER, 2, 0, 0)));
  }

  @Test
  void drawsARingWhoseEventsAreAllReadFromItsTailOn() {
    List<PageView> pages =
        List.of(
            page(-1, State.EMPTY, 0, 0), page(5, State.OPEN, 0, 0), page(-1, State.EMPTY, 0, 0));
    String drawing = RingDrawing.draw(ring(0, pages, null, -1, 1, 1));
    assertEquals("|none     |   |#5       |-->|         |-->|         |", drawing.split("\n")[4]);
  }

  @Test
  void tellsOfACpuThatNeverWrote() {
    assertEquals(
        "CPU 3: nothing written yet\n",
        RingDrawing.draw(RingView.builder(3, 4080, List.of()).build()));
  }

  @Test
  void manyPagesAreNotCutToOne() {
    String drawing = RingDrawing.draw(ring(1, pages(1200, 1023), null, 0, 1200, 1200));
    assertTrue(drawing.contains("|1199 pg  |") && drawing.contains("|1023 pg  |"), drawing);
  }

  @Test
  void listsTheBoxesWhereTheyDoNotFitBesideEachOther() {
    RingView view = ring(1, pages(200, 55), READER, 0, 200, 200);
    assertEquals(
        """
        CPU 1: 256 pages of 4,080 bytes, 77% filled with 12,219 events
        reader page  #16        60 events
        head         #17        61 events
                     199 pages  12k ev
        commit tail  #217       19 events
                     55 pages   empty
        """,
        RingDrawing.draw(view, 40).replace("12139 ev", "12k ev"));
    for (int columns = 40; columns < RingDrawing.WIDTH; columns++) {
      int most = columns;
      String drawing = RingDrawing.draw(view, columns);
      assertTrue(drawing.lines().skip(1).allMatch(line -> line.length() <= most), drawing);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2, 0, 1, 1",
    "6, 0, 3, 1",
    "7, 0, 6, 3",
    "8, 7, 3, 5",
    "4096, 17, 4000, 2000",
    "65536, 1, 0, 3"
  })
  void isNeverWiderThanATerminal(int size, int head, int tail, int commit) {
    List<PageView> pages = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      pages.add(page(1_000_000_000L + i, State.FULL, 1_048_560, 150_000));
    }
    String drawing =
        RingDrawing.draw(
            RingView.builder(1023, 1_048_560, pages)
                .reader(READER)
                .head(head)
                .tail(tail)
                .commit(commit)
                .build());
    drawing
        .lines()
        .forEach(
            line -> assertTrue(line.length() <= RingDrawing.WIDTH, () -> "too wide:\n" + drawing));
  }
}
