/**
 * Questions about traces, and their answers as text and as JSON. {@link
 * org.pagewheel.analysis.Traces} opens them; {@link org.pagewheel.analysis.Summary} shows their
 * content.
 *
 * <p>A question streams over its traces: its memory does not grow with them. Damage in them is
 * among the {@linkplain org.pagewheel.analysis.Answer#problems problems} of the answer, which then
 * covers the rest.
 *
 * <p>Unless a method says otherwise, no parameter or result is null and sizes are bytes.
 *
 * <p>For Pagewheel's own bundles: until version 1.0.0 of this package it may change in any release.
 */
@Export
@Version("0.9.0")
package org.pagewheel.analysis;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
