package org.pagewheel.runtime.internal.ring;

import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counters;
import org.pagewheel.Pause;
import org.pagewheel.Readers;
import org.pagewheel.RecordingState;
import org.pagewheel.RingView;
import org.pagewheel.event.EventSet;
import org.pagewheel.runtime.BufferStatus.State;
import org.pagewheel.runtime.internal.trigger.TriggerTable;
import org.pagewheel.runtime.internal.trigger.TriggeringRing;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Leftovers;
import org.pagewheel.spi.Marks;
import org.pagewheel.spi.OwnedEventSet;
import org.pagewheel.spi.OwnedReaders;
import org.pagewheel.spi.RingWriter;
import org.pagewheel.spi.Wakeup;
import org.pagewheel.spi.WritableBuffer;

/**
 * A buffer whose ring can be replaced while writers write.
 *
 * <p>How it works, in the order of {@link #swap}:
 *
 * <ol>
 *   <li>the new ring is made, while nothing has changed;
 *   <li>it is appended to the rings that readers read;
 *   <li>it is linked after the old one: a writer that finds the old one sealed will find it;
 *   <li>the old one is sealed. A writer that meets the seal, here or in the middle of it, helps:
 *       {@link #successor} seals too, which is harmless done twice, and returns only when no CPU of
 *       the old ring takes events any more. So no thread writes to the new ring before that, and
 *       each CPU's order holds, without any thread waiting for another;
 *   <li>it is published: from now on one volatile read gives the new ring.
 * </ol>
 *
 * <p>A full stack or heap can end any call. So everything that says which ring is the newest is
 * stored in one run without a call; see {@link #finishSwap} for what comes after it.
 *
 * <p>Every change of a buffer's ring is a swap: a buffer without a ring (its backend is missing,
 * its ring broke, it is closed) has one that refuses everything.
 */
public final class SwappableBuffer implements WritableBuffer {
  private final String name;
  private final Consumer<String> reports;
  private final Wakeup sleepers = new Wakeup();
  private final Replacing replacing;

  private final OwnedEventSet events;

  /** The result of {@link #events}, one step nearer. */
  private final long eventBit;

  private final ChainSource chain;
  private final OwnedReaders owned;

  /** Held briefly to change the following fields; guards the order of publishing. */
  private final Turn changing = new Turn();

  private final Recording recording;

  private volatile State state = State.WAITING;
  private volatile String problem;

  /** The taker of the pages, if there is one. */
  private volatile Taker taker = Taker.NOBODY;

  /** The newest ring. Written with {@link #changing} held. */
  private volatile Generation current;

  /** Its triggers; null if there are none. Written with {@link #changing} held. */
  private volatile TriggerTable triggers;

  /**
   * The ring that writers use: the newest, or that with triggers around it. Written with {@link
   * #changing} held; pairs with {@link #writer}.
   */
  private volatile RingWriter writing;

  /**
   * The previous ring, until it is sealed and the newest one published. Written with {@link
   * #changing} held.
   */
  private volatile Generation leaving;

  private volatile boolean closed;

  /** Held while it is being closed; guards {@link #isDone}: whether all of that is done. */
  private final Turn closing = new Turn();

  private boolean isDone;
  private volatile Runnable onClosing = () -> {};
  private volatile Runnable onClosed = () -> {};

