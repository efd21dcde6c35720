package org.pagewheel;

import org.pagewheel.format.DamagedPageException;

/** Reads and consumes pages. For one thread. */
public final class PageReader implements AutoCloseable {
  private final PageSource source;
  private final ConsumingEvents[] consuming;
  private final Runnable onClose;
  private boolean closed;

  PageReader(PageSource source, ConsumingEvents[] consuming, Runnable onClose) {
    this.source = source;
    this.consuming = consuming;
    this.onClose = onClose;
  }

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
  public Page take(int cpu, boolean open) {
    if (closed) {
      throw new IllegalStateException("the reader is closed");
    }
    if (consuming[cpu].isHolding()) {
      try {
        return consuming[cpu].takeRest();
      } catch (DamagedPageException e) {
        return null; // lost with the page; the next call goes on behind it
      }
    }
    return source.take(cpu, open);
  }

  /**
   * Ends the page that is being written, see {@link PageSource#flush}.
   *
   * @param cpu from 0 to {@link Readers#cpus} − 1
   */
  public void flush(int cpu) {
    source.flush(cpu);
  }

  /** Lets the next consuming reader in. Does nothing the second time. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      onClose.run();
    }
  }
}
