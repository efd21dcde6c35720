/**
 * The binary page, as the Linux kernel lays it out: constants with a drawing, encoder and cursor.
 */
@Export
@Version("1.0.0")
package org.pagewheel.format;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
