package org.pagewheel.runtime.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.runtime.TriggerStatus;
import org.pagewheel.runtime.internal.ring.SwappableBuffer;
import org.pagewheel.runtime.internal.trigger.Trigger;
import org.pagewheel.runtime.internal.trigger.TriggerTable;
import org.pagewheel.runtime.internal.trigger.TriggerText;

/**
 * The triggers of one buffer. Recording is stopped by the writer whose event triggers it, so that
 * the event is the last one of its thread; snapshots are taken on a thread of their own.
 */
final class BufferTriggers {
  private final SwappableBuffer buffer;
  private final Tools tools;

  /** Guarded by this. */
  private final List<Trigger> triggers = new ArrayList<>();

  BufferTriggers(SwappableBuffer buffer, Tools tools) {
    this.buffer = buffer;
    this.tools = tools;
  }

  /** Adds one; one that says the same but for the count goes. */
  synchronized void add(TriggerText text) {
    TriggerTable.check(text);
    triggers.removeIf(trigger -> trigger.text().isLike(text));
    triggers.add(new Trigger(text));
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
        triggers.add(new Trigger(text));
      }
    }
    publish();
  }

  private void publish() {
    buffer.triggers(
        triggers.isEmpty() ? null : new TriggerTable(triggers, this::fired, this::problem));
  }

  private void problem(String line) {
    tools.reports.problem(buffer + ": " + line);
  }

  synchronized List<TriggerStatus> list() {
    return triggers.stream().map(trigger -> trigger.status(buffer.name())).toList();
  }

  /** By a writer, behind its event. */
  private void fired(Trigger trigger) {
    switch (trigger.text().action()) {
      case TRACEOFF -> {
        if (!buffer.tryOff()) {
          tools.soon(buffer::off);
        }
      }
      case SNAPSHOT -> {
        if (trigger.begin()) {
          tools.soon(() -> take(trigger));
        }
      }
    }
  }

  private void take(Trigger trigger) {
    trigger.begun(); // an event from now on wants another one
    String who = "%s: snapshot at %s".formatted(buffer, trigger.text().event());
    try {
      Path file = Snapshots.take(tools.settings.snapshots(), List.of(buffer));
      trigger.problem(null);
      tools.reports.news(who + ": wrote " + file);
    } catch (IOException | RuntimeException e) {
      String what = e instanceof IOException ? Tools.line((IOException) e) : e.toString();
      trigger.problem(what);
      tools.reports.problem(who + " failed: " + what);
    }
  }
}
