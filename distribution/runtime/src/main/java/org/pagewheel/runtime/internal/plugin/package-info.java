/**
 * Backends, consumers and sources as they come and go: found on a class path or as services, by
 * name, and the settings that they know.
 */
package org.pagewheel.runtime.internal.plugin;
