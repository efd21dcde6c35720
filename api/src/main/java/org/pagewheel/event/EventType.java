package org.pagewheel.event;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.pagewheel.Buffer;
import org.pagewheel.Refusal;
import org.pagewheel.Reservation;
import org.pagewheel.RingWriter;
import org.pagewheel.event.internal.EventTypes;

/**
 * A type of event, made of a record class.
 *
 * @param <R> the record
 */
public abstract class EventType<R extends Record> {
  private static final VarHandle MASK;

  static {
    try {
      MASK = MethodHandles.lookup().findVarHandle(EventType.class, "mask", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final EventFormat format;

  @SuppressWarnings("unused") // by MASK
  private long mask;

  /**
   * For the classes that {@link #of} makes, and for nobody else.
   *
   * @param definition what only this package can make
   */
  protected EventType(EventDefinition definition) {
    format = definition.format();
  }

  /**
   * Defines an event type.
   *
   * @param <R> the record
   * @param system the event system
   * @param record the record's class
   * @return the type
   * @throws IllegalArgumentException if the record cannot be an event
   */
  public static <R extends Record> EventType<R> of(String system, Class<R> record) {
    return of(system, record, null);
  }

  /**
   * Defines an event type of a record in a named module that is not open.
   *
   * @param <R> the record
   * @param system the event system
   * @param record the record's class
   * @param lookup the record's own
   * @return the type
   * @throws IllegalArgumentException if the record cannot be an event
   */
  public static <R extends Record> EventType<R> of(
      String system, Class<R> record, MethodHandles.Lookup lookup) {
    return EventRegistry.PROCESS.define(EventTypes.of(system, record), record.getName(), lookup);
  }

  /**
   * Writes an event.
   *
   * @param buffer where to
   * @param event the event
   * @return whether it was written
   */
  public final boolean record(Buffer buffer, R event) {
    if ((mask() & buffer.eventBit()) == 0) {
      return false;
    }
    return write(buffer, event, ThreadIds.current());
  }

  /**
   * Writes an event on behalf of another thread, as a source does that learns of events later.
   * Slow: it takes note of the thread's name each time.
   *
   * @param buffer where to
   * @param pid the Linux thread id of the thread to which the event happened, more than 0
   * @param threadName its name, for the trace file; null if it is not known
   * @param event the event
   * @return whether it was written
   */
  public final boolean recordAs(Buffer buffer, int pid, String threadName, R event) {
    if ((mask() & buffer.eventBit()) == 0) {
      return false;
    }
    if (threadName != null) {
      ThreadNames.PROCESS.add(pid, threadName);
    }
    return write(buffer, event, pid);
  }

  private boolean write(Buffer buffer, R event, int pid) {
    long header = CommonFields.of(format.id(), pid);
    int length = length(event);
    RingWriter ring = buffer.writer();
    long at = ring.reserve(length);
    while (at == Refusal.SEALED) {
      ring = buffer.successor(ring);
      at = ring.reserve(length);
    }
    if (at < 0) {
      return false;
    }
    try {
      MemorySegment memory = ring.memory(at);
      long offset = Reservation.offset(at);
      memory.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, header);
      encode(event, memory, offset);
    } catch (Throwable e) {
      ring.discard(at);
      throw e;
    }
    ring.commit(at);
    return true;
  }

  /**
   * The type's format.
   *
   * @return what a reader needs to print its events
   */
  public final EventFormat format() {
    return format;
  }

  /**
   * The bytes an event needs, common fields included.
   *
   * @param event the event
   * @return its length
   */
  protected abstract int length(R event);

  /**
   * Writes an event's own fields.
   *
   * @param event the event
   * @param memory where to
   * @param offset where the event begins
   */
  protected abstract void encode(R event, MemorySegment memory, long offset);

  /** Opaque, so that a loop that writes events sees a change, and at the cost of a plain load. */
  final long mask() {
    return (long) MASK.getOpaque(this);
  }

  final void mask(long buffers) {
    MASK.setOpaque(this, buffers);
  }
}
