/**
 * The lock-free ring, over memory that it is given: {@link org.pagewheel.ring.PageRing}. Used by
 * the lock-free backend, and by any backend that has another kind of memory, such as a mapped file.
 *
 * <p>{@code docs/ring-buffer-design.md} of this module explains how it works. The names of the
 * methods that touch shared words say their ordering, as {@link java.lang.invoke.VarHandle} has it:
 * {@code …Plain}, {@code …Opaque}, {@code …Acquire}, {@code …Release}; {@code cas…} and {@code add}
 * are volatile. All of them are in one class, {@code RingMemory}, and say what they pair with.
 *
 * <p>For Pagewheel's own bundles: until version 1.0.0 of this package it may change in any release.
 */
@Export
@Version("0.9.0")
package org.pagewheel.ring;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
