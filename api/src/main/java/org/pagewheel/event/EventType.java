package org.pagewheel.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.pagewheel.Buffer;
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
  private final int id;

  @SuppressWarnings("unused") // by MASK
  private long mask;

  /**
   * For the classes that {@link #of} makes, and for nobody else.
   *
   * @param definition what only this package can make
   */
  protected EventType(EventDefinition definition) {
    format = definition.format();
    id = format.id();
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
    return write(buffer, id, EventFields.CURRENT, event);
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
    return write(buffer, id, pid, event);
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
   * Writes an event, enabled or not; for {@link #record} alone.
   *
   * @param buffer where to
   * @param type the type's id
   * @param pid what stands in {@code common_pid}, or {@link EventFields#CURRENT}
   * @param event the event
   * @return whether it was written
   */
  protected abstract boolean write(Buffer buffer, int type, int pid, R event);

  /** Opaque, so that a loop that writes events sees a change, and at the cost of a plain load. */
  final long mask() {
    return (long) MASK.getOpaque(this);
  }

  final void mask(long buffers) {
    MASK.setOpaque(this, buffers);
  }
}
