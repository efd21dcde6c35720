package org.pagewheel.runtime.internal.ring;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.pagewheel.Pause;
import org.pagewheel.RecordingState;
import org.pagewheel.spi.Leftovers;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.RingWriter;

/**
 * Whether a buffer records: while its switch is on and no pause is open, on the chosen CPUs. All of
 * this is folded into the ring's switches, so that pauses cost writers nothing.
 *
 * <p>A full stack or heap can end any call. So the wanted state is stored once the ring has done
 * it, in one run without a call; after an error the ring is set from what is stored.
 */
final class Recording {
  private final SwappableBuffer buffer;
  private final int all;

  /** The buffer's lock, held briefly for each change. */
  private final Turn changing;

  /** Who turned it off; null while the switch is on. Written with {@link #changing} held. */
  private volatile Off off;

  /** The open pauses, oldest first. Written with {@link #changing} held. */
  private volatile List<Held> pauses = List.of();

  /** The CPUs to record on, never changed; null for all. Written with {@link #changing} held. */
  private volatile BitSet only;

  /**
   * Whether an error has left the ring different from what is stored here, see {@link #settle}.
   * Written with {@link #changing} held.
   */
  private volatile boolean isUnsettled;

  /** One pause. */
  private final class Held implements Pause {
    final Off since;

    Held(Off since) {
      this.since = since;
    }

    @Override
    public void close() {
      end(this);
    }
  }

  private final RingWriter unsettled = new Unsettled();

  /** Put among the {@link Leftovers}, so that settling them settles this as well. */
  private final class Unsettled implements RingWriter {
    @Override
    public void discard(long reservation) {
      if (isUnsettled) {
        // The thread whose turn it is may wait for a lock that this thread holds: so no waiting
        // here.
        if (!changing.tryEnter()) {
          throw Busy.AGAIN;
        }
        try {
          settle();
        } finally {
          changing.owner = 0;
        }
      }
    }

    @Override
    public long reserve(int length) {
      return Refusal.DISABLED;
    }

    @Override
    public MemorySegment memory(long reservation) {
      throw new IllegalStateException("it gives no room");
    }

    @Override
    public void commit(long reservation) {
      throw new IllegalStateException("it gives no room");
    }

    @Override
    public int maxEventSize() {
      return 0;
    }
  }

  /** An error, which leaves the leftover in place. */
  private static final class Busy extends VirtualMachineError {
    private static final long serialVersionUID = 1;
    static final Busy AGAIN = new Busy();
  }

  Recording(SwappableBuffer buffer, int cpus, Turn changing) {
    this.buffer = buffer;
    this.all = cpus;
    this.changing = changing;
  }

  boolean isOn() {
    return state() == RecordingState.ON;
  }

  /** The switch first: to get events one has to turn that on in any case. */
  RecordingState state() {
    BitSet chosen = only;
    return off != null
        ? RecordingState.OFF
        : !pauses.isEmpty()
            ? RecordingState.PAUSED
            : chosen != null && chosen.isEmpty() ? RecordingState.NO_CPU : RecordingState.ON;
  }

  /** Likewise. */
  Optional<String> reason() {
    Off switched = off;
    if (switched != null) {
      return Optional.of("off " + switched.line());
    }
    List<Held> open = pauses;
    if (!open.isEmpty()) {
      return Optional.of("paused " + open.getFirst().since.line());
    }
    BitSet chosen = only;
    return chosen != null && chosen.isEmpty() ? Optional.of("off on every CPU") : Optional.empty();
  }

  /** See {@link SwappableBuffer#tryOff}. */
  boolean tryOff(String by) {
    Off now = Off.by(by); // allocated before anything changes
    boolean entered = changing.tryEnter();
    if (!entered && !changing.isMine()) {
      return false;
    }
    try {
      set(now);
      return true;
    } finally {
      if (entered) {
        changing.owner = 0;
      }
    }
  }

  /** Turns the switch: null for on. */
  void turn(Off wanted) {
    buffer.inTurn(() -> set(wanted));
  }

  /** With {@link #changing} held. */
  private void set(Off wanted) {
    change(
        wanted == null || off == null ? wanted : off,
        pauses,
        only); // keeps the first time of being off
  }

  /** An error leaves everything as it was. With {@link #changing} held. */
  private void change(Off wanted, List<Held> open, BitSet cpus) {
    boolean on = wanted == null && open.isEmpty();
    isUnsettled = true;
    try {
      buffer.enable(on, cpus);
      // Nothing is called here.
      off = wanted;
      pauses = open;
      only = cpus;
      isUnsettled = false;
    } finally {
      if (isUnsettled) {
        synchronized (Leftovers.RINGS) { // nothing is called: the stack may be full
          if (Leftovers.count < Leftovers.MAX) {
            Leftovers.RINGS[Leftovers.count++] = unsettled;
          }
        }
        settle();
      }
    }
  }

  /**
   * Whether the ring may differ from what is stored: {@link #settle} failed too. Until the next
   * change or tidying settles that, or the next refused writer or the next reader, see {@link
   * Unsettled}.
   */
  boolean isUnsettled() {
    return isUnsettled;
  }

  /** Sets the ring to what is stored. With {@link #changing} held. */
  void settle() {
    buffer.enable(isOn(), only);
    isUnsettled = false;
  }

  /** Sets a ring that is to be the newest to what is stored. With {@link #changing} held. */
  void applyTo(Generation fresh) {
    fresh.enable(isOn(), only);
  }

  /** See {@link org.pagewheel.Buffer#recordOn(BitSet)}. */
  void only(BitSet cpus) {
    check(cpus.length() - 1);
    BitSet chosen = (BitSet) cpus.clone();
    choose(() -> chosen);
  }

  /** See {@link org.pagewheel.Buffer#recordOn(int, boolean)}. */
  void only(int cpu, boolean on) {
    check(cpu < 0 ? all : cpu);
    choose(
        () -> {
          BitSet chosen = cpus();
          chosen.set(cpu, on);
          return chosen;
        });
  }

  private void check(int cpu) {
    if (cpu >= all) {
      throw new IllegalArgumentException(
          "buffer %s has no such CPU, its CPUs are 0 to %d".formatted(buffer.name(), all - 1));
    }
  }

  private void choose(Supplier<BitSet> cpus) {
    buffer.inTurn(
        () -> {
          BitSet chosen = cpus.get();
          change(off, pauses, chosen.cardinality() == all ? null : chosen);
        });
  }

  /** A copy of the chosen CPUs. */
  BitSet cpus() {
    BitSet chosen = only;
    if (chosen != null) {
      return (BitSet) chosen.clone();
    }
    BitSet every = new BitSet();
    every.set(0, all);
    return every;
  }

  Pause pause(String by) {
    Held pause = new Held(Off.by(by));
    buffer.inTurn(
        () -> {
          List<Held> open = new ArrayList<>(pauses);
          open.add(pause);
          change(off, List.copyOf(open), only); // allocated before anything changes
        });
    return pause;
  }

  /** Does nothing the second time. After an error the pause stays open and can be ended again. */
  private void end(Held pause) {
    buffer.inTurn(
        () -> {
          List<Held> rest = new ArrayList<>(pauses);
          if (rest.remove(pause)) {
            change(off, List.copyOf(rest), only);
          }
        });
  }
}
