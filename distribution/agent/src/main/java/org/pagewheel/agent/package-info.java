/**
 * Records in a JVM that knows nothing of it: {@code java -javaagent:pagewheel-agent.jar=FILE}, or
 * {@code pagewheel attach PID}.
 *
 * <p>How it works: the JVM puts the agent's jar on the application's class path. Only this package
 * is at its root. Everything else, including Guice, Guava and Gogo, is below {@code pagewheel/} in
 * the same jar, where no other class loader finds it. {@link org.pagewheel.agent.Agent} makes a
 * module of it, in its own layer and loader, whose parent is the platform's: the application and
 * the recorder do not see each other.
 *
 * <p>Only this module may call native functions, whatever the command line grants the application;
 * if the JVM does not allow it, one line says so and the ring is on the heap.
 *
 * <p>Inside there is no container: the runtime runs as in an application that embeds it, and the
 * shell's commands run on Gogo's command processor, which needs no OSGi. It gets no streams of the
 * process to replace. So all commands of scope {@code ring} exist, and those of bundles do not.
 */
package org.pagewheel.agent;
