/** The recorder in a JVM of an application's, in a module of its own. */
package org.pagewheel.agent.internal;
