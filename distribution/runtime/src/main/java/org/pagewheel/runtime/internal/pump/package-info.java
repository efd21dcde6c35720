/** The way of full pages from a buffer's ring to its consumers. */
package org.pagewheel.runtime.internal.pump;
