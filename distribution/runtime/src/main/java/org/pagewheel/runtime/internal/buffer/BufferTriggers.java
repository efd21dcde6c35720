package org.pagewheel.runtime.internal.buffer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.pagewheel.RecordingState;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.runtime.TriggerStatus;
import org.pagewheel.runtime.internal.config.Settings;
import org.pagewheel.runtime.internal.plugin.Environment;
import org.pagewheel.runtime.internal.ring.SwappableBuffer;
import org.pagewheel.runtime.internal.save.KeptTraces;
import org.pagewheel.runtime.internal.save.Snapshots;
import org.pagewheel.runtime.internal.save.TriggeredSnapshots;
import org.pagewheel.runtime.internal.trigger.Trigger;
import org.pagewheel.runtime.internal.trigger.TriggerTable;
import org.pagewheel.runtime.internal.trigger.TriggerText;
import org.pagewheel.spi.Reason;
import org.pagewheel.spi.Stacks;

/**
 * The triggers of one buffer. Recording is stopped by the writer whose event triggers it, so that
 * the event is the last one of its thread; snapshots are {@link TriggeredSnapshots}.
 */
final class BufferTriggers implements Metadata.Listener {
  private final SwappableBuffer buffer;
  private final Environment environment;
  private final TriggeredSnapshots triggered;
  private final KeptTraces kept;

  /** Guarded by this. */
  private final List<Trigger> triggers = new ArrayList<>();

  /** Ends the watch for types to come; null if there is none. Guarded by this. */
  private Runnable unwatch;

  private volatile TriggerTable table;

  /** Those that ask for latencies. */
  private volatile List<Trigger> observing = List.of();

  BufferTriggers(
      SwappableBuffer buffer,
      Environment environment,
      TriggeredSnapshots triggered,
      KeptTraces kept) {
    this.kept = kept;
    this.buffer = buffer;
    this.environment = environment;
    this.triggered = triggered;
  }

  /**
   * Adds one; one that says the same but for the count goes.
   *
   * @throws IllegalArgumentException if it cannot work
   */
  synchronized void add(TriggerText text) {
    TriggerTable.check(text);
    checkDirectory(text);
    Trigger made = new Trigger(text, () -> coolDown(text));
    made.observe(buffer, this::begin);
    expect(text);
    remove(text::isLike);
    triggers.add(made);
    publish();
  }

  private void expect(TriggerText text) {
    switch (text.action()) {
      case KEEP -> kept.expect();
      case STACKTRACE -> Stacks.define();
      default -> {} // nothing has to be there before
    }
  }

  /** The first event that fires it would be too late to learn that no file can be written. */
  private void checkDirectory(TriggerText text) {
    Settings settings = environment.settings();
    try {
      switch (text.action()) {
        case KEEP -> Snapshots.check(settings.kept().directory());
        case SNAPSHOT -> Snapshots.check(settings.snapshots().directory());
        default -> {} // writes no file
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("its files cannot be written: " + Reason.of(e), e);
    }
  }

  private boolean remove(Predicate<TriggerText> which) {
    List<Trigger> gone = triggers.stream().filter(trigger -> which.test(trigger.text())).toList();
    gone.forEach(Trigger::close);
    return triggers.removeAll(gone);
  }

  /** Takes one back. */
  synchronized void remove(TriggerText text) {
    if (!remove(text::isLike)) {
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
        remove(text::isLike);
      }
    }
    for (TriggerText text : after) {
      if (before.stream().noneMatch(text::equals)) {
        remove(text::isLike);
        triggers.add(idle(text));
      }
    }
    publish();
  }

  /** One of the configuration, which stays although it cannot be: its list says why. */
  private Trigger idle(TriggerText text) {
    Trigger made = new Trigger(text, () -> coolDown(text));
    expect(text);
    try {
      checkDirectory(text);
      made.observe(buffer, this::begin);
    } catch (IllegalArgumentException e) {
      made.problem(e.getMessage());
      problem("trigger at " + text.event() + ": " + e.getMessage());
    }
    return made;
  }

  private void publish() {
    List<Trigger> ofEvents =
        triggers.stream().filter(trigger -> trigger.text().limit() == null).toList();
    table =
        ofEvents.isEmpty()
            ? null
            : new TriggerTable(ofEvents, this::now, this::begin, this::problem);
    observing = triggers.stream().filter(trigger -> trigger.text().limit() != null).toList();
    buffer.triggers(table);
    if (triggers.isEmpty()) {
      unwatch();
    } else if (unwatch == null) {
      unwatch = Metadata.process().watch(this);
    }
  }

  /** The buffer is closed. */
  synchronized void close() {
    triggers.forEach(Trigger::close);
    unwatch();
  }

  /** Forgets the types to come. */
  private void unwatch() {
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
    for (Trigger trigger : observing) {
      trigger.known(format, this::problem);
    }
  }

  @Override
  public void threadName(int pid, String name) {
    // no trigger's business
  }

  private long now() {
    return buffer.config().clock().now();
  }

  private long coolDown(TriggerText text) {
    Settings settings = environment.settings();
    return switch (text.action()) {
      case KEEP -> settings.kept().coolDown().toNanos();
      default -> settings.snapshots().coolDown().toNanos();
    };
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

  /** By a writer after its event, or by an observer: neither waits. */
  private boolean begin(Trigger trigger, TriggerTable.Reason reason) {
    return switch (trigger.text().action()) {
      case TRACEOFF -> {
        String by = trigger.who();
        if (!buffer.tryOff(by)) {
          environment.soon(() -> buffer.off(by));
        }
        environment.soon(() -> turnedOff(by));
        yield true;
      }
      case SNAPSHOT -> triggered.begin(trigger, buffer, reason.end());
      case KEEP -> kept.begin(trigger, buffer, reason);
      case LOG -> {
        String what = reason.text().isEmpty() ? "" : ": " + reason.text();
        environment.reports().news("%s: %s%s".formatted(buffer, reason.event(), what));
        yield true;
      }
      case STACKTRACE -> Stacks.write(buffer, Stacks.MAX_DEPTH);
    };
  }
}
