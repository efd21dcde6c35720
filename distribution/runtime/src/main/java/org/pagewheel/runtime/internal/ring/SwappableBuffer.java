package org.pagewheel.runtime.internal.ring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Readers;
import org.pagewheel.Refusal;
import org.pagewheel.Reservation;
import org.pagewheel.RingView;
import org.pagewheel.RingWriter;
import org.pagewheel.Wakeup;
import org.pagewheel.event.EventSet;
import org.pagewheel.event.Marks;
import org.pagewheel.runtime.BufferStatus.State;
import org.pagewheel.runtime.internal.InTime;
import org.pagewheel.runtime.internal.config.Units;
import org.pagewheel.runtime.internal.trigger.TriggerTable;
import org.pagewheel.runtime.internal.trigger.TriggeringRing;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * A buffer whose ring can be replaced while writers write.
 *
 * <p>How it works, in the order of {@link #swap}:
 *
 * <ol>
 *   <li>the new ring is made, while nothing has changed;
 *   <li>it is appended to the rings that readers read;
 *   <li>it is linked behind the old one: who meets the old one sealed will find it;
 *   <li>the old one is sealed. A writer that meets the seal, here or in the middle of it, helps:
 *       {@link #successor} seals too, which is harmless done twice, and returns only when no CPU of
 *       the old ring takes events any more. So nobody writes to the new ring before that, and each
 *       CPU's order holds, without anybody's waiting for anybody;
 *   <li>it is published: from now on one volatile read gives the new ring.
 * </ol>
 *
 * <p>Everything that happens to a buffer's ring is this: a buffer without a ring (its backend is
 * not there, its ring broke, it is closed) has one beneath it that refuses everything.
 */
public final class SwappableBuffer implements Buffer {
  private final String name;
  private final RingOpener opener;
  private final Consumer<String> reports;
  private final Wakeup sleepers = new Wakeup();

  /** One object for all rings, as {@link RingConfig} has it. */
  private final Runnable wakeup = this::pageIsFull;

  private final EventSet events;

  /** What {@link #events} says, one step nearer. */
  private final long eventBit;

  private final ChainSource chain;
  private final Readers readers;

  /** Held while a ring is made and replaced: one replacement at a time. */
  private final ReentrantLock replacing = new ReentrantLock();

  /** Held for moments: guards what follows, and the order of publishing. */
  private final ReentrantLock changing = new ReentrantLock();

  private boolean on = true;
  private State state = State.WAITING;
  private String problem;

  /** Takes the pages away, if anybody does. */
  private volatile Taker taker = Taker.NOBODY;

  /** The newest ring. Written with {@link #changing} held. */
  private volatile Generation current;

  /** What it does at events; null for nothing. Written with {@link #changing} held. */
  private volatile TriggerTable triggers;

  /**
   * What writers write to: the newest ring, or that with triggers around it. Written with {@link
   * #changing} held; pairs with {@link #writer}.
   */
  private volatile RingWriter writing;

  private volatile boolean closed;

  private volatile Runnable onClosed = () -> {};

  /** Who takes the pages of a buffer as they come. */
  public interface Taker {
    /** The buffer is read by whoever likes to. */
    Taker NOBODY =
        new Taker() {
          @Override
          public void pageIsFull() {}

          @Override
          public void look() {}

          @Override
          public void drain() {}
        };

    /** A page has become full; run by writers, cheap. */
    void pageIsFull();

    /** There may be reason to take pages now, such as a ring that was replaced. */
    void look();

    /** The buffer is closed: returns when what is there has been taken, or after a time limit. */
    void drain();
  }

  /**
   * Makes a buffer that waits for its ring.
   *
   * @param config as it will be
   * @param opener makes rings
   * @param reports is told of trouble, a line each
   * @throws IllegalStateException if there are too many buffers
   */
  public SwappableBuffer(BufferConfig config, RingOpener opener, Consumer<String> reports) {
    this.name = config.name();
    this.opener = opener;
    this.reports = reports;
    this.current = Generation.none(config);
    this.writing = current;
    this.chain = new ChainSource(current);
    this.readers = new Readers(chain, sleepers);
    this.events = EventSet.open();
    this.eventBit = events.bit();
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
      old.fail("reserve said sealed, but nobody has sealed the ring");
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
   * Says what is to happen at events from now on; of an event that is just being written, either
   * the old or the new triggers are asked.
   *
   * @param table what is watched for; null for nothing, which then costs nothing
   */
  public void triggers(TriggerTable table) {
    changing.lock();
    try {
      triggers = table;
      writing = triggering(current);
    } finally {
      changing.unlock();
    }
  }

  /** What is watched for; null for nothing. */
  public TriggerTable triggers() {
    return triggers;
  }

  /**
   * Turns recording off, by a writer in the midst of an event: it does not wait.
   *
   * @return false if that cannot be done without waiting for a change of the ring
   */
  public boolean tryOff() {
    if (!changing.tryLock()) {
      return false;
    }
    try {
      on = false;
      current.enable(false);
      return true;
    } finally {
      changing.unlock();
    }
  }

  @Override
  public boolean write(byte[] payload) {
    RingWriter ring = writer();
    long at = ring.reserve(payload.length);
    while (at == Refusal.SEALED) {
      ring = successor(ring);
      at = ring.reserve(payload.length);
    }
    if (at < 0) {
      return false;
    }
    MemorySegment.copy(
        payload, 0, ring.memory(at), ValueLayout.JAVA_BYTE, Reservation.offset(at), payload.length);
    ring.commit(at);
    return true;
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
    return events;
  }

  @Override
  public boolean isOn() {
    changing.lock();
    try {
      return on && state == State.ON;
    } finally {
      changing.unlock();
    }
  }

  @Override
  public void on() {
    turn(true);
  }

  @Override
  public void off() {
    turn(false);
  }

  private void turn(boolean wanted) {
    changing.lock();
    try {
      on = wanted;
      current.enable(wanted);
    } finally {
      changing.unlock();
    }
  }

  @Override
  public Readers readers() {
    return readers;
  }

  @Override
  public Counters counters(int cpu) {
    return readers.counters(cpu);
  }

  @Override
  public Counters counters() {
    Counters sum = Counters.ZERO;
    for (int cpu = 0; cpu < readers.cpus(); cpu++) {
      sum = sum.plus(counters(cpu));
    }
    return sum;
  }

  @Override
  public RingView view(int cpu) {
    if (cpu < 0 || cpu >= readers.cpus()) {
      throw new IllegalArgumentException(
          "CPU " + cpu + " is not from 0 to " + (readers.cpus() - 1));
    }
    return chain.view(cpu);
  }

  /** What it is doing. */
  public State state() {
    changing.lock();
    try {
      return state == State.ON && !on ? State.OFF : state;
    } finally {
      changing.unlock();
    }
  }

  /** What is wrong with it. */
  public Optional<String> problem() {
    changing.lock();
    try {
      return Optional.ofNullable(problem);
    } finally {
      changing.unlock();
    }
  }

  /** How many rings can be read: more than one while replaced ones are not finished. */
  public int rings() {
    return chain.rings();
  }

  /**
   * How many pages must become full at least until on some CPU so many per cent of the ring, the
   * page being written included, and at least one page, are full; 0 or less if they are.
   */
  public int missing(int percent) {
    int wanted = (int) Math.max(1, Math.ceilDiv(percent * (long) chain.pages(), 100L) - 1);
    int most = 0;
    for (int cpu = 0; cpu < readers.cpus(); cpu++) {
      most = Math.max(most, chain.unreadPages(cpu));
    }
    return wanted - most;
  }

  /** How many full pages of a CPU wait to be read. */
  public int unreadPages(int cpu) {
    return chain.unreadPages(cpu);
  }

  /** Who made the ring beneath it. */
  public Optional<Backend> backend() {
    return current.backend();
  }

  /** Says who takes the pages from now on. */
  public void taker(Taker newTaker) {
    taker = newTaker;
  }

  /** Lets go of rings that are done with; returns whether it is to be called again later. */
  public boolean tidy() {
    chain.tidy();
    return chain.isUntidy();
  }

  /**
   * Puts a new ring beneath.
   *
   * @param config how it is made
   * @param backend who makes it
   * @param patience how long readers may take to finish rings before that
   * @throws IllegalArgumentException if a value is wrong; nothing has changed then
   * @throws IOException if it cannot be made, or readers have not finished; nothing has changed
   *     then
   */
  public void replace(BufferConfig config, Backend backend, Duration patience) throws IOException {
    replace(config, backend, () -> makeRoom(patience));
  }

  /**
   * The same when the ring beneath cannot stay: for its readers nobody waits.
   *
   * @param config how it is made
   * @param backend who makes it
   * @throws IllegalArgumentException if a value is wrong; nothing has changed then
   * @throws IOException if it cannot be made; nothing has changed then
   */
  public void moveTo(BufferConfig config, Backend backend) throws IOException {
    replace(config, backend, () -> {});
  }

  @FunctionalInterface
  private interface Preparation {
    void run() throws IOException;
  }

  private void replace(BufferConfig config, Backend backend, Preparation first) throws IOException {
    if (config.cpus() != readers.cpus()) {
      throw new IllegalArgumentException(
          "buffer %s has %d CPUs for good, not %d: make another buffer"
              .formatted(name, readers.cpus(), config.cpus()));
    }
    replacing.lock();
    try {
      first.run();
      Generation[] made = new Generation[1];
      Consumer<String> onFault = new EachOnce(config.cpus(), line -> tell(made, line, false));
      Ring ring = opener.open(backend, new RingConfig(config, wakeup, onFault));
      made[0] =
          new Generation(
              ring, config, Optional.of(backend), line -> tell(made, line, true), onFault);
      if (!swap(made[0], State.ON, null)) {
        made[0].close();
        throw new IOException("buffer " + name + " is closed");
      }
    } finally {
      replacing.unlock();
    }
  }

  /**
   * Takes the ring away: from now on every event is refused.
   *
   * @param why one line
   */
  public void withdraw(String why) {
    swap(Generation.none(config()), State.WAITING, why);
  }

  /** Says why there is no ring yet. */
  public void waiting(String why) {
    changing.lock();
    try {
      if (state == State.WAITING) {
        problem = why;
      }
    } finally {
      changing.unlock();
    }
  }

  /**
   * Lets go of the rings of a backend that is going, once another ring is beneath: what is unread
   * is copied, and readers go on with the copies.
   *
   * @param patience how long readers may hold all the pages that a ring has to spare
   */
  public void letGo(Backend backend, Duration patience) {
    chain.keep(backend, patience.toNanos());
    look();
    chain.tidy();
  }

  private boolean swap(Generation fresh, State then, String why) {
    changing.lock();
    try {
      if (closed) {
        return false;
      }
      Generation old = current;
      fresh.enable(on);
      chain.add(fresh);
      old.link(fresh);
      old.seal();
      current = fresh;
      writing = triggering(fresh);
      state = then;
      problem = why;
      closed = then == State.CLOSED;
    } finally {
      changing.unlock();
    }
    look(); // the old ring's last pages can be taken now
    chain.tidy();
    return true;
  }

  /**
   * At most {@link ChainSource#MOST_RINGS} rings can be read at once. Where the oldest may not be
   * given up, its readers get time. Those whose backend has gone count in mode discard only: in
   * mode overwrite they age like pages.
   */
  private void makeRoom(Duration patience) throws IOException {
    long begin = System.nanoTime();
    boolean inTime = config().mode() == Mode.DISCARD || taker != Taker.NOBODY;
    chain.tidy();
    while (rings(config().mode()) >= ChainSource.MOST_RINGS) {
      if (!inTime || System.nanoTime() - begin > patience.toNanos()) {
        if (config().mode() == Mode.DISCARD) {
          throw new IOException(
              "buffer %s: its readers have not finished the rings before within %s: read it first"
                  .formatted(name, Units.time(patience)));
        }
        chain.giveUpOldest();
        return;
      }
      look();
      InTime.pause(Duration.ofMillis(1));
      chain.tidy();
    }
  }

  private int rings(Mode mode) {
    return mode == Mode.DISCARD ? chain.rings() : chain.ringsOfBackends();
  }

  /** Run by writers: cheap. */
  private void pageIsFull() {
    sleepers.run();
    taker.pageIsFull();
  }

  /** Something else has happened to readers. */
  private void look() {
    sleepers.run();
    taker.look();
  }

  /**
   * A ring has found something wrong and helped itself, or it has thrown and takes no more events.
   * Dealt with on another thread: this one may be in the midst of an event, or of a change.
   */
  private void tell(Generation[] ring, String line, boolean broken) {
    Thread.ofVirtual()
        .name("pagewheel-" + name + "-fault")
        .start(
            () -> {
              changing.lock();
              try {
                if (ring[0] == current && !closed) {
                  problem = line;
                  state = broken ? State.FAILED : state;
                }
              } finally {
                changing.unlock();
              }
              reports.accept("buffer " + name + ": " + line);
            });
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    if (!swap(Generation.none(config()), State.CLOSED, null)) {
      return;
    }
    taker.drain();
    chain.close();
    readers.close();
    events.close();
    onClosed.run();
  }

  /** Says what runs at the end of {@link #close}. */
  public void onClosed(Runnable action) {
    onClosed = action;
  }

  @Override
  public String toString() {
    return "buffer " + name;
  }
}
