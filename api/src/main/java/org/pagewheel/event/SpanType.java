package org.pagewheel.event;

import java.lang.invoke.MethodHandles;
import org.osgi.annotation.versioning.ProviderType;
import org.pagewheel.Buffer;
import org.pagewheel.event.internal.Nothing;
import org.pagewheel.event.internal.Part;

/**
 * A type of span: something that a thread begins and ends, recorded as two events.
 *
 * {@snippet :
 * record Place(long id, String symbol) {}
 *
 * record Placed(Side side, int fills) {}
 *
 * static final SpanType<Place, Placed> PLACE =
 *     SpanType.of("shop", Place.class, Placed.class);
 *
 * try (var span = PLACE.begin(buffer, new Place(17, "ACME"))) {
 *   span.end(new Placed(Side.BUY, match()));
 * }
 * }
 *
 * <p>The events are called as the first record, with {@code _begin} and {@code _end}, and {@code
 * trace-cmd report} prints
 *
 * <pre>
 *   pool-1-4711 [000] 12.345678901: place_begin: span=0x7800001 id=17 symbol=ACME
 *   pool-1-4711 [000] 12.345683210: place_end:   span=0x7800001 ended=true side=BUY fills=3
 * </pre>
 *
 * <p>They are ordinary events. What makes them a span for a reader of the file is that the format
 * declares the field {@code span} as {@code span_begin u64} in the one and as {@code span_end u64}
 * in the other; the span's number, which no other open span of the process has, says which two
 * belong together. So a lost event costs its own span and no other, and spans may nest, overlap,
 * and end where they did not begin.
 *
 * <pre>
 *  0               8               16
 * +---------------+---------------+---------------------------------+
 * | common fields | span          | fields of the first record      |  place_begin
 * +---------------+---------------+-----------------------+---------+
 * | common fields | span          | fields of the second  | ended   |  place_end
 * +---------------+---------------+-----------------------+---------+
 * </pre>
 *
 * <p>How long a span took is the difference between the times of the two. To filter or trigger by
 * it, use a {@link DurationType}, which is one event; for what begins and ends in different places
 * there is an {@link AsyncSpanType}.
 *
 * <p>The promises of {@link EventType} hold for each of the two events; {@link Span} says what
 * becomes of spans that are refused, ended twice, ended elsewhere or not at all. Any thread may use
 * a type at any time; it should be kept in a {@code static final} field.
 *
 * @param <B> the record at the begin
 * @param <E> the record at the end; {@link Void} if there is none
 */
@ProviderType
public sealed interface SpanType<B extends Record, E> permits SpanPair {
  /**
   * Defines a type whose spans end with a result.
   *
   * @param <B> the record at the begin
   * @param <E> the record at the end
   * @param system the event system, see {@link EventType#of}
   * @param begin the class of the record at the begin, which names the events
   * @param end the class of the record at the end; none of its fields is called {@code span} or
   *     {@code ended}
   * @return the type
   * @throws IllegalArgumentException as for {@link EventType#of(String, Class)}
   * @throws IllegalStateException if no id is left
   */
  static <B extends Record, E extends Record> SpanType<B, E> of(
      String system, Class<B> begin, Class<E> end) {
    return of(system, begin, end, null);
  }

  /**
   * Defines a type of records in a named module that does not open their package.
   *
   * @param <B> the record at the begin
   * @param <E> the record at the end
   * @param system the event system
   * @param begin the class of the record at the begin
   * @param end the class of the record at the end
   * @param lookup {@link MethodHandles#lookup()} called in the records' module, or null for none
   * @return the type
   * @throws IllegalArgumentException as for {@link EventType#of(String, Class)}
   * @throws IllegalStateException if no id is left
   */
  static <B extends Record, E extends Record> SpanType<B, E> of(
      String system, Class<B> begin, Class<E> end, MethodHandles.Lookup lookup) {
    return new SpanPair<>(
        SpanEnds.part(system, begin, begin, Part.BEGIN, lookup),
        SpanEnds.of(SpanEnds.part(system, end, begin, Part.END, lookup)));
  }

  /**
   * Defines a type whose spans have no result; {@link Span#close} ends them, and their end event
   * has no field {@code ended}.
   *
   * @param <B> the record
   * @param system the event system
   * @param begin the record's class
   * @return the type
   * @throws IllegalArgumentException as for {@link EventType#of(String, Class)}
   * @throws IllegalStateException if no id is left
   */
  static <B extends Record> SpanType<B, Void> of(String system, Class<B> begin) {
    return of(system, begin, (MethodHandles.Lookup) null);
  }

  /**
   * Defines such a type of a record in a named module that does not open its package.
   *
   * @param <B> the record
   * @param system the event system
   * @param begin the record's class
   * @param lookup {@link MethodHandles#lookup()} called in the record's module, or null for none
   * @return the type
   * @throws IllegalArgumentException as for {@link EventType#of(String, Class)}
   * @throws IllegalStateException if no id is left
   */
  static <B extends Record> SpanType<B, Void> of(
      String system, Class<B> begin, MethodHandles.Lookup lookup) {
    return new SpanPair<>(
        SpanEnds.part(system, begin, begin, Part.BEGIN, lookup),
        SpanEnds.of(SpanEnds.part(system, Nothing.class, begin, Part.PLAIN_END, null)));
  }

  /**
   * Begins a span, if the buffer records the type of its begin.
   *
   * @param buffer where both events go to, whatever ring it has when they come
   * @param event what is known at the begin
   * @return the span, to be ended; never null, also where the begin was refused
   * @throws NullPointerException if the type is enabled and the event is null
   */
  Span<E> begin(Buffer buffer, B event);

  /**
   * The type of the first event, to read it and to ask whether it is enabled. What is recorded by
   * it directly has the number 0 and is no span.
   *
   * @return such as {@code shop:place_begin}
   */
  EventType<B> beginType();

  /**
   * The type of the second event. Whether it is enabled means nothing: an end is recorded if its
   * begin was.
   *
   * @return such as {@code shop:place_end}
   */
  EventType<?> endType();

  /**
   * How many ends wrote nothing, because their begin had not been written or they came a second
   * time.
   *
   * @return since the type was defined
   */
  long skipped();
}
