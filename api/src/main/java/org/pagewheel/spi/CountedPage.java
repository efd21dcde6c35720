package org.pagewheel.spi;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.pagewheel.Page;

/** A page that counts its references, for backends and readers of files. */
public final class CountedPage implements Page {
  /** What happens to a page's memory after the last {@link Page#release}. */
  @FunctionalInterface
  public interface Releaser {
    /**
     * Takes the page back; called once, on the thread of the last release. If it throws, the page
     * is still held, and its holder may try again.
     *
     * @param page the page, which is no longer held
     */
    void release(Page page);
  }

  private static final VarHandle REFERENCES;

  static {
    try {
      REFERENCES = MethodHandles.lookup().findVarHandle(CountedPage.class, "references", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int cpu;
  private final long sequence;
  private final int firstEntry;
  private final MemorySegment memory;
  private final Releaser releaser;

  @SuppressWarnings("unused") // by REFERENCES
  private int references = 1;

  /**
   * Makes a page with one reference; for backends and for readers of files.
   *
   * @param cpu the CPU whose stream it belongs to
   * @param sequence the page's number in that stream, rising; numbers may be left out
   * @param firstEntry how many events of the same page were handed out before in other copies of it
   * @param memory the whole page, header and unused rest included
   * @param releaser takes the memory back
   */
  public CountedPage(
      int cpu, long sequence, int firstEntry, MemorySegment memory, Releaser releaser) {
    this.cpu = cpu;
    this.sequence = sequence;
    this.firstEntry = firstEntry;
    this.memory = memory;
    this.releaser = releaser;
  }

  @Override
  public int cpu() {
    return cpu;
  }

  @Override
  public long sequence() {
    return sequence;
  }

  @Override
  public int firstEntry() {
    return firstEntry;
  }

  @Override
  public MemorySegment memory() {
    return memory;
  }

  @Override
  public Page retain() {
    int before = (int) REFERENCES.getAndAdd(this, 1);
    if (before <= 0) {
      REFERENCES.getAndAdd(this, -1);
      throw new IllegalStateException("page " + sequence + " of CPU " + cpu + " is released");
    }
    return this;
  }

  @Override
  public void release() {
    int before = (int) REFERENCES.getAndAdd(this, -1);
    if (before == 1) {
      try {
        releaser.release(this);
      } catch (Throwable e) {
        references = 1; // no call: what was thrown may be a full stack
        throw e;
      }
    } else if (before < 1) {
      REFERENCES.getAndAdd(this, 1);
      throw new IllegalStateException("page " + sequence + " of CPU " + cpu + " is released");
    }
  }

  @Override
  public String toString() {
    return "page " + sequence + " of CPU " + cpu;
  }
}
