package org.pagewheel.event;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.pagewheel.format.PageCursor;

/**
 * Makes {@link Event events} of the payloads on pages, for consumers and for readers of files.
 *
 * {@snippet :
 * EventDecoder decoder = new EventDecoder(context.metadata());
 *
 * cursor.reset(page.memory());
 * while (cursor.next()) {
 *   Event event = decoder.event(cursor, page.cpu());
 * }
 * }
 *
 * <p>Each format is read once, with its first event. For one thread. After that nothing is
 * allocated: all events are the same object.
 */
public final class EventDecoder {
  private static final int MAX_TYPE = 0xffff;

  private final Supplier<List<EventFormat>> formats;
  private final IntSupplier count;
  private final boolean isLittle;
  private final Event event;

  /** By type, as far as the highest one known: a look at it allocates nothing. */
  private EventShape[] shapes = {};

  private int last = -1;
  private EventShape lastShape = EventShape.UNKNOWN;
  private int asked = -1;

  /**
   * Makes a decoder of events of this machine's or another Pagewheel's.
   *
   * @param metadata the formats; asked again when an event of a new type comes
   */
  public EventDecoder(Metadata metadata) {
    this(metadata::formats, metadata::formatCount, ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Makes a decoder of the events of a file.
   *
   * @param formats the formats; of two of one id the later one counts
   * @param order the byte order of the machine that wrote the events
   */
  public EventDecoder(Collection<EventFormat> formats, ByteOrder order) {
    this(new ArrayList<>(formats), order);
  }

  private EventDecoder(ArrayList<EventFormat> formats, ByteOrder order) {
    this(() -> formats, formats::size, order);
  }

  private EventDecoder(Supplier<List<EventFormat>> formats, IntSupplier count, ByteOrder order) {
    this.formats = formats;
    this.count = count;
    this.isLittle = order == ByteOrder.LITTLE_ENDIAN;
    this.event = new Event(order);
  }

  /**
   * The event at a cursor.
   *
   * @param cursor stands on an event
   * @param cpu the CPU of the page
   * @return the same object each time; valid until the next call, and as long as the page is
   */
  public Event event(PageCursor cursor, int cpu) {
    int length = cursor.payloadLength();
    return event(cursor.page(), cursor.payloadOffset(), length, cursor.time(), cpu);
  }

  /**
   * An event of which the place is known.
   *
   * @param memory the memory that holds the payload
   * @param offset where it begins
   * @param length bytes of payload
   * @param time the event's time
   * @param cpu the event's CPU
   * @return the same object each time; valid until the next call, and as long as the memory is
   */
  public Event event(MemorySegment memory, long offset, int length, long time, int cpu) {
    event.set(shape(memory, offset, length), memory, offset, length, time, cpu);
    return event;
  }

  private EventShape shape(MemorySegment memory, long offset, int length) {
    if (length < CommonFields.SIZE) {
      return EventShape.UNKNOWN;
    }
    short word = memory.get(EventShape.SHORT, offset);
    int type = (isLittle ? word : Short.reverseBytes(word)) & 0xffff;
    if (type != last) {
      lastShape = find(type);
      last = lastShape == EventShape.UNKNOWN ? -1 : type;
    }
    return lastShape;
  }

  private EventShape find(int type) {
    EventShape shape = known(type);
    if (shape != null) {
      return shape;
    }
    int now = count.getAsInt();
    if (now != asked) { // types are defined while the program runs
      formats.get().forEach(this::add);
      asked = now; // last: an error must not hide them
    }
    shape = known(type);
    return shape == null ? EventShape.UNKNOWN : shape;
  }

  private EventShape known(int type) {
    return type < shapes.length ? shapes[type] : null;
  }

  private void add(EventFormat format) {
    int type = format.id();
    if (type < 0 || type > MAX_TYPE) {
      return; // no event has it
    }
    if (type >= shapes.length) {
      shapes = Arrays.copyOf(shapes, type + 1);
    }
    if (shapes[type] == null || !shapes[type].format().equals(format)) {
      shapes[type] = EventShape.of(format);
    }
  }
}
