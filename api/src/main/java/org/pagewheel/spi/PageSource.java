package org.pagewheel.spi;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ConsumerType;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Page;

/**
 * The reader's side of a ring, page by page; {@link OwnedReaders} makes all kinds of readers from
 * it.
 *
 * <p>For a CPU that does not exist, each of these methods throws an {@link
 * IndexOutOfBoundsException} or an {@link IllegalArgumentException}.
 *
 * <p>{@link #take} is called by one thread at a time for each CPU (the owner of readers makes sure
 * of that); {@link #copy}, {@link #flush} and the others by any number of threads at any time,
 * while writers write. None of them makes a writer wait. One that throws a {@link
 * StackOverflowError} or {@link OutOfMemoryError} has consumed nothing.
 */
@ConsumerType
public interface PageSource {
  /**
   * The number of CPUs, that is of streams.
   *
   * @return a number of at least 1; CPUs are numbered from 0
   */
  int cpus();

  /**
   * The size of every page.
   *
   * @return a power of two from 4096 to 1048576, in bytes
   */
  int pageSize();

  /**
   * How many pages the ring of one CPU has, the reader's not counted.
   *
   * @return a number of at least 2
   */
  int pages();

  /**
   * Takes the oldest unread page out of the ring, consuming its events; a spare takes its place.
   * Pages of one CPU come in the order of writing. A page with an event still being written holds
   * back later pages, until the ring needs the room and gives the page up (its events then count as
   * overrun). In mode {@link Mode#DISCARD} no page is given up; but a backend may go on without an
   * event that has been open for longer than 100 ms while others wait for it (it counts as overrun
   * if it is committed after all).
   *
   * <p>A reader may hold several pages, at least one of each CPU. If it holds more than the ring
   * has spares for, there is nothing to read until it releases one; writers do not notice.
   *
   * <p>Events lost since the previously taken page are reported in the page's header: missed-events
   * flag and count.
   *
   * @param cpu from 0 to {@link #cpus} − 1
   * @param open if only the page that is being written is left: whether to copy out what is
   *     committed in it and has not been read (the copy is consumed, the page stays in the ring);
   *     false waits for it to be full
   * @return the page, to be {@link Page#release released}, or null if there is nothing to read
   */
  Page take(int cpu, boolean open);

  /**
   * Copies a page without consuming it: the oldest one whose sequence is at least {@code from} and
   * that has unread committed events. Of the page being written, what is committed up to the first
   * event that is not is copied. Events already consumed are left out, see {@link Page#firstEntry}.
   * In mode {@link Mode#DISCARD} a backend may copy pages without events that have been open for
   * longer than 100 ms. If such an event is committed after all, the next copy has it in its place;
   * a reader that goes through that page copy by copy may then meet the event after it twice.
   *
   * <p>The copy of the oldest page in the ring reports the events lost before it since the last
   * {@link #take}, as a take would.
   *
   * @param cpu from 0 to {@link #cpus} − 1
   * @param from the lowest sequence wanted
   * @param into memory of {@link #pageSize} bytes, overwritten and kept by the page returned
   * @return a page whose release does nothing, or null if there is no such page
   */
  Page copy(int cpu, long from, MemorySegment into);

  /**
   * Ends the page that is being written, if anything is in it, so that {@link #take} gets it
   * without waiting for it to fill. The next event begins a new page.
   *
   * @param cpu from 0 to {@link #cpus} − 1
   */
  void flush(int cpu);

  /**
   * How many full pages wait to be read; for watermarks.
   *
   * @param cpu from 0 to {@link #cpus} − 1
   * @return a number of at least 0, out of date as soon as it is returned
   */
  int unreadPages(int cpu);

  /**
   * The account of one CPU, exact whenever no writer and no reader is at work.
   *
   * @param cpu from 0 to {@link #cpus} − 1
   * @return a snapshot of the counters
   */
  Counters counters(int cpu);

  /**
   * The account of one CPU with what was cleared, see {@link org.pagewheel.Buffer#totals}. Rings
   * are never cleared: theirs are the {@link #counters}.
   *
   * @param cpu from 0 to {@link #cpus} − 1
   * @return a snapshot
   */
  default Counters totals(int cpu) {
    return counters(cpu);
  }

  /**
   * The first page that has not been cleared: what is left of an older page is not handed on to
   * readers, and {@link #counters} has nothing of it. Rings are never cleared.
   *
   * @param cpu from 0 to {@link #cpus} − 1
   * @return a page number of the CPU that never falls
   */
  default long clearedBefore(int cpu) {
    return 0;
  }
}
