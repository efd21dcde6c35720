/**
 * Questions about traces, and their answers as text and as JSON. {@link
 * org.pagewheel.analysis.Traces} opens what is asked; {@link org.pagewheel.analysis.Summary} is
 * what there is in it.
 *
 * <p>A question streams over its traces: the memory that it takes does not grow with them. What is
 * damaged in them is among the {@linkplain org.pagewheel.analysis.Answer#problems problems} of the
 * answer, which then covers the rest.
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
