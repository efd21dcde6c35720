package org.pagewheel.runtime.internal.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Page;
import org.pagewheel.format.PageLayout;
import org.pagewheel.runtime.internal.lifecycle.Reports;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.CpuList;
import org.pagewheel.spi.Reason;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingWriter;

/**
 * One of the rings that a buffer has had, and the link to the one that replaces it. Exceptions of
 * the ring's code end here: the generation is then broken, refuses further events, and reports that
 * once. If a query throws, which changes nothing, that is reported once and the ring goes on. A
 * reader that is out of memory or stack gets the error itself: it is not the ring's fault.
 *
 * <p>How it works: writers go through {@link #reserving}, a plain field, which is the ring itself
 * until that throws; then a {@link NullRing} takes its place, so that the check for broken rings
 * costs a working one nothing. A writer may go on with the old value for a while and meet another
 * exception, which does no more harm than the first. Earlier reservations are still committed
 * through the ring that gave them. Exception tables are free where nothing is thrown.
 *
 * <p>Misuse goes back to its author: the caller gets the exceptions for a negative length and a
 * second commit, as {@link RingWriter} promises. It also gets a full stack or heap, which is not
 * the ring's fault: the ring has then done nothing.
 */
final class Generation implements RingWriter {
  /** The most scratch memory for a reservation whose memory the ring cannot give. */
  private static final long MAX_SCRATCH = 1L << 26;

  /** Replaced by {@link #refusing} once its backend has gone: see {@link #letGo}. */
  private Ring ring;

  private final NullRing refusing;
  private final BufferConfig config;
  private Optional<Backend> backend;
  private final int maxEventSize;
  private final Consumer<String> broken;
  private final Consumer<String> faulty;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final AtomicBoolean told = new AtomicBoolean();

  /** The ring, or {@link #refusing}; see above. */
  private Ring reserving;

  /** Set before the ring is sealed: a writer that meets {@link Refusal#SEALED} finds it set. */
  volatile Generation next;

  /** Whether a buffer has used it; set in the same run of stores as {@link #next}. */
  volatile boolean installed;

  /** When {@link #seal} was done, by {@link System#nanoTime}; 0 before. */
  private volatile long sealedAt;

  /**
   * @param ring the ring
   * @param config its configuration
   * @param backend its maker; none, if it refuses everything
   * @param broken gets one line, once, when the ring throws
   * @param faulty gets one line, once, when a query of it throws
   */
  Generation(
      Ring ring,
      BufferConfig config,
      Optional<Backend> backend,
      Consumer<String> broken,
      Consumer<String> faulty) {
    this(ring, new NullRing(config), config, backend, broken, faulty);
  }

  private Generation(
      Ring ring,
      NullRing refusing,
      BufferConfig config,
      Optional<Backend> backend,
      Consumer<String> broken,
      Consumer<String> faulty) {
    this.ring = ring;
    this.refusing = refusing;
    this.config = config;
    this.backend = backend;
    this.broken = broken;
    this.faulty = faulty;
    this.maxEventSize = PageLayout.maxEventSize(config.pageSize());
    this.reserving = ring;
  }

  /** A generation that refuses everything. */
  static Generation none(BufferConfig config) {
    return new Generation(new NullRing(config), config, Optional.empty(), line -> {}, line -> {});
  }

  /** The same for readers only, when its backend goes: with another ring, and without a link. */
  Generation keptAs(KeptRing kept) {
    Generation same = new Generation(kept, refusing, config, Optional.empty(), broken, faulty);
    same.sealedAt = sealedAt;
    return same;
  }

  /**
   * Drops all references to the backend, for a writer may keep this object as long as it likes. Not
   * before all reservations are settled: a late one would find no memory.
   */
  void letGo() {
    ring = refusing;
    reserving = refusing;
    backend = Optional.empty();
  }

  @Override
  public long reserve(int length) {
    try {
      return reserving.reserve(length);
    } catch (StackOverflowError | OutOfMemoryError full) {
      throw full;
    } catch (Throwable thrown) {
      return refused(length, thrown);
    }
  }

  @Override
  public long reserve(int length, Clock clock, long time) {
    try {
      return reserving.reserve(length, clock, time);
    } catch (StackOverflowError | OutOfMemoryError full) {
      throw full;
    } catch (Throwable thrown) {
      return refused(length, thrown);
    }
  }

  private long refused(int length, Throwable thrown) {
    if (length < 0) {
      throw new IllegalArgumentException("length " + length + " is negative");
    }
    fail("reserve", thrown);
    return refusing.reserve(length);
  }

  @Override
  public MemorySegment memory(long reservation) {
    try {
      return ring.memory(reservation);
    } catch (StackOverflowError | OutOfMemoryError full) {
      throw full;
    } catch (Throwable thrown) {
      fail("memory", thrown);
      return scratch(reservation);
    }
  }

