/** How probes and graphs are made. */
package org.pagewheel.probes.internal;
