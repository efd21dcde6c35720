/**
 * The file format of {@code trace-cmd}: {@link org.pagewheel.tracedat.TraceFile} reads trace.dat
 * files of version 6 and 7, {@link org.pagewheel.tracedat.TraceFileWriter} writes them, {@link
 * org.pagewheel.tracedat.TraceMetadata} is their content other than the pages, and {@link
 * org.pagewheel.tracedat.EventText} prints the events on the pages.
 *
 * <p>Unless a method says otherwise, no parameter or result is null and sizes are bytes.
 *
 * <p>For Pagewheel's own bundles: until version 1.0.0 of this package it may change in any release.
 */
@Export
@Version("0.10.0")
package org.pagewheel.tracedat;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
