/**
 * The recorder in a JVM of an application's, in a module of its own. Whoever in it needs the JVM's
 * {@link java.lang.instrument.Instrumentation} asks {@code org.pagewheel.runtime.Instruments}.
 */
package org.pagewheel.agent.internal;
