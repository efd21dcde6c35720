package org.pagewheel.runtime.internal.trigger;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;

/**
 * The triggers of a buffer, as the writers of its events ask for them.
 *
 * <p>How it works: events are told apart by their type's id. With the first event of an id its
 * format is looked up and the filters are compiled for it; from then on an event that no trigger
 * watches costs a look at one element of an array. An id whose format is not known, as a raw writer
 * may choose one, is nobody's. The table never changes; other triggers are another table.
 */
public final class TriggerTable {
  private static final int TYPES = 1 << 16;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final Watch[] NONE = {};

  /** A trigger with its filter for one type. */
  private record Watch(Trigger trigger, Filter.Check check) {}

  private final List<Trigger> triggers;
  private final Consumer<Trigger> action;
  private final Consumer<String> problems;
  private final AtomicReferenceArray<Watch[]> byType = new AtomicReferenceArray<>(TYPES);

  /**
   * Makes a table.
   *
   * @param triggers what is watched for
   * @param action told of each that fires, on the writer's thread: must be quick
   * @param problems told of a trigger that does not fit an event, likewise
   */
  public TriggerTable(List<Trigger> triggers, Consumer<Trigger> action, Consumer<String> problems) {
    this.triggers = List.copyOf(triggers);
    this.action = action;
    this.problems = problems;
  }

  /** What is watched for. */
  public List<Trigger> triggers() {
    return triggers;
  }

  /**
   * What is to fire once the event is committed; null, as nearly always, if nothing is.
   *
   * @param memory where the payload lies
   * @param offset where it begins
   */
  Trigger[] match(MemorySegment memory, long offset) {
    int type = memory.get(SHORT, offset) & 0xffff;
    Watch[] watches = byType.getAcquire(type);
    if (watches == null) {
      watches = resolve(type);
    }
    if (watches == NONE) {
      return null;
    }
    Trigger[] fired = null;
    for (int i = 0; i < watches.length; i++) {
      Filter.Check check = watches[i].check;
      if (check == null || check.test(memory, offset)) {
        fired = fired == null ? new Trigger[watches.length] : fired;
        fired[i] = watches[i].trigger;
      }
    }
    return fired;
  }

  /** Fires, each as often as it may. */
  void fire(Trigger[] fired) {
    for (Trigger trigger : fired) {
      if (trigger != null && trigger.fire()) {
        action.accept(trigger);
      }
    }
  }

  private Watch[] resolve(int type) {
    List<Watch> watches = new ArrayList<>();
    for (EventFormat format : Metadata.process().formats()) {
      if (format.id() == type) {
        triggers.forEach(trigger -> add(watches, trigger, format));
      }
    }
    Watch[] resolved = watches.isEmpty() ? NONE : watches.toArray(Watch[]::new);
    byType.setRelease(type, resolved); // pairs with match()
    return resolved;
  }

  /** One whose filter does not fit the type does not watch it, and says why. */
  private void add(List<Watch> watches, Trigger trigger, EventFormat format) {
    if (!concerns(trigger.text(), format)) {
      return;
    }
    try {
      watches.add(new Watch(trigger, check(trigger.text(), format)));
    } catch (IllegalArgumentException e) {
      trigger.problem(e.getMessage());
      problems.accept("trigger at " + trigger.text().event() + ": " + e.getMessage());
    }
  }

  private static Filter.Check check(TriggerText text, EventFormat format) {
    return text.filter() == null ? null : text.filter().compile(new EventShape(format));
  }

  private static boolean concerns(TriggerText text, EventFormat format) {
    return Filter.matches(format.system() + ":" + format.name(), text.event().split("\\*", -1));
  }

  /**
   * Tries a trigger on the types that are known.
   *
   * @throws IllegalArgumentException if it names one of them and its filter does not fit it
   */
  public static void check(TriggerText text) {
    for (EventFormat format : Metadata.process().formats()) {
      if (text.event().equals(format.system() + ":" + format.name())) {
        check(text, format);
      }
    }
  }
}
