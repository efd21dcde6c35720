package org.pagewheel;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A page that has left its ring: finished, immutable, in the kernel's binary layout ({@link
 * org.pagewheel.format.PageLayout}), with the loss before it written in its header.
 *
 * <p>A page belongs to whoever took it until it is released; the ring has a spare in its place and
 * no writer touches it. Pages are counted references: who passes a page on to several consumers
 * retains it once for each. The memory must not be touched after the last release.
 */
public final class Page {
  /** What happens to a page's memory after the last {@link Page#release}. */
  @FunctionalInterface
  public interface Releaser {
    /**
     * Takes the page back; called once, on the thread of the last release. If it throws, the page
     * is still held, and its holder may try again.
     *
     * @param page the page that nobody holds any more
     */
    void release(Page page);
  }

  private static final VarHandle REFERENCES;

  static {
    try {
      REFERENCES = MethodHandles.lookup().findVarHandle(Page.class, "references", int.class);
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
  public Page(int cpu, long sequence, int firstEntry, MemorySegment memory, Releaser releaser) {
    this.cpu = cpu;
    this.sequence = sequence;
    this.firstEntry = firstEntry;
    this.memory = memory;
    this.releaser = releaser;
  }

  /**
   * The CPU whose stream the page belongs to.
   *
   * @return a number of at least 0
   */
  public int cpu() {
    return cpu;
  }

  /**
   * The page's number in its CPU's stream. Numbers rise; a gap alone is no loss, the page's header
   * tells losses.
   *
   * @return a number of at least 0
   */
  public long sequence() {
    return sequence;
  }

  /**
   * How many events of the page with this sequence were consumed, in other copies of it, before the
   * first one here: more than 0 only where a page was read while it was being written.
   *
   * @return a number of at least 0
   */
  public int firstEntry() {
    return firstEntry;
  }

  /**
   * The page's bytes, header and unused rest included; read-only by convention.
   *
   * @return a segment of exactly one page size; of a buffer whose ring was replaced by one with
   *     another page size, pages of both sizes come
   */
  public MemorySegment memory() {
    return memory;
  }

  /**
   * Adds a reference.
   *
   * @return this page
   * @throws IllegalStateException if it was released for the last time already
   */
  public Page retain() {
    int before = (int) REFERENCES.getAndAdd(this, 1);
    if (before <= 0) {
      REFERENCES.getAndAdd(this, -1);
      throw new IllegalStateException("page " + sequence + " of CPU " + cpu + " is released");
    }
    return this;
  }

  /**
   * Gives a reference back; the last one gives the memory back to where it came from. If this
   * throws an error of the JVM's, as on a full stack, the reference is still held.
   *
   * @throws IllegalStateException if it was released for the last time already
   */
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
