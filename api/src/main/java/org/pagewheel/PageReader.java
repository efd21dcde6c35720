package org.pagewheel;

import org.osgi.annotation.versioning.ProviderType;

/** Reads and consumes pages. For one thread. */
@ProviderType
public interface PageReader extends AutoCloseable {
  /**
   * Takes the oldest page of a CPU, see {@link PageSource#take}. What a reader by event has left of
   * a page comes first.
   *
   * @param cpu from 0 to {@link Readers#cpus} − 1
   * @param open whether to copy out what is committed of the page that is being written, if nothing
   *     else is left
   * @return the page, to be released, or null
   * @throws IllegalStateException if the reader is closed
   */
  Page take(int cpu, boolean open);

  /**
   * Ends the page that is being written, see {@link PageSource#flush}.
   *
   * @param cpu from 0 to {@link Readers#cpus} − 1
   */
  void flush(int cpu);

  /** Lets the next consuming reader in. Does nothing the second time. */
  @Override
  void close();
}
