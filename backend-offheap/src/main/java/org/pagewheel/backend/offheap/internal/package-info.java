/**
 * The backend {@code offheap}: rings of {@code org.pagewheel.ring} in mapped files, and what
 * earlier processes and rings have left there.
 */
package org.pagewheel.backend.offheap.internal;
