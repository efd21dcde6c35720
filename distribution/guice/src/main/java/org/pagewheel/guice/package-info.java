/** Pagewheel in an application's own injector: {@link org.pagewheel.guice.PagewheelModule}. */
@Export
@Version("1.0.0")
package org.pagewheel.guice;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
