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
 */
record Picture(List<Buffer> buffers, List<List<List<Page>>> pages) {
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
    return new Picture(List.copyOf(buffers), pages);
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
    return new Picture(buffers, cut);
  }

  /** A CPU's times never run backwards: from the first later event on, all are later. */
  private static List<Page> until(List<Page> pages, long moment) throws IOException {
    List<Page> kept = new ArrayList<>();
    for (Page page : pages) {
      MemorySegment memory = page.memory();
      PageCursor cursor = new PageCursor(PageFormat.of((int) memory.byteSize())).reset(memory);
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
    return new CountedPage(page.cpu(), page.sequence(), page.firstEntry(), memory, released -> {});
  }
}
