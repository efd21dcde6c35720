/**
 * The ring under a buffer: opened in time, replaced while writers write, and read as one stream
 * with those that it replaced.
 */
package org.pagewheel.runtime.internal.ring;
