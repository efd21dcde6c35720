/**
 * For applications: {@link org.pagewheel.Buffer buffers} to write events to, {@link
 * org.pagewheel.Readers readers} to take them out again, {@link org.pagewheel.Page pages} in the
 * Linux kernel's binary layout, {@link org.pagewheel.Counters counters} that account for every
 * event.
 *
 * <p>The words are the kernel's (reserve, commit, discard, reader page, overrun, entries). A
 * <em>ring</em> is the rings of all CPUs that one backend made at one time; a <em>buffer</em> is
 * the named thing an application holds, whose ring can be replaced while writers write.
 *
 * <p>Unless a method says otherwise: no parameter or result is null, times are nanoseconds of the
 * buffer's {@link org.pagewheel.Clock clock}, sizes are bytes, and every type is safe for use by
 * any number of threads, virtual ones included.
 */
@Export
@Version("1.1.0")
package org.pagewheel;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
