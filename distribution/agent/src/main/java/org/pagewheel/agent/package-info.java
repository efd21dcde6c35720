/**
 * Records in a JVM that knows nothing of it: {@code java -javaagent:pagewheel-agent.jar=FILE}, or
 * {@code pagewheel attach PID}.
 *
 * <p>How it works: the JVM puts the agent's jar on the application's class path. Only this package
 * lies at its root. Everything else, Guice, Guava and Gogo too, lies below {@code pagewheel/} in
 * the same jar; no other class loader finds it there. {@link org.pagewheel.agent.Agent} makes a
 * module of it in a layer and a loader of its own, whose parent is the platform's: the application
 * and the recorder see nothing of each other.
 *
 * <p>The module alone may call native functions, whatever the command line says of the
 * application's; where the JVM does not let it, one line says so and the ring lies on the heap.
 *
 * <p>Inside there is no container: the runtime runs as in an application that embeds it, and the
 * shell's commands run on Gogo's command processor, which needs no OSGi. It is given no streams of
 * the process to replace. So all commands of scope {@code ring} are there, and those of bundles are
 * not.
 */
package org.pagewheel.agent;
