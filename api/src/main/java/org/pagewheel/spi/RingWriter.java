package org.pagewheel.spi;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ConsumerType;
import org.pagewheel.Clock;
import org.pagewheel.Counters;

/**
 * The writer's side of a ring: room is reserved, filled in place and committed.
 *
 * <pre>{@code
 * RingWriter ring = buffer.writer();
 * long at = ring.reserve(24);
 * if (at >= 0) {
 *   MemorySegment memory = ring.memory(at);
 *   long offset = Reservation.offset(at);
 *   memory.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, id);
 *   …
 *   ring.commit(at);
 * }
 * }</pre>
 *
 * <p>Guarantees:
 *
 * <ol>
 *   <li>Any number of threads may reserve at once, also several times before they commit, and
 *       commit in any order; a thread may be moved to another CPU, or stopped for ever, in between.
 *   <li>Every reservation must be committed or discarded, exactly once, through the ring that gave
 *       it. Between the two the caller may write the reserved bytes and nothing else.
 *   <li>Within one CPU events come out in the order in which they were reserved, and their times
 *       never run backwards.
 *   <li>A {@link StackOverflowError} or {@link OutOfMemoryError} may come out of any of these
 *       methods, as of any other. Then nothing has been done: nothing is reserved, or the
 *       reservation that was to be committed or discarded is still open.
 *   <li>None of these methods allocates, logs, parks or throws (misuse aside). Only a backend whose
 *       documentation says so takes a lock.
 * </ol>
 */
@ConsumerType
public interface RingWriter {
  /**
   * Reserves room for an event on the ring of the CPU that the caller runs on.
   *
   * @param length bytes of payload; 0 is taken as 1. Stored rounded up to a multiple of 4, and 5 to
   *     8 bytes as 12, as the kernel does
   * @return the {@link Reservation}, or, negative, the {@link Refusal}, which is already counted
   * @throws IllegalArgumentException if the length is negative
   */
  long reserve(int length);

  /**
   * Reserves as {@link #reserve(int)} does, for a caller that has read the time anyway. A ring that
   * has the same clock may take that time for the event's, which saves a reading of the clock: some
   * 20 ns. A time before that of the event before it is raised to that; one in the future would
   * raise those of all events after it. Any other ring reads its own clock, and so does this method
   * unless it is overridden.
   *
   * @param length as above
   * @param clock what the time was read from; null if it was not read
   * @param time what {@link Clock#now()} has just returned, on this thread
   * @return as above
   * @throws IllegalArgumentException if the length is negative
   */
  default long reserve(int length, Clock clock, long time) {
    return reserve(length);
  }

  /**
   * The memory that holds a reservation's payload, at {@link Reservation#offset}.
   *
   * @param reservation a result of {@link #reserve} on this ring that is not negative
   * @return memory in native byte order's reach; always one of the same few segments, never a new
   *     one
   */
  MemorySegment memory(long reservation);

  /**
   * Publishes an event: from now on readers see it, once those reserved before it on its CPU are
   * committed too.
   *
   * @param reservation a result of {@link #reserve} on this ring, not yet committed or discarded
   * @throws IllegalStateException if it is known to have been committed or discarded already
   */
  void commit(long reservation);

  /**
   * Discards an event: no reader ever sees it and no counter but {@link Counters#discarded} shows
   * it.
   *
   * @param reservation a result of {@link #reserve} on this ring, not yet committed or discarded
   * @throws IllegalStateException if it is known to have been committed or discarded already
   */
  void discard(long reservation);

  /**
   * The longest payload that can be reserved.
   *
   * @return the page size less 24 bytes
   */
  int maxEventSize();
}
