/**
 * Typed events: a record class becomes an event type that trace-cmd and KernelShark show with
 * names, enums and strings.
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
 * }
 *
 * <p>Writing one is a call; with a record made for it, nothing is allocated:
 *
 * {@snippet :
 * FILLED.record(buffer, new OrderFilled(17, 101.25, Side.BUY, "XETRA"));
 * }
 *
 * <p>and {@code trace-cmd report} prints
 *
 * <pre>
 *   pool-1-4711 [000] 12.345678901: order_filled: id=17 price=101.250000 side=BUY venue=XETRA
 * </pre>
 *
 * <h2>Components</h2>
 *
 * <table>
 * <caption>What a record may hold</caption>
 * <tr><th>Java</th><th>stored as</th><th>shown</th></tr>
 * <tr><td>{@code byte short int long}</td><td>{@code s8 s16 int s64}, with {@link
 * org.pagewheel.event.Unsigned} {@code u8 u16 u32 u64}</td><td>decimal, with {@link
 * org.pagewheel.event.Hex} hexadecimal, with {@link org.pagewheel.event.Symbol} by name</td></tr>
 * <tr><td>{@code char}</td><td>{@code u16}</td><td>its number</td></tr>
 * <tr><td>{@code boolean}</td><td>{@code bool}</td><td>{@code true} or {@code false}</td></tr>
 * <tr><td>{@code float double}</td><td>{@code double}</td><td>as C's
 * {@code %f}, rounded to six decimals; {@code huge} from 2<sup>64</sup> on</td></tr>
 * <tr><td>an enum</td><td>the ordinal, {@code int}; null is −1</td><td>the constant's name, or that
 * in {@link org.pagewheel.event.Symbol}</td></tr>
 * <tr><td>{@code EnumSet<E>}</td><td>bits, {@code u32} or {@code u64}</td>
 * <td><code>{A|B}</code>, at most 64 constants</td></tr>
 * <tr><td>{@code String}</td><td>UTF-8 and NUL after the fixed part, at most {@link
 * org.pagewheel.event.Limit} bytes</td><td>as it is; control characters are stored as blanks; null
 * as {@code (null)}</td></tr>
 * <tr><td>{@code @Fixed(16) String}</td><td>{@code char f[16]}</td><td>the same</td></tr>
 * <tr><td>{@code int[]} and the other arrays of primitives</td><td>after the fixed part, at most
 * {@link org.pagewheel.event.Limit} bytes</td><td><code>{1 2 3}</code>; trace-cmd knows no sign and
 * no fraction here: −1 in a {@code long[]} is shown as 18446744073709551615, a double by its
 * bits</td></tr>
 * <tr><td>{@code @Fixed(3) int[]} and so on</td><td>{@code int f[3]}</td>
 * <td><code>{1,-2,3}</code>; beyond 16 elements as above</td></tr>
 * </table>
 *
 * <p>Names become lower case with {@code _} between the words ({@code orderId} is shown as {@code
 * order_id}), or what {@link org.pagewheel.event.Name} says; {@link org.pagewheel.event.Unit} puts
 * a unit after the value. Anything that trace-cmd could not parse is refused when the type is
 * defined.
 *
 * <p>An event has at most 60 components and 65535 bytes, and one that is longer than the pages of
 * its buffer is refused when it is written. The systems of the Linux kernel ({@code sched}, {@code
 * irq}, {@code net}, …) are the kernel's own. Ids are given from 30000 upward, above those of the
 * kernel.
 *
 * <h2>Spans, counters and flows</h2>
 *
 * What takes time is a span:
 *
 * {@snippet :
 * try (var span = PLACE.begin(buffer, new Place(17, "ACME"))) {
 *   span.end(new Placed(Side.BUY, match()));
 * }
 * }
 *
 * <p>with a type of one of three kinds:
 *
 * <table>
 * <caption>Kinds of spans</caption>
 * <tr><th>type</th><th>events</th><th>for</th></tr>
 * <tr><td>{@link org.pagewheel.event.SpanType}</td><td>one at the begin and one at the
 * end</td><td>what a thread does; also what has not ended is in the file</td></tr>
 * <tr><td>{@link org.pagewheel.event.DurationType}</td><td>one at the end, with its
 * duration</td><td>filters and triggers by how long it took</td></tr>
 * <tr><td>{@link org.pagewheel.event.AsyncSpanType}</td><td>one at the begin and one at the end,
 * with a number of the application's</td><td>what begins and ends in different places, on any
 * threads</td></tr>
 * </table>
 *
 * <p>A component of any event that is a {@link org.pagewheel.event.Counter} is drawn as a line over
 * time, and a {@link org.pagewheel.event.Flow} draws arrows from event to event. All of them are
 * ordinary events of ftrace, and a file says what they are by a word before the type of a field, so
 * that it is enough to read them:
 *
 * <pre>
 *   field:span_begin u64 span;      field:span_end u64 span;      field:span s64 duration;
 *   field:async_begin u64 span;     field:async_end u64 span;
 *   field:counter int orders;       field:flow s64 request;
 * </pre>
 *
 * <h2>Reading</h2>
 *
 * {@link org.pagewheel.EventReader#event} returns the {@link org.pagewheel.event.Event} that a
 * reader stands on, with its fields by name; {@link org.pagewheel.event.EventType#read} makes the
 * record of it. An {@link org.pagewheel.event.EventDecoder} makes events of what lies on pages and
 * in files.
 *
 * <h2>Enabling</h2>
 *
 * Every type is recorded in every buffer unless the buffer's {@link org.pagewheel.event.EventSet}
 * says otherwise:
 *
 * {@snippet :
 * buffer.events().disable("shop:*");
 * buffer.events().enable("shop:order_*"); // the last one that matches a type decides
 * }
 *
 * <h2>Threads</h2>
 *
 * The thread of an event is identified by its Linux thread id, so that the events stand beside
 * those of the kernel. A virtual thread has a number of its own, 4194304 (which no Linux thread
 * reaches) plus its Java thread id. {@link org.pagewheel.event.Metadata#threadNames} gives the
 * names of up to 16384 platform and as many virtual threads, the newest that have written.
 */
@Export
@Version("1.1.0")
package org.pagewheel.event;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
