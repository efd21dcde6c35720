/**
 * The backend {@code heap}: a spin lock for each CPU, pages on the Java heap. The reference, which
 * is complete and simple.
 */
package org.pagewheel.backend.heap.internal;
