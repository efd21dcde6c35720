package org.pagewheel;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ProviderType;
import org.pagewheel.event.Event;
import org.pagewheel.format.DamagedPageException;

/**
 * Reads events one after the other, of one CPU or of several merged by time.
 *
 * <pre>{@code
 * try (EventReader events = buffer.readers().events()) {
 *   while (events.next()) {
 *     … events.event().getLong("id"), events.time(), events.cpu(), events.payload() …
 *   }
 * }
 * }</pre>
 *
 * <p>For one thread. {@link #next} returning false is not the end: more may come.
 */
@ProviderType
public interface EventReader extends AutoCloseable {
  /**
   * Goes to the next event: of those that are there, the one with the lowest time; of equal ones
   * that of the lowest CPU.
   *
   * @return whether there is one now
   * @throws DamagedPageException if a page is damaged; its remaining events are lost, and the next
   *     call goes on after it
   * @throws IllegalStateException if the reader is closed
   */
  boolean next() throws DamagedPageException;

  /**
   * The CPU of the event.
   *
   * @return a number of at least 0
   */
  int cpu();

  /**
   * The event's time.
   *
   * @return in the unit of the buffer's clock
   */
  long time();

  /**
   * The event's payload, common fields first.
   *
   * @return memory that is valid until the next call of {@link #next}
   */
  MemorySegment payload();

  /**
   * The event with its fields. To be called again after each {@link #next}.
   *
   * @return the same object each time; valid until the next call of {@link #next}
   * @throws IllegalStateException if there is no event now, as for the other values of an event
   */
  Event event();

  /**
   * How many events of this CPU were lost, for this reader, right before this one.
   *
   * @return 0 if none, −1 if their number is unknown
   */
  long missed();

  /** Lets the next consuming reader in. Does nothing the second time. */
  @Override
  void close();
}
