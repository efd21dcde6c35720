package org.pagewheel;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A page that has left its ring: finished, immutable, in the kernel's binary layout ({@link
 * org.pagewheel.format.PageLayout}), with the loss before it written in its header.
 *
 * <p>A page belongs to the code that took it until it is released; the ring has a spare in its
 * place and no writer touches it. Pages are counted references: to pass a page on to several
 * consumers, retain it once for each. The memory must not be touched after the last release.
 */
@ProviderType
public interface Page {
  /**
   * The CPU whose stream the page belongs to.
   *
   * @return a number of at least 0
   */
  int cpu();

  /**
   * The page's number in its CPU's stream. Numbers rise; a gap alone is not a loss; the page's
   * header reports losses.
   *
   * @return a number of at least 0
   */
  long sequence();

  /**
   * How many events of the page with this sequence were consumed, in other copies of it, before the
   * first one here: more than 0 only where a page was read while it was being written.
   *
   * @return a number of at least 0
   */
  int firstEntry();

  /**
   * The page's bytes, header and unused rest included; read-only by convention.
   *
   * @return a segment of exactly one page size; of a buffer whose ring was replaced by one with
   *     another page size, pages of both sizes come
   */
  MemorySegment memory();

  /**
   * Adds a reference.
   *
   * @return this page
   * @throws IllegalStateException if it was released for the last time already
   */
  Page retain();

  /**
   * Gives a reference back; the last one gives the memory back to where it came from. If this
   * throws an error of the JVM's, as on a full stack, the reference is still held.
   *
   * @throws IllegalStateException if it was released for the last time already
   */
  void release();
}
