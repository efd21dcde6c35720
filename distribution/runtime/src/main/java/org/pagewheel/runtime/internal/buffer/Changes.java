package org.pagewheel.runtime.internal.buffer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pagewheel.BufferConfig;
import org.pagewheel.runtime.internal.config.ConsumerPlan;

/** The difference of two configurations. Pure. */
final class Changes {
  private Changes() {}

  /**
   * Applies the changes from one configuration to another to a third, which may have been changed
   * by hand.
   */
  static BufferConfig apply(BufferConfig before, BufferConfig after, BufferConfig now) {
    BufferConfig result = now;
    if (before.mode() != after.mode()) {
      result = result.withMode(after.mode());
    }
    if (before.pages() != after.pages()) {
      result = result.withPages(after.pages(), result.pageSize());
    }
    if (before.pageSize() != after.pageSize()) {
      result = result.withPages(result.pages(), after.pageSize());
    }
    if (!before.clock().name().equals(after.clock().name())) {
      result = result.withClock(now.cpus(), after.clock(), now.cpuNumber());
    }
    if (!before.backend().equals(after.backend()) || !before.settings().equals(after.settings())) {
      result = result.withBackend(after.backend(), after.settings());
    }
    return result;
  }

  /** Whether rings made by the two would be the same; clocks are by name. */
  static boolean isSame(BufferConfig a, BufferConfig b) {
    return a.mode() == b.mode()
        && a.pages() == b.pages()
        && a.pageSize() == b.pageSize()
        && a.cpus() == b.cpus()
        && a.clock().name().equals(b.clock().name())
        && a.backend().equals(b.backend())
        && a.settings().equals(b.settings());
  }

  static Optional<ConsumerPlan> named(List<ConsumerPlan> plans, String name) {
    return plans.stream().filter(plan -> plan.name().equals(name)).findFirst();
  }

  static List<ConsumerPlan> without(List<ConsumerPlan> plans, String name) {
    return plans.stream().filter(plan -> !plan.name().equals(name)).toList();
  }

  static List<ConsumerPlan> with(List<ConsumerPlan> plans, ConsumerPlan plan) {
    List<ConsumerPlan> result = new ArrayList<>(without(plans, plan.name()));
    result.add(plan);
    return result;
  }
}
