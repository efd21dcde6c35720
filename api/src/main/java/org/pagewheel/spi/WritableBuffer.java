package org.pagewheel.spi;

import org.osgi.annotation.versioning.ProviderType;
import org.pagewheel.Buffer;

/**
 * A buffer for code that fills the room in its ring itself: sources of events, tools that copy
 * events, and the classes of event types. Every {@link Buffer} is one, and may be cast.
 *
 * <p>The ring that is written to may be replaced between any two calls, hence the loop:
 *
 * <pre>{@code
 * RingWriter ring = buffer.writer();
 * long at = ring.reserve(length);
 * while (at == Refusal.SEALED) {
 *   ring = buffer.successor(ring);
 *   at = ring.reserve(length);
 * }
 * if (at >= 0) {
 *   …
 *   ring.commit(at);
 * }
 * }</pre>
 *
 * <p>Such code discards the reservation if filling fails, as {@link Leftovers} shows.
 */
@ProviderType
public interface WritableBuffer extends Buffer {
  /**
   * The ring to write to now: one volatile read. To be called for each event, not kept.
   *
   * @return the current ring's writer side; once the buffer is closed, one that refuses everything
   */
  RingWriter writer();

  /**
   * The ring to go on with after one has returned {@link Refusal#SEALED}. When this returns, the
   * sealed ring takes no more events on any CPU, so that order and time hold across the change.
   *
   * @param sealed the ring that refused
   * @return the ring that replaces it
   */
  RingWriter successor(RingWriter sealed);

  /**
   * The one bit that stands for this buffer in {@link org.pagewheel.event.EventType}'s mask of the
   * buffers it is enabled in.
   *
   * @return a number with exactly one bit set, always the same
   */
  long eventBit();
}
