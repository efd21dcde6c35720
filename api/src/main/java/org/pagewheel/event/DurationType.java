package org.pagewheel.event;

import java.lang.invoke.MethodHandles;
import org.osgi.annotation.versioning.ProviderType;
import org.pagewheel.Buffer;
import org.pagewheel.event.internal.Part;

/**
 * A type of span that is one event, written at the end, which says how long it took.
 *
 * {@snippet :
 * record Matched(long id, int fills) {}
 *
 * static final DurationType<Matched> MATCHED = DurationType.of("shop", Matched.class);
 *
 * try (var span = MATCHED.begin(buffer)) {
 *   span.end(new Matched(17, match()));
 * }
 * }
 *
 * <p>{@code trace-cmd report} prints
 *
 * <pre>
 *   pool-1-4711 [000] 12.345683210: matched: duration=4309 ns ended=true id=17 fills=3
 * </pre>
 *
 * <p>so that filters and triggers can ask for it: {@code shop:matched if duration > 50000000}. The
 * duration is that of {@link System#nanoTime}, whatever clock the buffer has. What has begun and
 * not ended is not in the file; a {@link SpanType} has it. For whoever reads a file the format
 * declares the field {@code duration} as {@code span s64}.
 *
 * <pre>
 *  0               8               16
 * +---------------+---------------+-----------------------+---------+
 * | common fields | duration, ns  | fields of the record  | ended   |
 * +---------------+---------------+-----------------------+---------+
 * </pre>
 *
 * <p>Any thread may use a type at any time; it should be kept in a {@code static final} field.
 *
 * @param <R> the record
 */
@ProviderType
public sealed interface DurationType<R extends Record> permits DurationEvents {
  /**
   * Defines a type.
   *
   * @param <R> the record
   * @param system the event system, see {@link EventType#of}
   * @param record the record's class; none of its fields is called {@code duration} or {@code
   *     ended}
   * @return the type
   * @throws IllegalArgumentException as for {@link EventType#of(String, Class)}
   * @throws IllegalStateException if no id is left
   */
  static <R extends Record> DurationType<R> of(String system, Class<R> record) {
    return of(system, record, null);
  }

  /**
   * Defines a type of a record in a named module that does not open the record's package.
   *
   * @param <R> the record
   * @param system the event system
   * @param record the record's class
   * @param lookup {@link MethodHandles#lookup()} called in the record's module, or null for none
   * @return the type
   * @throws IllegalArgumentException as for {@link EventType#of(String, Class)}
   * @throws IllegalStateException if no id is left
   */
  static <R extends Record> DurationType<R> of(
      String system, Class<R> record, MethodHandles.Lookup lookup) {
    EventType.OfSpan<R> type = SpanEnds.part(system, record, record, Part.WHOLE, lookup);
    return new DurationEvents<>(SpanEnds.of(type), type);
  }

  /**
   * Begins a span, if the buffer records the type. Reads the time and writes nothing.
   *
   * @param buffer where the event goes to
   * @return the span, to be ended; never null
   */
  Span<R> begin(Buffer buffer);

  /**
   * The type of the event, to read it and to ask whether it is enabled.
   *
   * @return such as {@code shop:matched}
   */
  EventType<R> eventType();

  /**
   * How many ends wrote nothing, because the type was disabled at their begin or they came a second
   * time.
   *
   * @return since the type was defined
   */
  long skipped();
}
