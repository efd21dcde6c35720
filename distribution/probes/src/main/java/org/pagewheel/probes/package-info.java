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
 * Bridges that a compiler makes are not recorded, for they only call what is meant.
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
