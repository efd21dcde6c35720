/**
 * Reads the file in which the off-heap backend keeps a ring, of a living or dead process: {@link
 * org.pagewheel.ringfile.RingFile}.
 *
 * <p>For Pagewheel's own bundles: until version 1.0.0 of this package it may change in any release.
 */
@Export
@Version("0.9.0")
package org.pagewheel.ringfile;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
