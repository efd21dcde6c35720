/**
 * For plugins. They implement {@link Backend}, which makes rings, {@link ConsumerFactory}, which
 * makes consumers of pages, or {@link Source}, which writes events. Registered as OSGi services, or
 * found by {@link java.util.ServiceLoader} outside a container.
 *
 * <p>What they are made of: a ring is a {@link RingWriter} (with {@link Reservation} and {@link
 * Refusal}) and a {@link PageSource} of {@link CountedPage}s; code that writes to a buffer's ring
 * itself has it as a {@link WritableBuffer}, and {@link Leftovers} for a full stack; code that
 * implements a buffer, or reads a ring without one, owns {@link OwnedReaders} and an {@link
 * OwnedEventSet}.
 *
 * <p>Parts for a backend, each usable without the others: {@link RingOfCpus} finds the CPU, {@link
 * CpuPages} has the pages of a CPU and its account, {@link RecordedPage} is one of them, {@link
 * CpuAccount} counts, {@link CpuSwitches} turn CPUs on and off. A complete backend then has its
 * lock and its memory, in some 200 lines; the example {@code turnstile} is one.
 *
 * <p>Applications need none of this: theirs are {@link org.pagewheel} and {@link
 * org.pagewheel.event}.
 */
@Export
@Version("1.1.0")
package org.pagewheel.spi;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