  /**
   * Makes a buffer that waits for its ring.
   *
   * @param config the buffer's configuration
   * @param opener makes rings
   * @param reports gets trouble, a line each
   * @throws IllegalStateException if there are too many buffers
   */
  public SwappableBuffer(BufferConfig config, RingOpener opener, Consumer<String> reports) {
    this.name = config.name();
    this.recording = new Recording(this, config.cpus(), changing);
    this.reports = reports;
    this.current = Generation.none(config);
    this.writing = current;
    this.chain = new ChainSource(current);
    this.owned = new OwnedReaders(chain, sleepers);
    this.events = OwnedEventSet.open();
    this.eventBit = events.bit();
    this.replacing = new Replacing(this, chain, opener, this::pageIsFull);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public BufferConfig config() {
    return current.config();
  }

  @Override
  public RingWriter writer() {
    return writing;
  }

  @Override
  public RingWriter successor(RingWriter sealed) {
    RingWriter ring = sealed instanceof TriggeringRing triggering ? triggering.ring() : sealed;
    if (!(ring instanceof Generation old)) {
      throw new IllegalArgumentException("not a ring of a buffer: " + sealed);
    }
    Generation next = old.next();
    if (next == null) {
      old.fail("reserve answers sealed, but the ring was not sealed");
      return old;
    }
    old.seal();
    return triggering(next);
  }

  private RingWriter triggering(Generation ring) {
    TriggerTable table = triggers;
    return table == null ? ring : new TriggeringRing(ring, table);
  }

  /**
   * Sets the triggers from now on; an event that is being written meets either the old or the new
   * ones.
   *
   * @param table the triggers; null for none, which costs nothing
   */
  public void triggers(TriggerTable table) {
    inTurn(
        () -> {
          finishSwap();
          RingWriter next = table == null ? current : new TriggeringRing(current, table);
          triggers = table;
          writing = next;
        });
  }

  /**
   * Turns recording off, from a writer in the middle of an event: does not wait.
   *
   * @param by for people
   * @return false if it would have to wait for a change of the ring
   */
  public boolean tryOff(String by) {
    return recording.tryOff(by);
  }

  @Override
  public boolean write(byte[] payload) {
    return RawEvent.write(this, payload);
  }

  @Override
  public boolean mark(String text) {
    return Marks.write(this, text);
  }

  @Override
  public long eventBit() {
    return eventBit;
  }

  @Override
  public EventSet events() {
    return events.view();
  }

  @Override
  public boolean isOn() {
    return recording.isOn() && state == State.ON;
  }

  @Override
  public void on() {
    recording.turn(null);
  }

  @Override
  public void off() {
    off("the application");
  }

  @Override
  public void off(String by) {
    recording.turn(Off.by(by));
  }

  @Override
  public RecordingState recording() {
    return recording.state();
  }

  @Override
  public Optional<String> offReason() {
    return recording.reason();
  }

  @Override
  public Pause pause(String by) {
    return recording.pause(by);
  }

  @Override
  public void recordOn(BitSet cpus) {
    recording.only(cpus);
  }

  @Override
  public void recordOn(int cpu, boolean on) {
    recording.only(cpu, on);
  }

  @Override
  public BitSet recordedCpus() {
    return recording.cpus();
  }

  /** Makes the newest ring record or not, with {@link #changing} held. */
  void enable(boolean on, BitSet cpus) {
    finishSwap();
    current.enable(on, cpus);
  }

  @Override
  public Readers readers() {
    return owned.view();
  }

  @Override
  public Counters counters(int cpu) {
    return owned.view().counters(cpu);
  }

  @Override
  public Counters counters() {
    return sum(this::counters);
  }

  @Override
  public Counters totals(int cpu) {
    return owned.totals(cpu);
  }

  @Override
  public Counters totals() {
    return sum(this::totals);
  }

  private Counters sum(IntFunction<Counters> account) {
    IntStream cpus = IntStream.range(0, chain.cpus());
    return cpus.mapToObj(account).reduce(Counters.ZERO, Counters::plus);
  }

  @Override
  public void clear() throws IOException {
    replacing.clear();
  }

  @Override
  public RingView view(int cpu) {
    return chain.view(cpu);
  }

  /** What it is doing. */
  public State state() {
    State now = state;
    return now == State.ON && !recording.isOn() ? State.OFF : now;
  }

  /** What is wrong with it. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** How many rings can be read: more than one while replaced ones are not finished. */
  public int rings() {
    return chain.rings();
  }

  /**
   * The least number of pages that must become full before on some CPU this percentage of the ring,
   * including the page being written, and at least one page, is full; 0 or less if that is so.
   */
  public int missing(int percent) {
    return chain.missing(percent);
  }

  /** How many full pages of a CPU wait to be read. */
  public int unreadPages(int cpu) {
    return chain.unreadPages(cpu);
  }

  /** The maker of its current ring. */
  public Optional<Backend> backend() {
    return current.backend();
  }

  boolean hasTaker() {
    return taker != Taker.NOBODY;
  }

  /** Sets the taker of the pages from now on. */
  public void taker(Taker newTaker) {
    taker = newTaker;
  }

  /** Lets go of finished rings; returns whether to call it again later. */
  public boolean tidy() {
    Leftovers.settle();
    if (leaving != null || recording.isUnsettled()) {
      inTurn(
          () -> {
            finishSwap();
            recording.settle();
          });
    }
    chain.tidy();
    return chain.isUntidy();
  }

  /** Replaces its rings. */
  public Replacing replacing() {
    return replacing;
  }

  /** Says why there is no ring yet. */
  public void waiting(String why) {
    inTurn(() -> problem = state == State.WAITING ? why : problem);
  }

  /**
   * Puts a ring in use.
   *
   * @param clears whether earlier events are dropped
   * @return false if the buffer is closed
   */
  boolean swap(Generation fresh, State then, String why, boolean clears) {
    boolean entered = changing.enter();
    try {
      finishSwap(); // finishes a swap that an error interrupted
      if (closed) {
        return false;
      }
      recording.applyTo(fresh);
      chain.add(fresh);
      // Nothing is called here: an error leaves the old ring in use, or the new one.
      Generation old = current;
      old.next = fresh;
      leaving = old;
      current = fresh;
      fresh.installed = true;
      state = then;
      problem = why;
      closed = then == State.CLOSED;
      finishSwap();
      if (clears) {
        chain.clear();
      }
    } finally {
      if (entered) {
        changing.owner = 0;
      }
    }
    look(); // the old ring's last pages can be taken now
    chain.tidy();
    return true;
  }

  /**
   * Seals the old ring and publishes the new one. After an error in between, writers go on with the
   * old one until they find it sealed, and then by {@link #successor}; the next change or tidying
   * finishes. With {@link #changing} held.
   */
  private void finishSwap() {
    Generation old = leaving;
    if (old != null) {
      old.seal();
      writing = triggering(current);
      leaving = null;
    }
  }

  /** Makes a change when it is this thread's turn, or at once if it is already. */
  void inTurn(Runnable change) {
    boolean entered = changing.enter();
    try {
      change.run();
    } finally {
      if (entered) {
        changing.owner = 0;
      }
    }
  }

  /** Run by writers: cheap. */
  private void pageIsFull() {
    sleepers.run();
    taker.pageIsFull();
  }

  /** Called when something else concerns readers. */
  void look() {
    Leftovers.settle();
    sleepers.run();
    taker.look();
  }

  /** Called when a ring has found and handled a problem, or has thrown and takes no more events. */
  void faulty(Generation ring, String line, boolean broken) {
    inTurn(
        () -> {
          if (ring == current && !closed) {
            problem = line;
            state = broken ? State.FAILED : state;
          }
        });
    report(line);
  }

  /** Reports a line of this buffer. */
  void report(String line) {
    reports.accept("buffer " + name + ": " + line);
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  /** Each step may be repeated: if an error ends this, the next call does the rest. */
  @Override
  public void close() {
    onClosing.run();
    swap(Generation.none(config()), State.CLOSED, null, false);
    if (!closing.tryEnter()) {
      return; // another thread is closing it, or this one: a consumer may close its own buffer
    }
    try {
      if (!isDone) {
        taker.drain();
        chain.close();
        owned.close();
        events.close();
        onClosed.run();
        isDone = true;
      }
    } finally {
      closing.owner = 0;
    }
  }

  /** Sets what runs at the beginning and at the end of {@link #close}; the first throws nothing. */
  public void onClose(Runnable before, Runnable after) {
    onClosing = before;
    onClosed = after;
  }

  @Override
  public String toString() {
    return "buffer " + name;
  }
}
