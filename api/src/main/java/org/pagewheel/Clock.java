package org.pagewheel;

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
   * The clock's name as trace files carry it.
   *
   * @return a name that {@code trace-cmd} knows ({@code mono}, {@code boot}, {@code counter}, …) or
   *     one of the owner's own; the same at each call
   */
  String name();

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
