/**
 * Named buffers at work: {@link org.pagewheel.runtime.Pagewheel} is the way in where there is no
 * OSGi container; in one, the bundle registers {@link org.pagewheel.Buffers} and {@link
 * org.pagewheel.runtime.Administration} as services.
 *
 * <p>Nothing here is null unless said, and every type may be used by any thread.
 */
@Export
@Version("1.0.0")
package org.pagewheel.runtime;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