  /** Somewhere for the caller to write to: the event is lost with its ring. */
  private MemorySegment scratch(long reservation) {
    long size = Reservation.offset(reservation) + config.pageSize();
    if (reservation < 0 || size > MAX_SCRATCH) {
      throw new IllegalStateException("no memory belongs to reservation " + reservation);
    }
    return Arena.ofAuto().allocate(size);
  }

  @Override
  public void commit(long reservation) {
    try {
      ring.commit(reservation);
    } catch (IllegalStateException | StackOverflowError | OutOfMemoryError own) {
      throw own;
    } catch (Throwable thrown) {
      fail("commit", thrown);
    }
  }

  @Override
  public void discard(long reservation) {
    try {
      ring.discard(reservation);
    } catch (IllegalStateException | StackOverflowError | OutOfMemoryError own) {
      throw own;
    } catch (Throwable thrown) {
      fail("discard", thrown);
    }
  }

  @Override
  public int maxEventSize() {
    return maxEventSize;
  }

  /** Whether what was thrown is not about the ring: the caller is out of memory or stack. */
  private static boolean isCallers(Throwable thrown) {
    return thrown instanceof StackOverflowError || thrown instanceof OutOfMemoryError;
  }

  /** Handles an exception of a call. */
  void failed(String method, Throwable thrown) {
    if (isCallers(thrown)) {
      throw (Error) thrown;
    }
    fail(method, thrown);
  }

  /** Handles an exception of a query: the ring goes on. */
  void queryFailed(String method, Throwable thrown) {
    if (isCallers(thrown)) {
      throw (Error) thrown;
    }
    if (asked.compareAndSet(false, true)) {
      faulty.accept("backend %s: %s".formatted(config.backend(), failure(method, thrown)));
    }
  }

  /** Breaks the ring: no further event goes to it. */
  void fail(String method, Throwable thrown) {
    if (!isBroken()) {
      fail(failure(method, thrown));
    }
  }

  /** The failure in words; for the backend's author the log has the stack at level debug. */
  private String failure(String method, Throwable thrown) {
    Reports.stack("backend " + config.backend(), thrown);
    return method + " failed: " + Reason.of(thrown);
  }

  void fail(String problem) {
    reserving = refusing;
    if (told.compareAndSet(false, true)) {
      try {
        ring.enable(false);
      } catch (Throwable alsoBroken) {
        // it refuses through us
      }
      broken.accept("backend " + config.backend() + ": " + problem);
    }
  }

  boolean isBroken() {
    return told.get();
  }

  /**
   * Makes the ring record or not.
   *
   * @param cpus on which; null for all
   * @throws IllegalArgumentException if it cannot choose; the caller restores what it did before
   */
  void enable(boolean on, BitSet cpus) {
    if (isBroken()) {
      return;
    }
    try {
      if (cpus == null) {
        ring.enable(on);
      } else {
        for (int cpu = 0; cpu < config.cpus(); cpu++) { // also while off: what it cannot do is
          ring.enable(cpu, on && cpus.get(cpu)); //        refused when it is chosen
        }
      }
    } catch (UnsupportedOperationException cannot) {
      if (cpus != null) {
        throw new IllegalArgumentException(
            "backend %s records on all CPUs or none: buffer %s cannot record on %s alone"
                .formatted(config.backend(), config.name(), CpuList.text(cpus)),
            cannot);
      }
      failed("enable", cannot);
    } catch (Throwable thrown) {
      failed("enable", thrown);
    }
  }

  /** The ring to go on with, or null if this is the last one. */
  Generation next() {
    return next;
  }

  /**
   * Once this has returned, the ring takes no more events on any CPU. By any thread, repeatedly.
   */
  void seal() {
    try {
      ring.seal();
    } catch (Throwable thrown) {
      failed("seal", thrown);
    }
    refusing.seal();
    if (sealedAt == 0) {
      sealedAt = System.nanoTime() | 1;
    }
  }

  boolean isSealed() {
    return sealedAt != 0;
  }

  /** Whether it was sealed at least this long ago. */
  boolean isSealedFor(long nanos) {
    return sealedAt != 0 && System.nanoTime() - sealedAt >= nanos;
  }

  boolean isQuiet() {
    try {
      return isSealed() && ring.isQuiet();
    } catch (StackOverflowError | OutOfMemoryError full) {
      return false; // asked again later
    } catch (Throwable thrown) {
      failed("isQuiet", thrown);
      return true;
    }
  }

  void close() {
    try {
      ring.close();
    } catch (Throwable thrown) {
      failed("close", thrown);
    }
    refusing.close();
  }

  /** Gives back a page that the ring made. */
  void release(Page page) {
    try {
      page.release();
    } catch (Throwable thrown) {
      failed("release", thrown);
    }
  }

  /** For the reader's side, which guards its own calls. */
  Ring ring() {
    return ring;
  }

  NullRing refusing() {
    return refusing;
  }

  BufferConfig config() {
    return config;
  }

  Optional<Backend> backend() {
    return backend;
  }
}
