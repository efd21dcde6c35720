package org.pagewheel.spi;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;
import org.pagewheel.Page;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventDecoder;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;

/**
 * A consumer of events with their fields, for which the pages are of no interest. It overrides
 * {@link #event}, {@link #lost} and {@link #close}.
 *
 * {@snippet :
 * protected void event(Event event) throws IOException {
 *   out.write(event.time() + " " + event + "\n");
 * }
 * }
 */
@ConsumerType
public abstract class EventConsumer implements PageConsumer {
  private final EventDecoder decoder;

  /** For pages of the last size seen: a running buffer's page size may change. */
  private PageCursor cursor;

  private long pageSize;

  /**
   * Makes a consumer.
   *
   * @param metadata the formats of the events, from {@link ConsumerContext#metadata}
   */
  protected EventConsumer(Metadata metadata) {
    decoder = new EventDecoder(metadata);
  }

  /**
   * Takes an event. Those of one CPU come in order.
   *
   * @param event valid until this method returns; the next one is the same object
   * @throws IOException if the event could not be consumed; it counts as missed by this consumer,
   *     with all the events of its page
   */
  protected abstract void event(Event event) throws IOException;

  /**
   * Takes note that events of a CPU were lost, in the ring or because this consumer was too slow.
   * Called between the events where they are missing.
   *
   * @param cpu their CPU
   * @param events how many; −1 if their number is unknown
   * @throws IOException if that could not be noted
   */
  protected abstract void lost(int cpu, long events) throws IOException;

  @Override
  public final void accept(Page page, long missed) throws IOException {
    if (page.memory().byteSize() != pageSize) {
      cursor = new PageCursor(PageFormat.of((int) page.memory().byteSize()));
      pageSize = page.memory().byteSize(); // last: an error leaves the cursor as it was
    }
    int cpu = page.cpu();
    try {
      cursor.reset(page.memory());
      long before = PageLayout.sumOfMissed(missed, cursor.missed());
      if (before != 0) {
        lost(cpu, before);
      }
      while (cursor.next()) {
        event(decoder.event(cursor, cpu));
      }
    } catch (DamagedPageException e) {
      throw new IOException("page " + page.sequence() + " is damaged: " + e.getMessage(), e);
    }
  }
}
