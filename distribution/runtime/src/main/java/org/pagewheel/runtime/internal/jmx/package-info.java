/** Buffers for monitors, by JMX; nothing else of the runtime needs {@code java.management}. */
package org.pagewheel.runtime.internal.jmx;
