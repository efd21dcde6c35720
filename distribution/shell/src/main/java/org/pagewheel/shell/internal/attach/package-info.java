/** Loads the agent into another JVM. */
package org.pagewheel.shell.internal.attach;
