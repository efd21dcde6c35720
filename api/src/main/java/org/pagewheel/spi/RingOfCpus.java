package org.pagewheel.spi;

import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.format.PageLayout;

/**
 * A ring made of one ring for each CPU, for backends. It finds the CPU, has the switches, refuses
 * events that are too long or written by the ring's own clock or CPU number, and seals and closes
 * all of them.
 *
 * @param <C> the ring of one CPU
 */
public abstract class RingOfCpus<C extends RingOfCpus.CpuRing> implements Ring {
  /** The ring of one CPU; its methods are called by any thread. */
  public interface CpuRing {
    /**
     * Refuses an event.
     *
     * @param cause a constant of {@link Refusal}
     * @return the cause, counted; once sealed {@link Refusal#SEALED}, and nothing is counted
     */
    long refuse(long cause);

    /**
     * As {@link RingWriter#reserve}.
     *
     * @param length from 0 to {@link RingWriter#maxEventSize}
     * @return a reservation, or a refusal, which is counted
     */
    long reserve(int length);

    /**
     * As {@link RingWriter#memory}.
     *
     * @param reservation of this ring, not finished
     * @return the memory of its payload
     */
    MemorySegment memory(long reservation);

    /**
     * As {@link RingWriter#commit}.
     *
     * @param reservation of this ring
     */
    void commit(long reservation);

    /**
     * As {@link RingWriter#discard}.
     *
     * @param reservation of this ring
     */
    void discard(long reservation);

    /**
     * As {@link PageSource#take}.
     *
     * @param open whether to also take from the page that is being written
     * @return a page, or null
     */
    Page take(boolean open);

    /**
     * As {@link PageSource#copy}.
     *
     * @param from the least number of a page
     * @param into where to copy it
     * @return a page, or null
     */
    Page copy(long from, MemorySegment into);

    /** As {@link PageSource#flush}. */
    void flush();

    /**
     * As {@link PageSource#unreadPages}.
     *
     * @return how many
     */
    int unreadPages();

    /**
     * As {@link PageSource#counters}.
     *
     * @return the account
     */
    Counters counters();

    /**
     * As {@link Ring#view}.
     *
     * @return the ring as it is now
     */
    RingView view();

    /** As {@link Ring#seal}. */
    void seal();

    /**
     * Whether a reservation is not finished.
     *
     * @return whether there is one
     */
    boolean hasOpenEvents();

    /** As {@link Ring#close}; it is sealed already. */
    void close();
  }

  private final BufferConfig config;
  private final CpuRing[] rings;
  private final CpuSwitches switches;

  /** Whether a thread is in reserve: its clock or CPU number must not come here again. */
  private final ThreadLocal<boolean[]> reserving = ThreadLocal.withInitial(() -> new boolean[1]);

  private volatile boolean sealed;

  /**
   * Makes the rings.
   *
   * @param config what is asked for
   * @param rings makes that of a CPU
   */
  protected RingOfCpus(BufferConfig config, IntFunction<C> rings) {
    this.config = config;
    this.rings = new CpuRing[config.cpus()];
    this.switches = new CpuSwitches(config.cpus());
    for (int cpu = 0; cpu < this.rings.length; cpu++) {
      this.rings[cpu] = rings.apply(cpu);
    }
  }

  /**
   * The CPU of a reservation; the thread may be on another CPU by now.
   *
   * @param reservation given by a ring of a CPU
   * @return the CPU
   */
  protected abstract int cpuOf(long reservation);

  @Override
  public final long reserve(int length) {
    if (length < 0) {
      throw new IllegalArgumentException("length " + length + " is negative");
    }
    boolean[] inside = reserving.get();
    if (inside[0]) {
      return rings[0].refuse(Refusal.RECURSION);
    }
    inside[0] = true;
    try {
      int cpu = Math.floorMod(config.cpuNumber().current(), rings.length);
      if (!switches.isOn(cpu)) {
        return rings[cpu].refuse(Refusal.DISABLED);
      }
      return length > maxEventSize()
          ? rings[cpu].refuse(Refusal.TOO_LONG)
          : rings[cpu].reserve(length);
    } finally {
      inside[0] = false;
    }
  }

  @Override
  public final MemorySegment memory(long reservation) {
    return rings[cpuOf(reservation)].memory(reservation);
  }

  @Override
  public final void commit(long reservation) {
    rings[cpuOf(reservation)].commit(reservation);
  }

  @Override
  public final void discard(long reservation) {
    rings[cpuOf(reservation)].discard(reservation);
  }

  @Override
  public final int maxEventSize() {
    return PageLayout.maxEventSize(config.pageSize());
  }

  @Override
  public final int cpus() {
    return rings.length;
  }

  @Override
  public final int pageSize() {
    return config.pageSize();
  }

  @Override
  public final int pages() {
    return config.pages();
  }

  @Override
  public final Page take(int cpu, boolean open) {
    return rings[cpu].take(open);
  }

  @Override
  public final Page copy(int cpu, long from, MemorySegment into) {
    return rings[cpu].copy(from, into);
  }

  @Override
  public final void flush(int cpu) {
    rings[cpu].flush();
  }

  @Override
  public final int unreadPages(int cpu) {
    return rings[cpu].unreadPages();
  }

  @Override
  public final Counters counters(int cpu) {
    return rings[cpu].counters();
  }

  @Override
  public final RingView view(int cpu) {
    return rings[cpu].view();
  }

  @Override
  public final void enable(boolean on) {
    switches.set(on);
  }

  @Override
  public final void enable(int cpu, boolean on) {
    switches.set(cpu, on);
  }

  @Override
  public final void seal() {
    for (CpuRing ring : rings) {
      ring.seal();
    }
    sealed = true;
  }

  @Override
  public final boolean isQuiet() {
    boolean quiet = sealed;
    for (int cpu = 0; quiet && cpu < rings.length; cpu++) {
      quiet = !rings[cpu].hasOpenEvents();
    }
    return quiet;
  }

  @Override
  public final void close() {
    seal();
    for (CpuRing ring : rings) {
      ring.close();
    }
  }
}
