/**
 * The runtime put together, in a container ({@link org.pagewheel.runtime.internal.Activator}) and
 * without one ({@link org.pagewheel.runtime.internal.Engine}).
 *
 * <p>Each package uses only the ones below it:
 *
 * <pre>
 *            (this)            wiring, start and stop
 *            buffer            a buffer with what belongs to it; reload; administration
 *            save              files of what buffers hold: saved, snapshots, at exit
 *    plugin          pump      plugins that come and go; pages to consumers
 *                    ring      the ring under a buffer, and its replacement
 *        config, trigger       the checked configuration; triggers and their text
 *            lifecycle         threads, their end, the log
 * </pre>
 */
package org.pagewheel.runtime.internal;
