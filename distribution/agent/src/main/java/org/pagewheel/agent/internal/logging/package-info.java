/**
 * Takes the place of {@code java.util.logging} in the libraries of the agent's jar, whose classes
 * are changed to call it when the jar is made. Whoever asks the JDK's for a logger sets it up for
 * good, and that is the application's to do: it may bring a log manager of its own.
 */
package org.pagewheel.agent.internal.logging;
