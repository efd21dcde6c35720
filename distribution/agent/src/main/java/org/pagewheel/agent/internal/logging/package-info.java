/**
 * Takes the place of {@code java.util.logging} in the libraries of the agent's jar, whose classes
 * are changed to call it when the jar is made. The first call for a logger of the JDK sets up
 * logging for good, which is for the application to do: it may bring its own log manager.
 */
package org.pagewheel.agent.internal.logging;
