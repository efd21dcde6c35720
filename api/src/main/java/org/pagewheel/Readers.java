package org.pagewheel;

import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * All kinds of readers of a buffer:
 *
 * <table>
 * <caption>Kinds</caption>
 * <tr><th>reader</th><th>consumes</th><th>at once</th></tr>
 * <tr><td>{@link #events} event by event, of one CPU or all merged by time</td><td>yes</td>
 *     <td rowspan="2">one of these two for each CPU; the second is refused</td></tr>
 * <tr><td>{@link #pages} page by page</td><td>yes</td></tr>
 * <tr><td>{@link #iterate} event by event while writers write</td><td>no</td>
 *     <td rowspan="2">any number</td></tr>
 * <tr><td>{@link #snapshot} all that is there now</td><td>no</td></tr>
 * </table>
 *
 * <p>No reader ever makes a writer wait. A reader is for one thread, its maker for all. What a
 * reader by event has not read of the page it is in when it is closed is left for the next one.
 *
 * <p>A view: there is nothing to close but the readers that it opens.
 */
@ProviderType
public interface Readers {
  /**
   * How many CPUs there are.
   *
   * @return a number of at least 1
   */
  int cpus();

  /**
   * The size of the pages.
   *
   * @return bytes; the largest if there are several, see {@link Page#memory}
   */
  int pageSize();

  /**
   * Reads and consumes the events of all CPUs, merged by time: of the events that are there, the
   * oldest comes first.
   *
   * @return a reader, to be closed
   * @throws IllegalStateException if another consuming reader is open
   */
  EventReader events();

  /**
   * Reads and consumes the events of some CPUs, merged by time.
   *
   * @param cpus from 0 to {@link #cpus} − 1, at least one
   * @return a reader, to be closed
   * @throws IllegalArgumentException if there is no such CPU
   * @throws IllegalStateException if another consuming reader of one of the CPUs is open
   */
  EventReader events(int... cpus);

  /**
   * Reads and consumes pages.
   *
   * @return a reader, to be closed
   * @throws IllegalStateException if another consuming reader is open
   */
  PageReader pages();

  /**
   * Reads the events of all CPUs, merged by time, without consuming them, from the oldest on, while
   * writers write. At the end it can be asked again for what has come since. Where the writers, or
   * a consuming reader, have run over it, {@link EventReader#missed} says so.
   *
   * @return a reader, to be closed
   */
  EventReader iterate();

  /**
   * Reads the events of some CPUs without consuming them, see {@link #iterate()}.
   *
   * @param cpus from 0 to {@link #cpus} − 1, at least one
   * @return a reader, to be closed
   * @throws IllegalArgumentException if there is no such CPU
   */
  EventReader iterate(int... cpus);

  /**
   * Copies what one CPU's ring holds now, without consuming it and without stopping the writers.
   * Takes as much memory again as is copied.
   *
   * @param cpu from 0 to {@link #cpus} − 1
   * @return pages whose release does nothing, oldest first; events that were overwritten while they
   *     were to be copied are reported in the header of the next page
   * @throws IllegalArgumentException if there is no such CPU
   */
  List<Page> snapshot(int cpu);

  /**
   * Waits until there is something to read.
   *
   * @param percent 0 waits for any unread event; from 1 to 100, until on one CPU so much of the
   *     ring is full, as the kernel's {@code buffer_percent}
   * @param timeout how long at most
   * @return whether it is so; false after the time-out, and once closed
   * @throws InterruptedException if the thread was interrupted
   */
  boolean await(int percent, Duration timeout) throws InterruptedException;

  /**
   * The account of one CPU, in which an event counts as read when a reader has returned it.
   *
   * @param cpu from 0 to {@link #cpus} − 1
   * @return a snapshot
   * @throws IllegalArgumentException if there is no such CPU
   */
  Counters counters(int cpu);
}
