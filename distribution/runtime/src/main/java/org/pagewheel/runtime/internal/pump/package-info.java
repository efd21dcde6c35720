/**
 * The way of full pages from a buffer's ring to its consumers.
 *
 * <p>The locks that a page passes, each held inside the ones it is indented under:
 *
 * <pre>
 * pump's thread
 *   Pump.passing               one pass over all CPUs; attach and detach wait for its end
 *     ReadSide.taking[cpu]     a page on its way out of one ring of the chain
 *       the ring's own         heap: SpinLock of the CPU
 *                              lockfree, offheap: RingReader, in it Spares; writers take neither
 *                              KeptRing: its CPU, in it the own lock of the ring that it empties
 *       ChainSource.untold     events given up before this page, which its header reports
 *     PageQueue.lock           one consumer after the other; with policy block it waits here
 *
 * consumer's thread
 *   PageQueue.lock             a batch leaves the queue
 *     LentPages                which pages the consumer has
 *   (none)                     PageConsumer.accept
 *   the ring's own             the last release of a page: it is a spare again
 *   LentPages                  after that
 *
 * who replaces a ring
 *   ChainSource.change         the list of rings; a take reads it without a lock
 *     ReadSide.taking[cpu]     a CPU of an old ring is finished
 *       ChainSource.untold
 * </pre>
 *
 * <p>No thread that holds a lock of a ring calls a consumer, and the only one of these that a
 * writer takes is the spin lock of the heap's ring.
 */
package org.pagewheel.runtime.internal.pump;
