package org.pagewheel.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.pagewheel.Buffer;
import org.pagewheel.event.internal.EventRegistry;
import org.pagewheel.event.internal.EventTypes;
import org.pagewheel.event.internal.ThreadIds;
import org.pagewheel.event.internal.ThreadNames;
import org.pagewheel.event.internal.TypeInfo;

/**
 * A type of event, made of a record class: its components become the fields that trace-cmd and
 * KernelShark show.
 *
 * {@snippet :
 * enum Side {
 *   BUY,
 *   SELL
 * }
 *
 * record OrderFilled(long id, double price, Side side, @Limit(64) String venue) {}
 *
 * static final EventType<OrderFilled> FILLED = EventType.of("shop", OrderFilled.class);
 *
 * FILLED.record(buffer, new OrderFilled(17, 101.25, Side.BUY, "XETRA"));
 * }
 *
 * <p>What can be a component, and how it is shown, is described in the {@linkplain
 * org.pagewheel.event description of the package}.
 *
 * <p>Guarantees:
 *
 * <ol>
 *   <li>Writing an event uses no reflection and boxes nothing. Once the caller is compiled by C2 it
 *       allocates nothing either, the record included, provided that the type is kept in a {@code
 *       static final} field and the record is made for the call.
 *   <li>An event that is disabled costs a look at two fields, below 1 ns.
 *   <li>{@link #record} never throws because of the state of the buffer: a refusal is an answer. A
 *       {@link StackOverflowError} or {@link OutOfMemoryError} may come out of it as out of any
 *       method; the event is not written then, and the buffer goes on.
 *   <li>The record's fields are read directly; its accessors, and any other code of the
 *       application, are not called while an event is written.
 * </ol>
 *
 * <p>Any thread may use a type at any time.
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

  /** The registry puts into it what reads events. */
  private final TypeInfo info;

  private final int id;

  /** The bits of the buffers that record this type; the registry changes them. */
  @SuppressWarnings("unused") // by MASK
  private long mask;

  /**
   * Only for the classes that {@link #of} makes.
   *
   * @param format the type's format
   * @throws IllegalStateException if the class is another one
   */
  protected EventType(EventFormat format) {
    if (!getClass().isHidden()) {
      throw new IllegalStateException("event types are made by EventType.of alone");
    }
    info = new TypeInfo(format);
    id = format.id();
  }

  /**
   * For the classes that {@link #of} makes, which in {@link #record} make a copy of themselves that
   * never comes to be; see {@code internal.TypeClass}.
   *
   * @param type the type
   */
  protected EventType(EventType<?> type) {
    info = type.info;
    id = type.id;
  }

  /**
   * Defines an event type. The event is called as its record, in lower case and with {@code _}
   * between the words, unless {@link Name} says otherwise.
   *
   * <p>A type that is defined again with the same system, name and components, as when a bundle is
   * updated, has the id it had before; with other components it has a new one.
   *
   * @param <R> the record
   * @param system the event system, the first half of the names that {@link EventSet} takes; not
   *     one of the kernel's
   * @param record the record's class, of any visibility; its loader must see this package
   * @return the type
   * @throws IllegalArgumentException if the record cannot be an event or trace-cmd could not parse
   *     its format, or if another record has this system and name; the message says what would be
   *     right
   * @throws IllegalStateException if no id is left: 35536 formats have been defined
   */
  public static <R extends Record> EventType<R> of(String system, Class<R> record) {
    return of(system, record, null);
  }

  /**
   * Defines an event type of a record in a named module that does not open the record's package.
   *
   * @param <R> the record
   * @param system the event system
   * @param record the record's class
   * @param lookup {@link MethodHandles#lookup()} called in the record's module, or null for none
   * @return the type
   * @throws IllegalArgumentException as for {@link #of(String, Class)}
   * @throws IllegalStateException if no id is left
   */
  public static <R extends Record> EventType<R> of(
      String system, Class<R> record, MethodHandles.Lookup lookup) {
    return EventRegistry.PROCESS.define(EventTypes.of(system, record), record.getName(), lookup);
  }

  /**
   * Writes an event, if the buffer records this type. Its time is that of the moment at which the
   * ring finds room for it.
   *
   * @param buffer where to
   * @param event the event
   * @return whether it was written; if not, it is disabled in the buffer or the buffer has counted
   *     the cause
   * @throws NullPointerException if the type is enabled and the event is null
   */
  public abstract boolean record(Buffer buffer, R event);

  /**
   * Whether a buffer records this type; to be asked before an event that is costly to put together.
   *
   * @param buffer the buffer
   * @return true unless its {@link EventSet} says otherwise
   */
  public final boolean isEnabled(Buffer buffer) {
    return (mask() & EventTypes.bit(buffer)) != 0;
  }

  /**
   * Under which number the events of a virtual thread are recorded.
   *
   * @param javaThreadId its {@link Thread#threadId}
   * @return a number that no Linux thread has
   */
  public static int pidOfVirtual(long javaThreadId) {
    return ThreadIds.ofVirtual(javaThreadId);
  }

  /**
   * Writes an event on behalf of another thread, as a source does that learns of events later.
   * Slow: it takes note of the thread's name each time.
   *
   * @param buffer where to
   * @param pid the Linux thread id of the thread to which the event happened, more than 0; for a
   *     virtual thread {@link #pidOfVirtual}
   * @param threadName its name, for the trace file; null if it is not known
   * @param event the event
   * @return whether it was written
   */
  public final boolean recordAs(Buffer buffer, int pid, String threadName, R event) {
    if (!isEnabled(buffer)) {
      return false;
    }
    if (threadName != null) {
      ThreadNames.PROCESS.add(pid, threadName);
    }
    return write(buffer, pid, event);
  }

  /**
   * The type's id.
   *
   * @return the value of {@code common_type}
   */
  public final int id() {
    return id;
  }

  /**
   * The type's format.
   *
   * @return what a reader needs to print its events
   */
  public final EventFormat format() {
    return info.format();
  }

  /**
   * Whether an event is one of this type, also one from a file.
   *
   * @param event the event
   * @return whether it has this system and name
   */
  public final boolean is(Event event) {
    return event.is(info.format().system(), info.format().name());
  }

  /**
   * Makes a record of an event, by the record's constructor. The event may come from a file: fields
   * and enum constants are found by their names, whatever their order was, and a number that the
   * component cannot hold is refused. What was recorded differs from what comes back where an event
   * cannot hold it: text is cut at its {@link Limit}, and its control characters are blanks; a null
   * string is {@code (null)}, a null array or set an empty one; a {@link Fixed} array has its full
   * length.
   *
   * <p>Allocates and boxes: for reading, not for the path of every event.
   *
   * @param event an event for which {@link #is} is true
   * @return a new record
   * @throws IllegalArgumentException if the event has another name, or lacks a field of the record,
   *     or has it as another kind or with a value that the component cannot hold; the message says
   *     which
   * @throws IllegalStateException if the event is damaged
   * @throws RuntimeException what the record's constructor throws
   */
  @SuppressWarnings("unchecked") // the reader was made for R
  public final R read(Event event) {
    return (R) info.read(event);
  }

  /**
   * Writes an event, enabled or not; for {@link #recordAs} alone.
   *
   * @param buffer where to
   * @param pid the value of {@code common_pid}, or 0 for the calling thread
   * @param event the event
   * @return whether it was written
   */
  protected abstract boolean write(Buffer buffer, int pid, R event);

  /**
   * One of the two types that a {@link SpanType} or {@link AsyncSpanType} is made of, or the type
   * that a {@link DurationType} is. Only for the classes that those make.
   *
   * @param <R> the record
   */
  protected abstract static class OfSpan<R extends Record> extends EventType<R> {
    /**
     * As in {@link EventType}.
     *
     * @param format the type's format
     */
    protected OfSpan(EventFormat format) {
      super(format);
    }

    /**
     * As in {@link EventType}.
     *
     * @param type the type
     */
    protected OfSpan(EventType<?> type) {
      super(type);
    }

    /**
     * Writes an event if the buffer records the type.
     *
     * @param buffer where to
     * @param value the span's number
     * @param event the record, of R
     * @return whether it was written
     */
    protected abstract boolean begin(Buffer buffer, long value, Record event);

    /**
     * Writes an event, enabled or not, unless the value is 0.
     *
     * @param buffer where to
     * @param value the span's number, or when it began
     * @param event the record, of R
     * @return whether it was written
     */
    protected abstract boolean end(Buffer buffer, long value, Record event);

    /**
     * Writes an event without a record, enabled or not.
     *
     * @param buffer where to
     * @param value the span's number, or when it began
     * @return whether it was written
     */
    protected abstract boolean endWithout(Buffer buffer, long value);
  }

  /** Opaque, so that a loop that writes events sees a change, and at the cost of a plain load. */
  private long mask() {
    return (long) MASK.getOpaque(this); // pairs with EventRegistry.add and apply
  }
}
