package org.pagewheel.event;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Which event types one buffer records. Everything is enabled at first; what {@link #enable} and
 * {@link #disable} say holds also for types that are defined later, the last pattern that matches a
 * type decides.
 *
 * <p>May be used by any thread at any time. A writer sees a change at its next event or the one
 * after it: nobody waits for writers.
 *
 * <p>A buffer has its set from {@link #open} until {@link #close}; at most {@value #MAX} sets are
 * open at once in a process, for each event type keeps one bit for each of them.
 */
public final class EventSet implements AutoCloseable {
  /** How many sets can be open at once. */
  public static final int MAX = 64;

  private record Rule(EventGlob glob, boolean enable) {}

  private final EventRegistry registry;
  private final long bit;

  /** In the order given, each pattern once; guarded by the registry's lock. */
  private final List<Rule> rules = new ArrayList<>();

  /** Guarded by the registry's lock. */
  private boolean closed;

  EventSet(EventRegistry registry, long bit) {
    this.registry = registry;
    this.bit = bit;
  }

  /**
   * Makes a set, for a new buffer.
   *
   * @return a set in which every event type is enabled
   * @throws IllegalStateException if {@value #MAX} sets are open
   */
  public static EventSet open() {
    return EventRegistry.PROCESS.open();
  }

  /**
   * The bit that stands for this set's buffer, see {@link org.pagewheel.Buffer#eventBit}.
   *
   * @return a number with exactly one bit set, which no other open set has
   */
  public long bit() {
    return bit;
  }

  /**
   * Enables event types, those that are known and those to come.
   *
   * @param glob {@code system:name} with {@code *} for any characters ({@code shop:*}, {@code
   *     *:gc_*}), or {@code *} for all
   * @return how many types known now match
   * @throws IllegalArgumentException if the pattern is none; the message says what would be right
   * @throws IllegalStateException if the set is closed
   */
  public int enable(String glob) {
    return rule(glob, true);
  }

  /**
   * Disables event types, those that are known and those to come.
   *
   * @param glob as for {@link #enable}
   * @return how many types known now match
   * @throws IllegalArgumentException if the pattern is none; the message says what would be right
   * @throws IllegalStateException if the set is closed
   */
  public int disable(String glob) {
    return rule(glob, false);
  }

  /**
   * Enables these event types and no others, those that are known and those to come; what was said
   * before is forgotten. A type that was enabled and stays so is so all the time.
   *
   * @param globs as for {@link #enable}; none disables everything
   * @throws IllegalArgumentException if a pattern is none; nothing has changed then
   * @throws IllegalStateException if the set is closed
   */
  public void only(Collection<String> globs) {
    EventGlob all = EventGlob.of("*");
    List<Rule> fresh = new ArrayList<>(List.of(new Rule(all, false)));
    globs.forEach(glob -> fresh.add(new Rule(EventGlob.of(glob), true)));
    synchronized (registry) {
      checkOpen();
      rules.clear();
      rules.addAll(fresh);
      registry.apply(this, all);
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this event set is closed, and its buffer with it");
    }
  }

  private int rule(String text, boolean enable) {
    EventGlob glob = EventGlob.of(text);
    synchronized (registry) {
      checkOpen();
      // An equal pattern before this one decides nothing any more: the list cannot grow for ever.
      rules.removeIf(rule -> glob.isAll() || rule.glob.text().equals(glob.text()));
      rules.add(new Rule(glob, enable));
      return registry.apply(this, glob);
    }
  }

  /**
   * Whether the buffer records a type of this name, known or to come.
   *
   * @param system the event system
   * @param name the event's name within the system
   * @return true unless it is disabled; false once the set is closed
   */
  public boolean isEnabled(String system, String name) {
    synchronized (registry) {
      return decide(system + ":" + name);
    }
  }

  /**
   * Whether the buffer records a type.
   *
   * @param format the type's format
   * @return true unless it is disabled; false once the set is closed
   */
  public boolean isEnabled(EventFormat format) {
    return isEnabled(format.system(), format.name());
  }

  /**
   * The types known now, and whether the buffer records them.
   *
   * @return a copy, by system and name
   */
  public List<EventState> list() {
    return registry.list(this);
  }

  /** Gives the bit back; no type is enabled from then on. Does nothing the second time. */
  @Override
  public void close() {
    synchronized (registry) {
      if (!closed) {
        closed = true;
        registry.closed(this);
      }
    }
  }

  /** How many patterns it keeps; for tests. */
  int patterns() {
    synchronized (registry) {
      return rules.size();
    }
  }

  /** The last rule that matches; the caller holds the registry's lock. */
  boolean decide(String key) {
    for (int i = rules.size() - 1; i >= 0; i--) {
      if (rules.get(i).glob.matches(key)) {
        return !closed && rules.get(i).enable;
      }
    }
    return !closed;
  }
}
