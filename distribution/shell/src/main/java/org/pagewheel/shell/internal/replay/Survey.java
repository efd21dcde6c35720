package org.pagewheel.shell.internal.replay;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.tracedat.PageStream;
import org.pagewheel.tracedat.TraceFile;

/**
 * The content of one buffer of the input. Reading all of it before anything is written finds damage
 * early, and the page size that the largest event needs.
 */
final class Survey {
  private long events;
  private long pages;
  private long losses;
  private long lost;
  private long backwards;
  private int busyCpus;
  private int longest;

  private Survey() {}

  /** Reads all pages of a buffer. */
  static Survey of(TraceFile input, int buffer) throws IOException, ReplayException {
    Survey survey = new Survey();
    for (int cpu = 0; cpu < input.buffers().get(buffer).cpus(); cpu++) {
      if (input.size(buffer, cpu) > 0) {
        survey.busyCpus++;
        survey.add(input, input.pages(buffer, cpu));
      }
    }
    return survey;
  }

  private void add(TraceFile input, PageStream stream) throws IOException, ReplayException {
    PageCursor cursor = new PageCursor(stream.format());
    long last = Long.MIN_VALUE;
    for (MemorySegment page = stream.next(); page != null; page = stream.next()) {
      pages++;
      try {
        cursor.reset(page);
        if (cursor.missed() != 0) {
          losses++;
          lost += Math.max(0, cursor.missed());
        }
        while (cursor.next()) {
          events++;
          longest = Math.max(longest, cursor.payloadLength());
          backwards += cursor.time() < last ? 1 : 0;
          last = Math.max(last, cursor.time());
        }
      } catch (DamagedPageException e) {
        throw new ReplayException(
            input.path() + ", page at offset " + stream.offset() + ": " + e.getMessage(), e);
      }
    }
  }

  /** Events, discarded ones left out. */
  long events() {
    return events;
  }

  long pages() {
    return pages;
  }

  /** Pages that report losses before them. */
  long losses() {
    return losses;
  }

  /** How many events, as far as the pages say. */
  long lost() {
    return lost;
  }

  /**
   * Events whose time is before that of the one before them on their CPU; a ring has none of these.
   */
  long backwards() {
    return backwards;
  }

  /** CPUs that have pages. */
  int busyCpus() {
    return busyCpus;
  }

  /** The longest payload, in bytes. */
  int longest() {
    return longest;
  }
}
