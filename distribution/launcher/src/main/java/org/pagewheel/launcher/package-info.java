/**
 * The start of the JVM: a framework with the bundles of a home, and commands or the shell in it.
 */
package org.pagewheel.launcher;
