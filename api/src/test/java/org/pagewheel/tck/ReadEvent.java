package org.pagewheel.tck;

import java.util.ArrayList;
import java.util.List;
import org.pagewheel.EventReader;
import org.pagewheel.Page;
import org.pagewheel.format.DamagedPageException;

/**
 * An event that came out of a ring whole.
 *
 * @param missed events reported lost right before it; −1 if their number is unknown
 */
record ReadEvent(long id, long time, long sequence, long missed) {
  int serial() {
    return EventBytes.serial(id);
  }

  /** The event that the reader is at. */
  static ReadEvent of(EventReader reader) {
    long id = EventBytes.check(reader.payload(), 0, (int) reader.payload().byteSize());
    return new ReadEvent(id, reader.time(), reader.cpu(), reader.missed());
  }

  /** At most so many events of a reader. */
  static List<ReadEvent> read(EventReader reader, int most) throws DamagedPageException {
    List<ReadEvent> events = new ArrayList<>();
    while (events.size() < most && reader.next()) {
      events.add(of(reader));
    }
    return events;
  }

  /** All that the reader has. */
  static List<ReadEvent> read(EventReader reader) throws DamagedPageException {
    return read(reader, Integer.MAX_VALUE);
  }

  /** Those of a CPU's small pages, which are given back. */
  static List<ReadEvent> of(List<Page> pages, int cpu) {
    List<ReadEvent> events = new ArrayList<>();
    for (Page page : pages) {
      new PageCheck(cpu, Promises.SMALL_PAGE).acceptCopy(page, events::add);
      page.release();
    }
    return events;
  }
}
