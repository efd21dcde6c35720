/**
 * Running named buffers: {@link org.pagewheel.runtime.Pagewheel} is the entry point without an OSGi
 * container; in a container, the bundle registers {@link org.pagewheel.Buffers} and {@link
 * org.pagewheel.runtime.Administration} as services.
 *
 * <p>Nothing here is null unless documented, and every type may be used by any thread.
 */
@Export
@Version("1.1.0")
package org.pagewheel.runtime;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
