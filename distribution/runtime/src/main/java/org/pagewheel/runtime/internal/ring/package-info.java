/**
 * The ring of a buffer: opened in time, replaced while writers write, and read as one stream with
 * the rings that it replaced.
 */
package org.pagewheel.runtime.internal.ring;
