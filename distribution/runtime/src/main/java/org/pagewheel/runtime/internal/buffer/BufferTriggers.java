package org.pagewheel.runtime.internal.buffer;

import java.util.ArrayList;
import java.util.List;
import org.pagewheel.RecordingState;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.runtime.TriggerStatus;
import org.pagewheel.runtime.internal.plugin.Environment;
import org.pagewheel.runtime.internal.ring.SwappableBuffer;
import org.pagewheel.runtime.internal.save.TriggeredSnapshots;
import org.pagewheel.runtime.internal.trigger.Trigger;
import org.pagewheel.runtime.internal.trigger.TriggerTable;
import org.pagewheel.runtime.internal.trigger.TriggerText;

/**
 * The triggers of one buffer. Recording is stopped by the writer whose event triggers it, so that
 * the event is the last one of its thread; snapshots are {@link TriggeredSnapshots}.
 */
final class BufferTriggers implements Metadata.Listener {
  private final SwappableBuffer buffer;
  private final Environment environment;
  private final TriggeredSnapshots triggered;

  /** Guarded by this. */
  private final List<Trigger> triggers = new ArrayList<>();

  /** Ends the watch for types to come; null if there is none. Guarded by this. */
  private Runnable unwatch;

  private volatile TriggerTable table;

  BufferTriggers(SwappableBuffer buffer, Environment environment, TriggeredSnapshots triggered) {
    this.buffer = buffer;
    this.environment = environment;
    this.triggered = triggered;
  }

  /** Adds one; one that says the same but for the count goes. */
  synchronized void add(TriggerText text) {
    TriggerTable.check(text);
    triggers.removeIf(trigger -> trigger.text().isLike(text));
    triggers.add(new Trigger(text, this::coolDown));
    publish();
  }

  /** Takes one back. */
  synchronized void remove(TriggerText text) {
    if (!triggers.removeIf(trigger -> trigger.text().isLike(text))) {
      throw new IllegalArgumentException(
          "%s has no trigger %s %s%s"
              .formatted(
                  buffer,
                  text.event(),
                  text.verb(),
                  text.condition().isEmpty() ? "" : " if " + text.condition()));
    }
    publish();
  }

  /** Takes those of an old configuration back, and adds those of a new one that are new in it. */
  synchronized void change(List<TriggerText> before, List<TriggerText> after) {
    for (TriggerText text : before) {
      if (after.stream().noneMatch(text::equals)) {
        triggers.removeIf(trigger -> trigger.text().isLike(text));
      }
    }
    for (TriggerText text : after) {
      if (before.stream().noneMatch(text::equals)) {
        triggers.removeIf(trigger -> trigger.text().isLike(text));
        triggers.add(new Trigger(text, this::coolDown));
      }
    }
    publish();
  }

  private void publish() {
    table =
        triggers.isEmpty()
            ? null
            : new TriggerTable(triggers, this::now, this::begin, this::problem);
    buffer.triggers(table);
    if (table == null) {
      unwatch();
    } else if (unwatch == null) {
      unwatch = Metadata.process().watch(this);
    }
  }

  /** Forgets the types to come; when the buffer is closed, too. */
  synchronized void unwatch() {
    if (unwatch != null) {
      unwatch.run();
      unwatch = null;
    }
  }

  /** Without a lock: whoever defines a type may hold some that {@link #publish} needs. */
  @Override
  public void format(EventFormat format) {
    TriggerTable current = table;
    if (current != null) {
      current.known(format);
    }
  }

  @Override
  public void threadName(int pid, String name) {
    // no trigger's business
  }

  private long now() {
    return buffer.config().clock().now();
  }

  private long coolDown() {
    return environment.settings().snapshots().coolDown().toNanos();
  }

  private void problem(String line) {
    environment.reports().problem(buffer + ": " + line);
  }

  synchronized List<TriggerStatus> list() {
    return triggers.stream().map(trigger -> trigger.status(buffer.name())).toList();
  }

  /** Reported for each firing, by a thread that is nobody's writer. */
  private void turnedOff(String by) {
    String hint = "; ring:on " + buffer.name() + " turns it on";
    String off =
        buffer
            .offReason()
            .filter(reason -> buffer.recording() == RecordingState.OFF) // no pause of another's
            .map(reason -> reason + hint)
            .orElse("off by " + by + ", on again");
    environment.reports().problem(buffer + ": " + off); // who waits for events is to notice
  }

  /** By a writer, after its event. */
  private boolean begin(Trigger trigger, long moment) {
    switch (trigger.text().action()) {
      case TRACEOFF -> {
        String by = trigger.who();
        if (!buffer.tryOff(by)) {
          environment.soon(() -> buffer.off(by));
        }
        environment.soon(() -> turnedOff(by));
        return true;
      }
      case SNAPSHOT -> {
        return triggered.begin(trigger, buffer, moment);
      }
    }
    throw new IllegalStateException("no such action: " + trigger.text().verb());
  }
}
