package org.pagewheel.spi;

import org.pagewheel.Page;
import org.pagewheel.PageReader;
import org.pagewheel.format.DamagedPageException;

/** Takes whole pages, after what a reader by event has left. */
final class ConsumedPages implements PageReader {
  private final PageSource source;
  private final ConsumingEvents[] consuming;
  private final Runnable onClose;
  private boolean closed;

  ConsumedPages(PageSource source, ConsumingEvents[] consuming, Runnable onClose) {
    this.source = source;
    this.consuming = consuming;
    this.onClose = onClose;
  }

  @Override
  public Page take(int cpu, boolean open) {
    if (closed) {
      throw new IllegalStateException("the reader is closed");
    }
    if (consuming[cpu].isHolding()) {
      try {
        Page rest = consuming[cpu].takeRest();
        if (rest != null) {
          return rest;
        }
      } catch (DamagedPageException e) {
        return null; // lost with the page; the next call goes on after it
      }
    }
    return source.take(cpu, open);
  }

  @Override
  public void flush(int cpu) {
    source.flush(cpu);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      onClose.run();
    }
  }
}
