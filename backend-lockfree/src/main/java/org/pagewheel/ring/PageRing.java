package org.pagewheel.ring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.CpuNumber;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.CpuSwitches;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * The lock-free rings of all CPUs, over memory that they are given.
 *
 * <p>Beyond what {@link Ring} promises:
 *
 * <ol>
 *   <li>No writer ever waits for another thread, be it running, stopped for ever or dead: reserve,
 *       commit and discard take a bounded number of steps when the thread runs alone, and when one
 *       has to repeat a step, another has done its own. (A CPU's first event makes its memory.)
 *   <li>What a thread costs that is stopped for ever between reserve and commit: in mode {@link
 *       Mode#OVERWRITE} one page of the ring, which the writers step over at each lap, and the
 *       events that were unread on it when they first did; the CPU goes on recording and reading.
 *       If each page of the ring has such an event, events are refused as commit overrun. In mode
 *       {@link Mode#DISCARD} what is behind that event waits for 100 ms; then copies leave it out,
 *       and the reader takes what is committed of its page and goes on without it; it counts as
 *       overrun if it is committed after all. The page's frame is a spare less meanwhile; with
 *       fewer than two left the reader waits, and once the ring is full events are refused as
 *       commit overrun until a thread goes on. Once it is committed, nothing is left of it.
 *   <li>Until then, or until its page is given up, what was committed behind a pending event waits
 *       with it, for events come out in the order of reserving; with {@code open} set, {@link
 *       #take} gives what was committed before it.
 *   <li>Every committed event can be found in the memory at any moment, also by another process,
 *       and after the death of this one, see the design page.
 *   <li>A reader can hold as many pages at once as there are spares; then {@link #take} finds
 *       nothing until one is released. It may wait for another thread in {@link #take}, and for
 *       {@link #close}.
 *   <li>Wake-ups are run by the thread that leaves a page or completes it. If the last commit of a
 *       page and its closing meet within the nanoseconds that a store takes to be seen, none may
 *       be; the next page's wakes for both.
 *   <li>{@link #counters} and {@link #view} walk over the records of all pages in the ring: 1 ms
 *       for some ten MiB.
 * </ol>
 */
public final class PageRing implements Ring {
  // Of the memory; those of the ring itself stand in Mover.
  //
  // P1  A CPU's memory is made by the thread that puts it into writers, once; never after a seal,
  //     which puts a sealed ring without memory where there is none.
  // P2  The memory is freed once: closed, quiet, no page held, no reader at work.
  // P3  A writer that comes after that meets a sealed ring: the one in the array, or the words of
  //     the one that was freed where memory is kept, or memory that refuses access. So may the
  //     thread of the last commit: its store is done, but was not left yet.

  static final VarHandle WRITERS = MethodHandles.arrayElementVarHandle(Writer[].class);

  private static final int CPU_SHIFT = Reservation.OFFSET_BITS + 1;

  private final BufferConfig config;
  private final Clock clock;
  private final CpuNumber cpuNumber;
  private final RingConfig ringConfig;
  private final RingLayout layout;
  private final int durableRings;

  /** Each CPU's ring, by its writer: every step on the way to it costs each event. */
  private final Writer[] writers;

  /** Their memory, one step nearer; null for a moment after it was made. */
  private final MemorySegment[] segments;

  private final CpuRing sealedRing;
  private final int maxEventSize;
  private final CpuSwitches switches;
  private final Freeing freeing;

  /** Refused on CPUs that have no memory yet, or for good. */
  private final EarlyRefusals early;

  private final CpuMaking making;

  /** Which threads ask the clock or the CPU number; null where both are known to call nobody. */
  private final ThreadLocal<boolean[]> asking;

  /** Whether it was reported that memory cannot be accessed. */
  private final AtomicBoolean gone = new AtomicBoolean();

  /** Events shorter than that are not looked at here; 0 while all must be. */
  private volatile int usualEnd;

  private volatile boolean sealed;
  private volatile boolean closed;

  /**
   * Makes the rings of all CPUs; each takes its memory at its first event.
   *
   * @param ringConfig sizes, mode, clock, CPU numbers, and whom to tell what
   * @param layout of the memory of each CPU
   * @param memories gives the memory
   */
  public PageRing(RingConfig ringConfig, RingLayout layout, CpuMemories memories) {
    this.ringConfig = ringConfig;
    this.config = ringConfig.buffer();
    this.clock = config.clock();
    this.cpuNumber = config.cpuNumber();
    this.layout = layout;
    this.durableRings = memories.durableRings();
    this.maxEventSize = PageLayout.maxEventSize(config.pageSize());
    if (config.cpus() > MAX_CPUS) {
      throw new IllegalArgumentException(
          "cpus = " + config.cpus() + ": a lock-free ring has at most " + MAX_CPUS);
    }
    this.writers = new Writer[config.cpus()];
    this.segments = new MemorySegment[writers.length];
    this.switches = new CpuSwitches(writers.length);
    this.early = new EarlyRefusals(writers.length);
    this.making =
        new CpuMaking(writers, segments, layout, memories, early, this::make, ringConfig.fault());
    this.sealedRing = makeSealed();
    this.freeing = new Freeing(writers, segments, sealedRing, memories);
    boolean trusted = Clock.isPlain(clock) && cpuNumber == CpuNumber.system();
    this.asking = trusted ? null : ThreadLocal.withInitial(() -> new boolean[1]);
    this.usualEnd = usualEnd();
  }

  /** The CPU number and one bit more are a reservation's own. */
  public static final int MAX_CPUS = 1 << Reservation.OWN_BITS - 1;

  @Override
  public void prepare(int cpu) throws IOException {
    // pairs with the compareAndSet of CpuMaking, and with what a seal puts in the places left
    if (WRITERS.getAcquire(writers, cpu) == null && making.make(cpu) == null) {
      throw new IOException("CPU " + cpu + " has no memory");
    }
  }

  /** The least ring there is, closed for ever. */
  private CpuRing makeSealed() {
    RingLayout least = new RingLayout(Mode.DISCARD, 2, 1, PageLayout.MIN_PAGE_SIZE);
    MemorySegment memory = MemorySegment.ofArray(new long[(int) (least.bytes() / Long.BYTES)]);
    CpuRing ring = make(0, new RingMemory(memory, least));
    ring.seal();
    return ring;
  }

  private CpuRing make(int cpu, RingMemory memory) {
    memory.format();
    return new CpuRing(cpu, memory, clock, this::wakeUp, this::freeIfClosed, ringConfig.fault());
  }

  private void wakeUp() {
    ringConfig.wakeup().run();
    freeIfClosed();
  }

  private void freeIfClosed() {
    // What this thread has done before, such as its last commit, can be seen by who has set closed
    // too late for this thread to see that.
    VarHandle.fullFence(); // pairs with the volatile store of closed
    if (closed) {
      freeing.ifDone();
    }
  }

  // ---- writing

  @Override
  public long reserve(int length) {
    try {
      if (Integer.compareUnsigned(length, usualEnd) < 0) {
        return reserve(cpu(), length);
      }
      return reserveUnusual(length);
    } catch (IllegalStateException | IndexOutOfBoundsException e) {
      return thrown(e);
    } catch (InternalError e) {
      return gone(e);
    }
  }

  @Override
  public long reserve(int length, Clock read, long time) {
    if (read != clock) {
      return reserve(length);
    }
    try {
      if (Integer.compareUnsigned(length, usualEnd) < 0) {
        int cpu = cpu();
        Writer writer = (Writer) WRITERS.getAcquire(writers, cpu); // as in reserve(cpu, length)
        if (writer != null) {
          return writer.reserve(length, time);
        }
      }
      return reserveUnusual(length);
    } catch (IllegalStateException | IndexOutOfBoundsException e) {
      return thrown(e);
    } catch (InternalError e) {
      return gone(e);
    }
  }

  /** What a reserve answers out of which an exception came: then nothing was reserved. */
  private long thrown(RuntimeException e) {
    if (e instanceof IllegalStateException && closed) {
      return Refusal.SEALED; // the memory was freed meanwhile
    }
    if (e instanceof IndexOutOfBoundsException && isAnyWiped()) {
      return Refusal.DISABLED; // the words led out of the memory
    }
    throw e;
  }

  private boolean isAnyWiped() {
    boolean any = false;
    for (int cpu = 0; cpu < writers.length; cpu++) {
      any |= read(cpu, () -> false, CpuRing::checkWhole);
    }
    return any;
  }

  /** Of a mapping that was cut where {@link BusGuard} cannot keep it: nothing can be written. */
  private long gone(InternalError e) {
    if (!gone.getAndSet(true)) {
      ringConfig.fault().accept("the memory of a ring cannot be accessed: " + e.getMessage());
    }
    return Refusal.DISABLED;
  }

  /**
   * For memory that others can reach: copies the account of each CPU, so that it survives what they
   * do, and disables those whose memory they have emptied.
   *
   * @param pages whether to look at the pages, too, which takes longer
   */
  public void keepAccounts(boolean pages) {
    freeing.watch(0, ring -> ring.keepAccount(pages));
  }

  /**
   * Disables CPUs whose memory others have taken away.
   *
   * @param first of them; all behind it are
   */
  public void wiped(int first) {
    freeing.watch(first, CpuRing::wiped);
  }

  private int cpu() {
    int cpu = cpuNumber.current();
    int cpus = writers.length;
    return Integer.compareUnsigned(cpu, cpus) < 0 ? cpu : Math.floorMod(cpu, cpus);
  }

  private long reserve(int cpu, int length) {
    Writer writer = (Writer) WRITERS.getAcquire(writers, cpu);
    if (writer == null) {
      writer = making.make(cpu);
      if (writer == null) {
        return refuse(cpu, Refusal.DISABLED);
      }
    }
    return writer.reserve(length);
  }

  private long reserveUnusual(int length) {
    if (length < 0) {
      throw new IllegalArgumentException("the length of an event cannot be " + length);
    }
    if (asking == null) {
      return reserveChecked(cpu(), length);
    }
    boolean[] mine = asking.get();
    if (mine[0]) {
      return refuse(0, Refusal.RECURSION);
    }
    mine[0] = true;
    try {
      return reserveChecked(cpu(), length);
    } finally {
      mine[0] = false;
    }
  }

  /** The length and the switch are asked here: the switch may have changed since usualEnd was. */
  private long reserveChecked(int cpu, int length) {
    return !switches.isOn(cpu)
        ? refuse(cpu, Refusal.DISABLED)
        : length > maxEventSize ? refuse(cpu, Refusal.TOO_LONG) : reserve(cpu, length);
  }

  /** Counts a refusal, unless the counting has ended with a seal. */
  private long refuse(int cpu, long cause) {
    CpuRing ring = sealed ? null : freeing.ringOrNull(cpu);
    return ring == null ? early.refuse(cpu, cause) : ring.memory.refuse(cause);
  }

  @Override
  public MemorySegment memory(long reservation) {
    int cpu = (int) (reservation >> CPU_SHIFT); // negative for a refusal
    if (Integer.compareUnsigned(cpu, segments.length) < 0) {
      MemorySegment memory = segments[cpu];
      if (memory != null) {
        return memory;
      }
    }
    return writerOf(reservation).segment;
  }

  @Override
  public void commit(long reservation) {
    Writer writer = writerOf(reservation);
    try {
      writer.commit(reservation);
    } catch (IndexOutOfBoundsException e) {
      throw Writer.noReservation(reservation, e);
    } catch (InternalError e) {
      gone(e);
    }
  }

  @Override
  public void discard(long reservation) {
    Writer writer = writerOf(reservation);
    try {
      writer.discard(reservation);
    } catch (IndexOutOfBoundsException e) {
      throw Writer.noReservation(reservation, e);
    } catch (InternalError e) {
      gone(e);
    }
  }

  /** Of a CPU that has had an event; for tests. */
  Writer writer(int cpu) {
    return writers[cpu];
  }

  /** A plain read: who has a reservation has seen the ring, or was given it by one who had. */
  private Writer writerOf(long reservation) {
    int cpu = (int) (reservation >> CPU_SHIFT); // negative for a refusal
    if (Integer.compareUnsigned(cpu, writers.length) < 0) {
      Writer writer = writers[cpu];
      if (writer != null) {
        return writer;
      }
    }
    throw Writer.noReservation(reservation, null);
  }

  @Override
  public int maxEventSize() {
    return maxEventSize;
  }

  // ---- reading

  @Override
  public int cpus() {
    return writers.length;
  }

  @Override
  public int pageSize() {
    return config.pageSize();
  }

  @Override
  public int pages() {
    return config.pages();
  }

  private boolean isAsking() {
    return asking != null && asking.get()[0];
  }

  private static final Supplier<Page> NOTHING = () -> null;

  private <T> T read(int cpu, Supplier<T> absent, Freeing.Reading<T> reading) {
    if (isAsking()) {
      return absent.get();
    }
    T result = freeing.read(cpu, absent, reading);
    if (closed) {
      freeLater();
    }
    return result;
  }

  /** For who has something to return that must not be lost. */
  private void freeLater() {
    try {
      freeing.ifDone();
    } catch (VirtualMachineError e) {
      // whoever comes next frees it: a page that is released, a query, a close
    }
  }

  @Override
  public Page take(int cpu, boolean open) {
    return read(cpu, NOTHING, ring -> closed ? null : ring.reader.take(open));
  }

  @Override
  public Page copy(int cpu, long from, MemorySegment into) {
    if (into.byteSize() != config.pageSize()) {
      throw new IllegalArgumentException(
          "a copy takes memory of " + config.pageSize() + " bytes, not of " + into.byteSize());
    }
    return read(cpu, NOTHING, ring -> closed ? null : ring.copy(from, into));
  }

  @Override
  public void flush(int cpu) {
    read(cpu, () -> false, CpuRing::flush);
  }

  @Override
  public int unreadPages(int cpu) {
    return read(cpu, () -> 0, ring -> ring.account().unreadPages());
  }

  @Override
  public Counters counters(int cpu) {
    Counters counters =
        read(
            cpu, () -> freeing.last == null ? Counters.ZERO : freeing.last[cpu], CpuRing::counters);
    return counters.plus(early.counters(cpu));
  }

  @Override
  public RingView view(int cpu) {
    return read(cpu, () -> CpuAccount.emptyView(cpu, layout), CpuRing::view);
  }

  // ---- switches

  @Override
  public synchronized void enable(boolean on) {
    switches.set(on);
    usualEnd = usualEnd();
  }

  @Override
  public synchronized void enable(int cpu, boolean on) {
    switches.set(cpu, on);
    usualEnd = usualEnd();
  }

  private int usualEnd() {
    return switches.areAllOn() && asking == null ? maxEventSize + 1 : 0;
  }

  @Override
  public void seal() {
    sealed = true;
    for (int cpu = 0; cpu < writers.length; cpu++) {
      early.end(cpu);
      if (WRITERS.getAcquire(writers, cpu) != null
          || !WRITERS.compareAndSet(writers, cpu, null, sealedRing.writer)) {
        read(cpu, () -> false, CpuRing::seal);
      }
    }
  }

  @Override
  public boolean isQuiet() {
    if (!sealed) {
      return false;
    }
    for (int cpu = 0; cpu < writers.length; cpu++) {
      if (WRITERS.getAcquire(writers, cpu) == null || !read(cpu, () -> true, CpuRing::isQuiet)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int durableRings() {
    return durableRings;
  }

  @Override
  public void close() {
    seal();
    closed = true;
    freeing.ifDone();
  }
}
