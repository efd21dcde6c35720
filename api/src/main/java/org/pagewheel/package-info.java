/** What an application uses: named buffers, their readers, pages, counters, modes and clocks. */
@Export
@Version("1.0.0")
package org.pagewheel;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
