package org.pagewheel;

import org.osgi.annotation.versioning.ProviderType;

/** Reads and consumes pages. For one thread. */
@ProviderType
public interface PageReader extends AutoCloseable {
  /**
   * Takes the oldest unread page of a CPU, consuming its events; the ring has a spare in its place.
   * What a reader by event has left of a page comes first. Several pages may be held at once; if
   * the ring has no spare left, there is nothing to take until one is released.
   *
   * @param cpu from 0 to {@link Readers#cpus} − 1
   * @param open whether to copy out what is committed of the page that is being written, if nothing
   *     else is left
   * @return the page, to be released, or null
   * @throws IllegalStateException if the reader is closed
   */
  Page take(int cpu, boolean open);

  /**
   * Ends the page that is being written, if anything is in it, so that {@link #take} gets it
   * without waiting for it to fill.
   *
   * @param cpu from 0 to {@link Readers#cpus} − 1
   */
  void flush(int cpu);

  /** Lets the next consuming reader in. Does nothing the second time. */
  @Override
  void close();
}
