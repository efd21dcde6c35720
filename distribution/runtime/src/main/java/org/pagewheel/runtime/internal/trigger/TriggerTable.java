package org.pagewheel.runtime.internal.trigger;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.pagewheel.event.EventFilter;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.spi.FunctionGraph;

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
  record Watch(Trigger trigger, EventFilter.Check check, String event) {}

  /**
   * Why a trigger fires.
   *
   * @param event what has come, {@code system:event}, or what latencies were asked of
   * @param begin when it began, by the buffer's clock
   * @param end when it ended; of an event both are its time
   * @param text what latency it was; empty if it was an event
   */
  public record Reason(String event, long begin, long end, String text) {}

  /** What happens when a trigger fires. */
  @FunctionalInterface
  public interface Action {
    /**
     * Begins it, on the writer's thread or an observer's: must be quick.
     *
     * @param trigger what has fired
     * @param reason why
     * @return whether it is to happen; false if too much is to happen already
     */
    boolean begin(Trigger trigger, Reason reason);
  }

  private final List<Trigger> triggers;
  private final LongSupplier clock;
  private final Action action;
  private final Consumer<String> problems;
  private final AtomicReferenceArray<Watch[]> byType = new AtomicReferenceArray<>(TYPES);

  /**
   * Makes a table.
   *
   * @param triggers what is watched for, nothing of latencies
   * @param clock the buffer's time
   * @param action what happens for each that fires
   * @param problems gets a line for each trigger that does not fit an event, on the writer's thread
   */
  public TriggerTable(
      List<Trigger> triggers, LongSupplier clock, Action action, Consumer<String> problems) {
    this.triggers = List.copyOf(triggers);
    this.clock = clock;
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
  Watch[] match(MemorySegment memory, long offset) {
    int type = memory.get(SHORT, offset) & 0xffff;
    Watch[] watches = byType.getAcquire(type);
    if (watches == null) {
      watches = resolve(type);
    }
    if (watches == NONE) {
      return null;
    }
    Watch[] fired = null;
    for (int i = 0; i < watches.length; i++) {
      EventFilter.Check check = watches[i].check;
      if (check == null || check.test(memory, offset)) {
        fired = fired == null ? new Watch[watches.length] : fired;
        fired[i] = watches[i];
      }
    }
    return fired;
  }

  /** The buffer's time now. */
  long now() {
    return clock.getAsLong();
  }

  /** Fires, each as often as it may. */
  void fire(Watch[] fired, long moment) {
    for (Watch watch : fired) {
      if (watch != null) {
        watch.trigger.fire(action, new Reason(watch.event, moment, moment, ""));
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
      watches.add(
          new Watch(trigger, check(trigger.text(), format), format.system() + ":" + format.name()));
    } catch (IllegalArgumentException e) {
      tell(trigger, e.getMessage());
    }
  }

  /** A type is known now: says of each trigger that names it whether its filter fits. */
  public void known(EventFormat format) {
    for (Trigger trigger : triggers) {
      if (isNamed(trigger.text(), format)) {
        try {
          check(trigger.text(), format);
        } catch (IllegalArgumentException e) {
          tell(trigger, e.getMessage());
        }
      }
    }
  }

  private void tell(Trigger trigger, String problem) {
    if (trigger.problem(problem)) {
      problems.accept("trigger at " + trigger.text().event() + ": " + problem);
    }
  }

  private static boolean isNamed(TriggerText text, EventFormat format) {
    return text.limit() == null && text.event().equals(format.system() + ":" + format.name());
  }

  private static EventFilter.Check check(TriggerText text, EventFormat format) {
    return text.filter() == null ? null : text.filter().compile(format);
  }

  private static boolean concerns(TriggerText text, EventFormat format) {
    return format.matches(text.event()) && !(isStack(text) && FunctionGraph.isStack(format.id()));
  }

  /** A stack has no stack of its own. */
  private static boolean isStack(TriggerText text) {
    return text.action() == TriggerText.Action.STACKTRACE;
  }

  /**
   * Tries a trigger on the types that are known.
   *
   * @throws IllegalArgumentException if it names one of them and its filter does not fit it
   */
  public static void check(TriggerText text) {
    for (EventFormat format : Metadata.process().formats()) {
      if (isNamed(text, format)) {
        check(text, format);
      }
    }
  }
}
