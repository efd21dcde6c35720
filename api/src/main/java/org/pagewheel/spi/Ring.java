package org.pagewheel.spi;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;
import org.pagewheel.RingView;

/**
 * The rings of all CPUs, made by one backend at one time. The writer's promises are those of {@link
 * RingWriter}, the reader's those of {@link PageSource}; in addition:
 *
 * <ol>
 *   <li>Nothing is lost silently: every refused reserve raises the counter of its cause, every
 *       overwritten event the overrun. See {@link org.pagewheel.Counters} for the account.
 *   <li>Nothing is allocated for an event. Memory is bounded and known when the ring is opened;
 *       each CPU's part may be made at its first event, see {@link #prepare}.
 *   <li>The ring calls {@link RingConfig#wakeup} each time a page becomes full or is flushed, after
 *       the page can be taken.
 *   <li>A broken invariant disables that CPU's ring, is reported once to {@link RingConfig#fault}
 *       and never thrown at a writer.
 * </ol>
 */
@ConsumerType
public interface Ring extends RingWriter, PageSource, AutoCloseable {
  /**
   * Makes what the first event of a CPU would make, so that the event need not wait for it. A
   * buffer calls this before it gives the ring to its writers, for the CPUs that had events before.
   * May be called by any thread, at any time, and repeatedly; changes nothing that counters or
   * readers show, and does nothing once the ring is sealed. This implementation does nothing, which
   * is right if nothing is made late.
   *
   * @param cpu from 0 to {@link #cpus} − 1
   * @throws IOException if there is no memory; an event tries again
   */
  default void prepare(int cpu) throws IOException {}

  /**
   * Turns recording on or off. While off, every reserve is refused as {@link Refusal#DISABLED};
   * events reserved before can still be committed.
   *
   * @param on whether to record
   */
  void enable(boolean on);

  /**
   * The same for one CPU; {@link #enable(boolean)} turns all of them. {@link CpuSwitches} do both.
   * This implementation refuses: a buffer then records on all CPUs or on none.
   *
   * @param cpu from 0 to {@link #cpus} − 1
   * @param on whether to record on it
   * @throws UnsupportedOperationException if the ring can only record on all CPUs or on none
   */
  default void enable(int cpu, boolean on) {
    throw new UnsupportedOperationException("the ring records on all CPUs or on none");
  }

  /**
   * Seals the ring: once this has returned, on whichever thread, every reserve on any CPU returns
   * {@link Refusal#SEALED}; events reserved before can still be committed, and the last page of
   * each CPU can be taken without a flush. May be called by several threads at once and repeatedly;
   * must not wait for a thread that is between reserve and commit.
   */
  void seal();

  /**
   * Whether the ring is sealed and no reservation is open any more.
   *
   * @return true from then on
   */
  boolean isQuiet();

  /**
   * How many rings of a buffer, this one included, may hold unread events at once because what they
   * hold outlives the process, as a mapped file does. If rings replace each other faster than they
   * are read, a buffer moves the unread events of older ones to the Java heap. It leaves this many
   * rings as they are; what it moves from one, and what it keeps when the backend goes, it copies
   * instead of taking, so that the ring's own memory still has it.
   *
   * @return a number that never changes; 0, as here, if the memory ends with the process
   */
  default int durableRings() {
    return 0;
  }

  /**
   * The state of one CPU's ring, for drawing.
   *
   * @param cpu from 0 to {@link #cpus} − 1
   * @return a picture, not necessarily consistent
   */
  RingView view(int cpu);

  /**
   * Seals the ring and gives back its memory as soon as no reservation is open and no page is held;
   * until then pages and reservations stay usable. Nothing can be taken or copied afterwards: the
   * result is null. The account remains available. Does nothing the second time.
   */
  @Override
  void close();
}
