package org.pagewheel.event;

import java.lang.invoke.MethodHandles;
import org.osgi.annotation.versioning.ProviderType;
import org.pagewheel.Buffer;
import org.pagewheel.event.internal.Nothing;
import org.pagewheel.event.internal.Part;

/**
 * A type of span that begins and ends in different places, on any threads, virtual ones included,
 * or in different processes. The application has a number for it, such as that of an order.
 *
 * {@snippet :
 * record Trade(String symbol) {}
 *
 * record Settled(boolean inTime) {}
 *
 * static final AsyncSpanType<Trade, Settled> TRADE =
 *     AsyncSpanType.of("shop", Trade.class, Settled.class);
 *
 * TRADE.begin(buffer, 17, new Trade("ACME"));
 *
 * TRADE.end(buffer, 17, new Settled(true));
 * }
 *
 * <p>{@code trace-cmd report} prints
 *
 * <pre>
 *   pool-1-4711 [000] 12.345678901: trade_begin: span=0x11 symbol=ACME
 *   pool-2-4712 [001] 14.000012345: trade_end:   span=0x11 in_time=true
 * </pre>
 *
 * <p>Two events of one type and one number belong together, which the format says by declaring the
 * field {@code span} as {@code async_begin u64} and {@code async_end u64}. Nothing is kept of a
 * span that is open: an end is written whether its begin was or not, and who reads the file counts
 * those that found no other half. A number may be used again once its span has ended; a second
 * begin of the same number takes the place of the first. Each event is written if the buffer
 * records its type.
 *
 * <p>The promises of {@link EventType} hold for each event. Any thread may use a type at any time;
 * it should be kept in a {@code static final} field.
 *
 * @param <B> the record at the begin
 * @param <E> the record at the end; {@link Void} if there is none
 */
@ProviderType
public sealed interface AsyncSpanType<B extends Record, E> permits AsyncPair {
  /**
   * Defines a type.
   *
   * @param <B> the record at the begin
   * @param <E> the record at the end
   * @param system the event system, see {@link EventType#of}
   * @param begin the class of the record at the begin, which names the events
   * @param end the class of the record at the end; neither has a field {@code span}
   * @return the type
   * @throws IllegalArgumentException as for {@link EventType#of(String, Class)}
   * @throws IllegalStateException if no id is left
   */
  static <B extends Record, E extends Record> AsyncSpanType<B, E> of(
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
  static <B extends Record, E extends Record> AsyncSpanType<B, E> of(
      String system, Class<B> begin, Class<E> end, MethodHandles.Lookup lookup) {
    return new AsyncPair<>(
        SpanEnds.part(system, begin, begin, Part.ASYNC_BEGIN, lookup),
        SpanEnds.part(system, end, begin, Part.ASYNC_END, lookup));
  }

  /**
   * Defines a type whose spans end without a record, by {@link #end(Buffer, long, Object)} with
   * null.
   *
   * @param <B> the record
   * @param system the event system
   * @param begin the record's class
   * @return the type
   * @throws IllegalArgumentException as for {@link EventType#of(String, Class)}
   * @throws IllegalStateException if no id is left
   */
  static <B extends Record> AsyncSpanType<B, Void> of(String system, Class<B> begin) {
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
  static <B extends Record> AsyncSpanType<B, Void> of(
      String system, Class<B> begin, MethodHandles.Lookup lookup) {
    return new AsyncPair<>(
        SpanEnds.part(system, begin, begin, Part.ASYNC_BEGIN, lookup),
        SpanEnds.part(system, Nothing.class, begin, Part.ASYNC_END, null));
  }

  /**
   * Begins a span.
   *
   * @param buffer where to
   * @param id the span's number, any
   * @param event what is known at the begin
   * @return whether the event was written, as {@link EventType#record} says it
   * @throws NullPointerException if the type is enabled and the event is null
   */
  boolean begin(Buffer buffer, long id, B event);

  /**
   * Ends a span.
   *
   * @param buffer where to; best where the begin went
   * @param id the number that the span began with
   * @param event what is known at the end; null leaves the fields at 0, false and null
   * @return whether the event was written
   */
  boolean end(Buffer buffer, long id, E event);

  /**
   * The type of the first event, to read it and to ask whether it is enabled.
   *
   * @return such as {@code shop:trade_begin}
   */
  EventType<B> beginType();

  /**
   * The type of the second event.
   *
   * @return such as {@code shop:trade_end}
   */
  EventType<?> endType();
}
