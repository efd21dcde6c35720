/**
 * For plugins. They implement {@link Backend}, which makes rings, {@link ConsumerFactory}, which
 * makes takers of pages, or {@link Source}, which writes events. Registered as OSGi services, or
 * found by {@link java.util.ServiceLoader} outside a container.
 *
 * <p>What they are made of: a ring is a {@link RingWriter} (with {@link Reservation} and {@link
 * Refusal}) and a {@link PageSource} of {@link CountedPage}s; who writes to a buffer's ring itself
 * has it as a {@link WritableBuffer}, and {@link Leftovers} for a full stack; who implements a
 * buffer, or reads a ring without one, owns {@link OwnedReaders} and an {@link OwnedEventSet}.
 *
 * <p>Applications need none of this: theirs are {@link org.pagewheel} and {@link
 * org.pagewheel.event}.
 */
@Export
@Version("1.0.0")
package org.pagewheel.spi;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
