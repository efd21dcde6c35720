package org.pagewheel.event.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.List;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.EventType;
import org.pagewheel.spi.WritableBuffer;

/**
 * A record class that can be an event, checked and with its format text.
 *
 * @param <R> the record
 */
public final class EventTypes<R extends Record> {
  private final String system;
  private final RecordShape shape;
  private final String body;
  private RecordReader reader;

  private EventTypes(String system, RecordShape shape) {
    this.system = system;
    this.shape = shape;
    body = FormatText.body(shape);
  }

  /**
   * Checks a record class.
   *
   * @param <R> the record
   * @param system the event system
   * @param record the record's class
   * @return the parts of its event type
   * @throws IllegalArgumentException if it cannot be an event
   */
  public static <R extends Record> EventTypes<R> of(String system, Class<R> record) {
    return of(system, record, record, Part.EVENT);
  }

  /**
   * Checks a record class that is a part of a span.
   *
   * @param <R> the record
   * @param system the event system
   * @param record the record's class
   * @param named the class that the event is named after
   * @param part which part
   * @return the parts of its event type
   * @throws IllegalArgumentException if it cannot be an event
   */
  public static <R extends Record> EventTypes<R> of(
      String system, Class<R> record, Class<? extends Record> named, Part part) {
    Names.checkSystem(system);
    for (Class<?> each : List.of(record, named)) {
      if (!each.isRecord() || each.isHidden()) {
        throw new IllegalArgumentException(
            each.getName() + " is not a named record class: an event type is made of one");
      }
    }
    return new EventTypes<>(system, new RecordShape(record, named, part));
  }

  /**
   * The bit of a buffer in the masks of event types, see {@link WritableBuffer#eventBit}.
   *
   * @param buffer made by the runtime
   * @return the bit
   */
  public static long bit(Buffer buffer) {
    return ((WritableBuffer) buffer).eventBit();
  }

  /**
   * The event system.
   *
   * @return a name that is not the kernel's
   */
  public String system() {
    return system;
  }

  /**
   * The event's name.
   *
   * @return a name that trace-cmd parses
   */
  public String name() {
    return shape.name();
  }

  /**
   * The format text.
   *
   * @param id the id in it
   * @return the whole text
   */
  public String text(int id) {
    return "name: " + shape.name() + "\nID: " + id + "\n" + body;
  }

  /** The reader of its events; null before {@link #constructor}. */
  RecordReader reader() {
    return reader;
  }

  /**
   * Defines the class of the type, in the record's package.
   *
   * @param given a lookup in the record's module, or null if its package is open
   * @return its constructor, from {@link EventFormat} to {@link EventType}
   * @throws IllegalArgumentException if that cannot be done for this record
   */
  public MethodHandle constructor(Lookup given) {
    Lookup lookup = RecordAccess.to(shape.record(), given);
    try {
      reader = new RecordReader(shape, lookup);
      Lookup type =
          lookup.defineHiddenClassWithClassData(
              TypeClass.write(shape), StoreMethod.define(shape), true, Lookup.ClassOption.NESTMATE);
      return type.findConstructor(
              type.lookupClass(), MethodType.methodType(void.class, EventFormat.class))
          .asType(MethodType.methodType(EventType.class, EventFormat.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no class for " + shape.record().getName(), e);
    }
  }
}
