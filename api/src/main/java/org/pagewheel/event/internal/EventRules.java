package org.pagewheel.event.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.EventSet;
import org.pagewheel.event.EventState;

/**
 * The patterns of one buffer. The registry opens and closes it; a holder of the {@link EventSet}
 * cannot.
 */
public final class EventRules implements EventSet {
  private record Rule(EventGlob glob, boolean enable) {}

  private final EventRegistry registry;
  private final long bit;

  /** In the order given, each pattern once; guarded by the registry's lock. */
  private final List<Rule> rules = new ArrayList<>();

  /** Guarded by the registry's lock. */
  private boolean closed;

  EventRules(EventRegistry registry, long bit) {
    this.registry = registry;
    this.bit = bit;
  }

  /** Exactly one bit, which no other open set has. */
  public long bit() {
    return bit;
  }

  @Override
  public int enable(String glob) {
    return rule(glob, true);
  }

  @Override
  public int disable(String glob) {
    return rule(glob, false);
  }

  @Override
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
      throw new IllegalStateException("the buffer is closed, and its event types with it");
    }
  }

  private int rule(String text, boolean enable) {
    EventGlob glob = EventGlob.of(text);
    synchronized (registry) {
      checkOpen();
      // An equal earlier pattern no longer has any effect: the list cannot grow for ever.
      rules.removeIf(rule -> glob.isAll() || rule.glob.text().equals(glob.text()));
      rules.add(new Rule(glob, enable));
      return registry.apply(this, glob);
    }
  }

  @Override
  public boolean isEnabled(String system, String name) {
    synchronized (registry) {
      return decide(system + ":" + name);
    }
  }

  @Override
  public boolean isEnabled(EventFormat format) {
    return isEnabled(format.system(), format.name());
  }

  @Override
  public List<EventState> list() {
    return registry.list(this);
  }

  /** From now on no type is enabled; false the second time. The caller holds the lock. */
  boolean end() {
    boolean first = !closed;
    closed = true;
    return first;
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
