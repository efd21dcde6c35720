package org.pagewheel.event.internal;

import org.pagewheel.event.Event;
import org.pagewheel.event.EventFormat;

/**
 * The state of an event type other than its writing code: one object, so that writers copy one
 * field.
 */
public final class TypeInfo {
  private final EventFormat format;

  /**
   * Set by the registry before the type is published; volatile for threads that get the type
   * through a race.
   */
  private volatile RecordReader reader;

  /**
   * Makes one without a reader.
   *
   * @param format the type's format
   */
  public TypeInfo(EventFormat format) {
    this.format = format;
  }

  /**
   * The type's format.
   *
   * @return always the same
   */
  public EventFormat format() {
    return format;
  }

  void reader(RecordReader made) {
    reader = made;
  }

  /**
   * Makes a record of an event.
   *
   * @param event an event of a type with this system, name and fields
   * @return the record
   */
  public Object read(Event event) {
    if (!event.is(format.system(), format.name())) {
      throw new IllegalArgumentException(
          "the event is %s:%s, not %s:%s"
              .formatted(event.system(), event.name(), format.system(), format.name()));
    }
    return reader.read(event);
  }
}
