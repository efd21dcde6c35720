/**
 * Probes and a function graph of running code, without touching it: methods are changed in the
 * running JVM, record events into a buffer, and are put back to the very bytes.
 *
 * <p>It needs the {@link java.lang.instrument.Instrumentation} of an agent that can retransform
 * classes. Whoever has one makes {@link org.pagewheel.probes.Probes#of} and offers it: in a
 * container as a service of that name, elsewhere by handing it on. Where nobody does, there are no
 * probes, and the commands of the shell say so.
 *
 * <h2>Patterns</h2>
 *
 * A pattern is one of names such as {@code com.acme.Orders.place}: {@code *} stands for any
 * characters but a dot, {@code **} for any characters. One that matches a class means all of its
 * methods.
 *
 * <table>
 *   <caption>Patterns</caption>
 *   <tr><td>{@code com.acme.**}</td><td>all methods in and below a package</td></tr>
 *   <tr><td>{@code com.acme.*}</td><td>all methods of the classes of a package</td></tr>
 *   <tr><td>{@code com.acme.Orders}</td><td>all methods of a class</td></tr>
 *   <tr><td>{@code com.acme.Orders*}</td><td>and of those nested in it, and of OrdersImpl</td></tr>
 *   <tr><td>{@code com.acme.Orders.get*}</td><td>those of its methods that begin so</td></tr>
 *   <tr><td>{@code **.Orders.<init>}</td><td>the constructors of any such class</td></tr>
 * </table>
 *
 * Classes of the JDK are meant by their very names alone ({@code java.io.FileInputStream.read*}),
 * and never those that recording itself uses. Hidden classes, such as those of lambdas, and native
 * and abstract methods are left alone and listed; the bodies of lambdas are methods of their class.
 * So are methods that would become longer than the 8,000 bytes up to which the JVM compiles them.
 * Bridges that a compiler makes are not recorded, for they only call what is meant.
 *
 * <h2>Probes</h2>
 *
 * {@code com.acme.Orders.place(id, order.symbol) if id > 7} is an event {@code probe:orders_place}
 * at each entry of the method, with these values: arguments that are numbers, texts or enums, and
 * fields of such types that are found from arguments or from {@code this}, also private ones; where
 * an object on the way is null, they are 0 or {@code (null)}. An enum that is null is −1. Arguments
 * have the names of the source where it was compiled with {@code -g} or {@code -parameters}, else
 * {@code arg0} and so on; a field of the event has those of the path, {@code order_symbol}. The
 * event of a return has the arguments as they were at the entry, the fields as they are at the
 * return (so the call keeps the object from which they are found), and {@code result}, {@code
 * exception} and {@code took}. If a pattern means several methods, {@code method} says which it
 * was. Whether {@code if} holds is known before the event: what does not pass takes no room in the
 * ring.
 *
 * <h2>What is promised</h2>
 *
 * <ul>
 *   <li>Nothing comes out of a probe into the application: what goes wrong is a line in the log or
 *       in the list. No code of the application is called.
 *   <li>Of a class all methods that are meant are changed or, if the result would not be sound,
 *       none. A pattern that is wrong or means too much changes nothing.
 *   <li>Classes that are loaded later are changed as they come.
 *   <li>Afterwards the bytes are the old ones, unless another agent has changed the class too.
 * </ul>
 */
@Export
@Version("1.0.0")
package org.pagewheel.probes;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
