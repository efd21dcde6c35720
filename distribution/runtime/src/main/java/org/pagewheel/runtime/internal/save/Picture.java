package org.pagewheel.runtime.internal.save;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.Buffer;
import org.pagewheel.Page;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.CountedPage;

/**
 * A copy of what buffers held at one moment, as large as their rings.
 *
 * @param buffers at least one
 * @param pages of each buffer and CPU, oldest first
 * @param overwritten where the beginning of what was asked for is no longer there
 */
record Picture(List<Buffer> buffers, List<List<List<Page>>> pages, List<String> overwritten) {
  /** A picture as of now. */
  static Picture of(List<Buffer> buffers) {
    List<List<List<Page>>> pages = new ArrayList<>();
    for (Buffer buffer : buffers) {
      List<List<Page>> ofBuffer = new ArrayList<>();
      for (int cpu = 0; cpu < buffer.readers().cpus(); cpu++) {
        ofBuffer.add(buffer.readers().snapshot(cpu));
      }
      pages.add(ofBuffer);
    }
    return new Picture(List.copyOf(buffers), pages, List.of());
  }

  /** The same without events after a moment. */
  Picture until(List<Moment> moments) throws IOException {
    List<List<List<Page>>> cut = new ArrayList<>();
    for (int i = 0; i < buffers.size(); i++) {
      List<List<Page>> ofBuffer = new ArrayList<>();
      for (List<Page> ofCpu : pages.get(i)) {
        ofBuffer.add(moments.get(i).isKnown() ? until(ofCpu, moments.get(i).time()) : ofCpu);
      }
      cut.add(ofBuffer);
    }
    return new Picture(buffers, cut, List.of());
  }

  /**
   * The same of some times alone. Where a ring has overwritten the beginning of its time, the first
   * page that is left says that some were lost before it: how many of them belong there is unknown.
   */
  Picture between(List<KeptTraces.Span> spans) throws IOException {
    List<List<List<Page>>> cut = new ArrayList<>();
    List<String> overwritten = new ArrayList<>();
    for (int i = 0; i < buffers.size(); i++) {
      KeptTraces.Span span = spans.get(i);
      List<List<Page>> ofBuffer = new ArrayList<>();
      for (int cpu = 0; cpu < pages.get(i).size(); cpu++) {
        List<Page> ofCpu = pages.get(i).get(cpu);
        if (!span.isKnown()) {
          ofBuffer.add(ofCpu);
          continue;
        }
        boolean isCut =
            buffers.get(i).totals(cpu).overrun() > 0
                && (ofCpu.isEmpty() || first(ofCpu.getFirst()) - span.from() > 0);
        List<Page> kept = from(until(ofCpu, span.to()), span.from());
        if (isCut) {
          overwritten.add(buffers.get(i).name() + " CPU " + cpu);
          if (!kept.isEmpty()) {
            kept.set(0, losing(kept.getFirst()));
          }
        }
        ofBuffer.add(kept);
      }
      cut.add(ofBuffer);
    }
    return new Picture(buffers, cut, overwritten);
  }

  /** When the first event of a page was. */
  private static long first(Page page) throws IOException {
    PageCursor cursor = cursor(page);
    cursor.next();
    return cursor.time();
  }

  private static PageCursor cursor(Page page) throws IOException {
    MemorySegment memory = page.memory();
    return new PageCursor(PageFormat.of((int) memory.byteSize())).reset(memory);
  }

  /** Without what came earlier than a moment. */
  private static List<Page> from(List<Page> pages, long moment) throws IOException {
    List<Page> kept = new ArrayList<>();
    for (Page page : pages) {
      if (!kept.isEmpty()) {
        kept.add(page);
        continue;
      }
      PageCursor cursor = cursor(page);
      boolean isFirst = true;
      while (cursor.next()) {
        if (cursor.time() - moment >= 0) {
          kept.add(isFirst ? page : fromCursor(page, cursor));
          break;
        }
        isFirst = false;
      }
    }
    return kept;
  }

  /** A page from the event on at which a cursor is. */
  private static Page fromCursor(Page page, PageCursor cursor) {
    MemorySegment memory = copy(page);
    int used = PageLayout.used(memory.get(PageLayout.INT, PageLayout.COMMIT));
    int left =
        PageEncoder.keepFrom(
            memory, 0, cursor.recordOffset(), PageLayout.DATA + used, cursor.time());
    PageEncoder.finish(memory, 0, (int) memory.byteSize(), left, 0, false);
    return made(page, memory);
  }

  /** A page before which events were lost. */
  private static Page losing(Page page) {
    MemorySegment memory = copy(page);
    int used = PageLayout.used(memory.get(PageLayout.INT, PageLayout.COMMIT));
    PageEncoder.finish(memory, 0, (int) memory.byteSize(), used, PageLayout.MISSED_UNKNOWN, false);
    return made(page, memory);
  }

  private static MemorySegment copy(Page page) {
    int size = (int) page.memory().byteSize();
    return MemorySegment.ofArray(new long[size / Long.BYTES]).copyFrom(page.memory());
  }

  private static Page made(Page page, MemorySegment memory) {
    return new CountedPage(page.cpu(), page.sequence(), page.firstEntry(), memory, released -> {});
  }

  /** A CPU's times never run backwards: from the first later event on, all are later. */
  private static List<Page> until(List<Page> pages, long moment) throws IOException {
    List<Page> kept = new ArrayList<>();
    for (Page page : pages) {
      PageCursor cursor = cursor(page);
      int end = PageLayout.DATA;
      while (cursor.next()) {
        if (cursor.time() - moment > 0) {
          if (end > PageLayout.DATA) {
            kept.add(cut(page, end, cursor.missed()));
          }
          return kept;
        }
        end = cursor.position();
      }
      kept.add(page);
    }
    return kept;
  }

  private static Page cut(Page page, int end, long missed) {
    int size = (int) page.memory().byteSize();
    MemorySegment memory = MemorySegment.ofArray(new long[size / Long.BYTES]);
    MemorySegment.copy(page.memory(), 0, memory, 0, end);
    PageEncoder.setMissed(memory, 0, size, end - PageLayout.DATA, missed);
    return made(page, memory);
  }
}
