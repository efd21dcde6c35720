package org.pagewheel;

import java.lang.foreign.MemorySegment;
import org.pagewheel.format.DamagedPageException;

/**
 * Reads events one after the other, of one CPU or of several merged by time.
 *
 * <pre>{@code
 * try (EventReader events = buffer.readers().events()) {
 *   while (events.next()) {
 *     … events.time(), events.cpu(), events.payload() …
 *   }
 * }
 * }</pre>
 *
 * <p>For one thread. {@link #next} returning false is not the end: more may come.
 */
public final class EventReader implements AutoCloseable {
  private final CpuEvents[] streams;
  private final Runnable onClose;
  private CpuEvents current;
  private long missed;
  private boolean closed;

  EventReader(CpuEvents[] streams, Runnable onClose) {
    this.streams = streams;
    this.onClose = onClose;
  }

  /**
   * Goes to the next event: of those that are there, the one with the lowest time; of equal ones
   * that of the lowest CPU.
   *
   * @return whether there is one now
   * @throws DamagedPageException if a page is damaged; its remaining events are lost, and the next
   *     call goes on behind it
   * @throws IllegalStateException if the reader is closed
   */
  public boolean next() throws DamagedPageException {
    if (closed) {
      throw new IllegalStateException("the reader is closed");
    }
    CpuEvents first = null;
    for (CpuEvents stream : streams) {
      if (stream.peek() && (first == null || stream.cursor.time() < first.cursor.time())) {
        first = stream;
      }
    }
    current = first;
    if (first == null) {
      return false;
    }
    missed = first.take();
    return true;
  }

  /**
   * The CPU of the event.
   *
   * @return a number of at least 0
   */
  public int cpu() {
    return current.cpu;
  }

  /**
   * The event's time.
   *
   * @return in the unit of the buffer's clock
   */
  public long time() {
    return current.cursor.time();
  }

  /**
   * The event's payload, common fields first.
   *
   * @return memory that is valid until the next call of {@link #next}
   */
  public MemorySegment payload() {
    return current.cursor.payload();
  }

  /**
   * How many events of this CPU were lost, for this reader, right before this one.
   *
   * @return 0 if none, −1 if their number is unknown
   */
  public long missed() {
    return missed;
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
