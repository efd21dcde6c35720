package org.pagewheel;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where the times of events come from. A ring reads its clock once for each event, at the moment
 * the event's room is reserved, on the writer's thread.
 *
 * <p>A clock must be cheap, must not block, and must be safe for use by all threads at once. It
 * should not run backwards; where it does, the ring gives the event the time of the one before it
 * on the same CPU. Only the low 59 bits are stored for each event, as in the kernel.
 */
@ConsumerType
public interface Clock {
  /**
   * The clock {@code mono}: {@link System#nanoTime()}, which on Linux is the kernel's clock of the
   * same name, so that events share one timeline with the kernel's own.
   */
  Clock MONO = MonoClock.INSTANCE;

  /**
   * Reads the clock.
   *
   * @return the time now, in nanoseconds where {@link #name()} is a name of a kernel clock that
   *     counts them
   */
  long now();

  /**
   * The clock's name, which is what trace files call it unless {@link #timeline()} says otherwise.
   *
   * @return a name that {@code trace-cmd} knows ({@code mono}, {@code boot}, {@code counter}, …) or
   *     one of the owner's own; the same at each call
   */
  String name();

  /**
   * The clock whose times these are: what files call it, so that those of one timeline can be laid
   * beside each other.
   *
   * @return {@link #name()}, unless it is another way to read a known clock
   */
  default String timeline() {
    return name();
  }

  /**
   * How far from the clock of its {@link #timeline()} it was found lately, at most.
   *
   * @return nanoseconds; empty if it is that clock
   */
  default OptionalLong error() {
    return OptionalLong.empty();
  }

  /**
   * How what it counts becomes nanoseconds, for a clock that counts something else. It is measured
   * anew at each call, the better the older the clock is. Takes a few microseconds and waits for
   * nothing, as writers may ask for it.
   *
   * @return the scale as of now; empty for a clock that counts nanoseconds, or nothing that takes
   *     the same time each
   */
  default Optional<ClockScale> scale() {
    return Optional.empty();
  }

  /**
   * The clock {@code x86-tsc}: the raw counts of the processor's time stamp counter, as the
   * kernel's clock of the same name has them. It costs less than half of {@link #MONO}, and events
   * are exactly in order with those of a kernel trace that has it. The first call takes a tenth of
   * a second, in which the counter's speed is measured.
   *
   * @return the same instance at each call
   * @throws UnsupportedOperationException with the reason in one line, where it cannot be had:
   *     outside Linux on x86-64 with glibc, without native access, where the counter is not
   *     constant, or where no page can be made executable
   */
  static Clock x86Tsc() {
    return CounterClocks.x86Tsc();
  }

  /**
   * The clock {@code mono-tsc}: the times of {@link #MONO} by the processor's time stamp counter,
   * which costs less than half. It is compared with {@code mono} each 20 ms while it is read, and
   * steered; {@link #error()} says how far they were apart, usually some 20 ns, and at most some
   * microseconds while NTP changes the speed of {@code mono}. If they are ever more than 10 µs
   * apart, it reads {@code mono} from then on, and a line of the log says so.
   *
   * @return the same instance at each call
   * @throws UnsupportedOperationException with the reason in one line, where it cannot be had: as
   *     for {@link #x86Tsc()} (but on aarch64 it can), and where the kernel's own clock source is
   *     neither the counter nor made of it
   */
  static Clock monoTsc() {
    return CounterClocks.monoTsc();
  }

  /**
   * Whether a clock is one of this library's that read the time and do nothing else: a ring needs
   * no guard against events that its own clock writes.
   *
   * @param clock any clock
   * @return true for {@link #MONO} and those of the processor's counter
   */
  static boolean isPlain(Clock clock) {
    return clock == MONO || clock instanceof TscClock || clock instanceof MonoTscClock;
  }

  /**
   * A clock of one's own.
   *
   * @param name 1 to 32 letters, digits, {@code -} and {@code _}, as {@link #name()} returns it
   * @param reading is called for each event, see {@link #now()}
   * @return a clock, equal to itself alone
   * @throws IllegalArgumentException if the name is none
   */
  static Clock of(String name, LongSupplier reading) {
    return new NamedClock(name, reading);
  }
}
