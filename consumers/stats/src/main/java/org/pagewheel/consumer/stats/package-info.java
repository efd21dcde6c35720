/**
 * What a consumer of type {@code stats} tells of its buffer; as an MXBean named {@code
 * org.pagewheel:type=Statistics,name=…} too.
 */
@Export
@Version("1.0.0")
package org.pagewheel.consumer.stats;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
