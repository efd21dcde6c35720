package org.pagewheel.runtime.internal.ring;

import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.Consumer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Mode;
import org.pagewheel.runtime.BufferStatus.State;
import org.pagewheel.runtime.internal.lifecycle.Threads;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** Makes the rings of a buffer, one at a time, and makes room for them among the readable ones. */
public final class Replacing {
  /** Clears a buffer. */
  @FunctionalInterface
  public interface Clearing {
    /**
     * See {@link org.pagewheel.Buffer#clear}.
     *
     * @throws IOException if the new ring cannot be made; then nothing has changed
     */
    void run() throws IOException;
  }

  private final SwappableBuffer buffer;
  private final ChainSource chain;
  private final RingOpener opener;

  /** One object for all rings, as {@link RingConfig} requires. */
  private final Runnable wakeup;

  private volatile Clearing clearing = this::clearNow;

  /**
   * @param buffer whose rings
   * @param chain its rings, as readers see them
   * @param opener makes rings
   * @param wakeup run when a page has become full
   */
  Replacing(SwappableBuffer buffer, ChainSource chain, RingOpener opener, Runnable wakeup) {
    this.buffer = buffer;
    this.chain = chain;
    this.opener = opener;
    this.wakeup = wakeup;
  }

  /** Per CPU: the number of the newest ring's first page. */
  public long[] newest() {
    return chain.newest();
  }

  /**
   * Replaces the ring.
   *
   * @param config the new ring's configuration
   * @param backend the maker of the new ring
   * @param patience how long readers may take to finish earlier rings
   * @throws IllegalArgumentException if a value is wrong; then nothing has changed
   * @throws IOException if it cannot be made, or readers have not finished; nothing has changed
   *     then
   */
  public synchronized void replace(BufferConfig config, Backend backend, Duration patience)
      throws IOException {
    check(config);
    makeRoom(patience);
    make(config, backend, false);
  }

  /**
   * The same when the current ring cannot stay: does not wait for its readers.
   *
   * @param config the new ring's configuration
   * @param backend the maker of the new ring
   * @throws IllegalArgumentException if a value is wrong; then nothing has changed
   * @throws IOException if it cannot be made; then nothing has changed
   */
  public synchronized void moveTo(BufferConfig config, Backend backend) throws IOException {
    check(config);
    make(config, backend, false);
  }

  /** See {@link org.pagewheel.Buffer#clear}. */
  void clear() throws IOException {
    clearing.run();
  }

  /**
   * Sets how the buffer is cleared from now on.
   *
   * @param by runs {@link #clearNow} while the backend is not about to change
   */
  public void clearing(Clearing by) {
    clearing = by;
  }

  /**
   * Clears the buffer with a new ring of its current backend.
   *
   * @throws IOException if the new ring cannot be made; then nothing has changed
   */
  public synchronized void clearNow() throws IOException {
    BufferConfig config = buffer.config();
    Optional<Backend> backend = buffer.backend();
    if (buffer.isClosed()) {
      return;
    }
    if (backend.isPresent()) {
      make(config, backend.get(), true);
    } else {
      // It has no ring, and may have unread events of earlier ones.
      buffer.swap(Generation.none(config), State.WAITING, buffer.problem().orElse(null), true);
    }
  }

  /**
   * Takes the ring away: from now on every event is refused.
   *
   * @param why one line
   */
  public void withdraw(String why) {
    buffer.swap(Generation.none(buffer.config()), State.WAITING, why, false);
  }

  /**
   * Lets go of the rings of a backend that is going, once another ring is in use: what is unread is
   * copied, and readers go on with the copies.
   *
   * @param patience how long readers may hold all spare pages of a ring
   */
  public void letGo(Backend backend, Duration patience) {
    chain.keep(backend, patience.toNanos());
    buffer.look();
    chain.tidy();
  }

  /**
   * Lets go of replaced rings that have not been read for this long: what is unread is copied, and
   * readers go on with the copies.
   */
  public void letGoOfIdle(Duration age) {
    chain.keepIdle(age.toNanos());
  }

  private void check(BufferConfig config) {
    if (config.cpus() != chain.cpus()) {
      throw new IllegalArgumentException(
          "buffer %s has %d CPUs for good, not %d: make another buffer"
              .formatted(buffer.name(), chain.cpus(), config.cpus()));
    }
  }

  private void make(BufferConfig config, Backend backend, boolean clears) throws IOException {
    Generation[] made = new Generation[1];
    Consumer<String> onFault = new EachOnce(config.cpus(), line -> tell(made, line, false));
    Consumer<String> onBroken = line -> tell(made, line, true);
    Ring ring = opener.open(backend, new RingConfig(config, wakeup, onFault), used());
    try {
      made[0] = new Generation(ring, config, Optional.of(backend), onBroken, onFault);
      if (!buffer.swap(made[0], State.ON, null, clears)) {
        throw new IOException("buffer " + buffer.name() + " is closed");
      }
    } finally {
      // An error may have come before it was put in use.
      if (made[0] == null) {
        ring.close();
      } else if (!made[0].installed) {
        made[0].close();
      }
    }
  }

  /** The CPUs on which the buffer has had events: the next ones will come there too. */
  private BitSet used() {
    BitSet used = new BitSet();
    for (int cpu = 0; cpu < chain.cpus(); cpu++) {
      used.set(cpu, chain.counters(cpu).written() > 0);
    }
    return used;
  }

  /** Handled on another thread: this one may be in the middle of an event or a change. */
  private void tell(Generation[] ring, String line, boolean broken) {
    Thread.ofVirtual()
        .name("pagewheel-" + buffer.name() + "-fault")
        .start(() -> buffer.faulty(ring[0], line, broken));
  }

  /**
   * Only this many rings of backends can be read at once, see {@link Rings#MAX_BACKENDS}. If there
   * is a taker, the oldest gets time. Then what is unread in it is kept on the heap; if that has no
   * room, it is given up in mode overwrite, and in mode discard nothing changes.
   */
  private void makeRoom(Duration patience) throws IOException {
    long begin = System.nanoTime();
    chain.tidy();
    while (chain.isFull()) {
      if (buffer.hasTaker() && System.nanoTime() - begin < patience.toNanos()) {
        buffer.look();
        Threads.pause(Duration.ofMillis(1));
        chain.tidy();
      } else if (!chain.keepOldest(patience.toNanos())) {
        if (buffer.config().mode() == Mode.DISCARD) {
          throw new IOException(
              "buffer %s: the unread events of its earlier rings do not fit on the heap:"
                  + " read them first".formatted(buffer.name()));
        }
        buffer.report(
            "%,d unread events of its oldest ring are given up: the heap has no room for them"
                .formatted(chain.giveUpOldest()));
      }
    }
  }
}
