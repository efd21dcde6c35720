/**
 * Typed events: a record class becomes an event type that trace-cmd and KernelShark show with
 * names, enums and strings.
 */
@Export
@Version("1.0.0")
package org.pagewheel.event;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
