/** The recorder in an application's JVM, in a separate module. */
package org.pagewheel.agent.internal;
