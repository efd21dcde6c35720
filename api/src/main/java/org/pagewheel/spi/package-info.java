/**
 * What plugins implement: {@link org.pagewheel.spi.Backend} makes rings, {@link
 * org.pagewheel.spi.ConsumerFactory} makes takers of pages, {@link org.pagewheel.spi.Source} writes
 * events. Registered as OSGi services, or found by {@link java.util.ServiceLoader} outside a
 * container.
 */
@Export
@Version("1.0.0")
package org.pagewheel.spi;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
