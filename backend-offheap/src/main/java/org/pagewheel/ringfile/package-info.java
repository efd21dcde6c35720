/**
 * Reads the file in which the off-heap backend keeps a ring, of a process that lives or is dead:
 * {@link org.pagewheel.ringfile.RingFile}.
 */
@Export
@Version("1.0.0")
package org.pagewheel.ringfile;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
