package org.pagewheel.spi;

import java.util.function.Consumer;
import org.pagewheel.BufferConfig;

/**
 * What a backend gets to make a ring: values that have been checked already.
 *
 * @param buffer sizes, mode, clock, CPU numbers and the backend's own settings
 * @param wakeup run when a page becomes full or is flushed; cheap, never throws, wakes readers. The
 *     same object for all rings of one buffer, and for no others
 * @param fault takes a broken invariant in one line, once for each CPU; never throws
 */
public record RingConfig(BufferConfig buffer, Runnable wakeup, Consumer<String> fault) {
  /**
   * A ring that wakes nobody and whose faults are errors; for tests and tools.
   *
   * @param buffer sizes, mode, clock and CPU numbers
   * @return a configuration
   */
  public static RingConfig of(BufferConfig buffer) {
    return new RingConfig(
        buffer,
        new Wakeup(),
        fault -> {
          throw new AssertionError(fault);
        });
  }
}
