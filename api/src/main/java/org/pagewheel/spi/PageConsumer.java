package org.pagewheel.spi;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;
import org.pagewheel.Page;

/**
 * Takes the pages of a buffer, of all CPUs. Its methods are called by one thread at a time. What it
 * throws is reported and counted, and harms only itself.
 */
@ConsumerType
public interface PageConsumer extends AutoCloseable {
  /**
   * Takes a page. It is valid until this method returns; a consumer that needs it longer {@link
   * Page#retain retains} it, and releases it later. A ring has few spare pages: a consumer that
   * keeps pages of a CPU gets copies of that CPU's following pages, and nothing while it keeps as
   * many as its queue has places (16 at least); it misses those, and its account says so.
   *
   * @param page the page; pages of one CPU come in order
   * @param missed how many events this consumer alone missed before this page, in addition to those
   *     that the page itself reports; 0 if none, −1 if their number is unknown
   * @throws IOException if the page could not be consumed; its events count as missed by this
   *     consumer
   */
  void accept(Page page, long missed) throws IOException;

  /**
   * Makes what was accepted visible to others; called when no page is at hand, at most once in a
   * flush interval.
   *
   * @throws IOException if that fails
   */
  default void flush() throws IOException {}

  /**
   * Finishes. No page comes after it.
   *
   * @throws IOException if what was accepted could not be finished
   */
  @Override
  void close() throws IOException;
}
