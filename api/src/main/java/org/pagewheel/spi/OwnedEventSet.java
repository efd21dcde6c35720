package org.pagewheel.spi;

import org.pagewheel.event.EventSet;
import org.pagewheel.event.internal.EventRegistry;
import org.pagewheel.event.internal.EventRules;

/**
 * Which event types a buffer records, for implementers of a buffer. Others get its {@link #view},
 * which cannot be closed.
 *
 * <p>At most {@value #MAX} are open at once in a process, for each event type keeps one bit for
 * each of them.
 */
public final class OwnedEventSet implements AutoCloseable {
  /** How many can be open at once. */
  public static final int MAX = EventRegistry.MAX_SETS;

  private final EventRules rules;

  private OwnedEventSet(EventRules rules) {
    this.rules = rules;
  }

  /**
   * Makes a set, for a new buffer.
   *
   * @return a set in which every event type is enabled
   * @throws IllegalStateException if {@value #MAX} are open
   */
  public static OwnedEventSet open() {
    return new OwnedEventSet(EventRegistry.PROCESS.open());
  }

  /**
   * The set for others.
   *
   * @return always the same instance
   */
  public EventSet view() {
    return rules;
  }

  /**
   * The bit that stands for the buffer, see {@link WritableBuffer#eventBit}.
   *
   * @return a number with exactly one bit set, which no other open set has
   */
  public long bit() {
    return rules.bit();
  }

  /** Gives the bit back; no type is enabled from then on. Does nothing the second time. */
  @Override
  public void close() {
    EventRegistry.PROCESS.close(rules);
  }
}
