/**
 * What a consumer of type {@code stats} reports of its buffer; also as an MXBean named {@code
 * org.pagewheel:type=Statistics,name=…}.
 */
@Export
@Version("1.1.0")
package org.pagewheel.consumer.stats;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
