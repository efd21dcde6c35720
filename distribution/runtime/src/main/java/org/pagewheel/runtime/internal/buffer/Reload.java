package org.pagewheel.runtime.internal.buffer;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.pagewheel.runtime.ConfigurationException;
import org.pagewheel.runtime.internal.config.BufferPlan;
import org.pagewheel.runtime.internal.config.ConsumerPlan;
import org.pagewheel.runtime.internal.config.Settings;
import org.pagewheel.runtime.internal.plugin.Catalog;
import org.pagewheel.runtime.internal.plugin.Environment;
import org.pagewheel.runtime.internal.plugin.PluginSettings;
import org.pagewheel.runtime.internal.plugin.Sources;
import org.pagewheel.runtime.internal.save.ExitSave;
import org.pagewheel.spi.Nearest;
import org.pagewheel.spi.Reason;

/**
 * Applies a configuration that is read again while everything runs.
 *
 * <p>How it works: everything that can be known beforehand is checked first. Then the steps that
 * may fail are done, and for each its reverse is kept: for a buffer that is the change back to its
 * former state, by the same method. What cannot be undone, the closing of buffers, comes last.
 */
public final class Reload {
  private final Environment environment;
  private final Registry buffers;
  private final Sources sources;
  private final ExitSave exitSave;

  /** A step back; failures in it are reported. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  public Reload(Environment environment, Registry buffers, Sources sources, ExitSave exitSave) {
    this.environment = environment;
    this.buffers = buffers;
    this.sources = sources;
    this.exitSave = exitSave;
  }

  /** Reads and applies. */
  synchronized List<String> run() throws IOException {
    Settings before = environment.settings();
    Settings after = before.readAgain();
    check(before, after);
    List<String> said = new ArrayList<>();
    Deque<Step> back = new ArrayDeque<>();
    environment.settings(after); // new rings and consumers get its time-outs
    try {
      for (BufferPlan plan : after.buffers()) {
        said.addAll(apply(plan, named(before, plan.name()), back));
      }
    } catch (IOException | RuntimeException e) {
      back.forEach(this::takeBack);
      environment.settings(before);
      throw e;
    }
    for (BufferPlan plan : before.buffers()) {
      if (named(after, plan.name()).isEmpty() && buffers.find(plan.name()).isPresent()) {
        buffers.destroy(plan.name());
        said.add("buffer " + plan.name() + ": closed");
      }
    }
    said.addAll(sources.changed());
    said.addAll(others(before, after));
    exitSave.changed();
    return List.copyOf(said);
  }

  private List<String> apply(BufferPlan plan, Optional<BufferPlan> before, Deque<Step> back)
      throws IOException {
    if (buffers.find(plan.name()).isEmpty()) {
      if (before.isPresent() && isSame(before.get(), plan)) {
        return List.of(); // closed by hand, and its configuration has not changed
      }
      buffers.open(plan);
      back.push(() -> buffers.destroy(plan.name()));
      return List.of("buffer " + plan.name() + ": made");
    }
    ManagedBuffer buffer = buffers.managed(plan.name());
    BufferPlan was = buffer.plan();
    back.push(() -> buffer.change(was)); // also from halfway
    return buffer.change(plan);
  }

  private void takeBack(Step step) {
    try {
      step.run();
    } catch (IOException | RuntimeException e) {
      environment.reports().problem("reload could not undo what it had done: " + Reason.of(e));
    }
  }

  /** Clocks are made anew by each reading, and are equal only by name. */
  private static boolean isSame(BufferPlan a, BufferPlan b) {
    return Changes.isSame(a.config(), b.config()) && a.withConfig(b.config()).equals(b);
  }

  private static Optional<BufferPlan> named(Settings settings, String name) {
    return settings.buffers().stream().filter(plan -> plan.name().equals(name)).findFirst();
  }

  private static List<String> others(Settings before, Settings after) {
    Map<String, Boolean> same = new TreeMap<>();
    same.put("open-timeout", before.openTimeout().equals(after.openTimeout()));
    same.put("drain-timeout", before.drainTimeout().equals(after.drainTimeout()));
    same.put("stop-timeout", before.stopTimeout().equals(after.stopTimeout()));
    same.put("snapshots", before.snapshots().equals(after.snapshots()));
    same.put("save", before.save().equals(after.save()));
    return same.entrySet().stream()
        .filter(entry -> !entry.getValue())
        .map(entry -> entry.getKey() + " changed")
        .toList();
  }

  /** Checks what can be known before anything is done. */
  private void check(Settings before, Settings after) {
    List<String> problems = new ArrayList<>();
    for (BufferPlan plan : after.buffers()) {
      Optional<BufferPlan> was = named(before, plan.name());
      String path = "pagewheel.buffers." + plan.name();
      boolean there = buffers.find(plan.name()).isPresent();
      if (was.isEmpty() && there) {
        problems.add(
            after.place(path) + ": there is such a buffer already, made by hand: destroy it first");
      }
      if (there && was.isPresent() && was.get().config().cpus() != plan.config().cpus()) {
        problems.add(
            after.place(path + ".cpus")
                + ": a buffer has its CPUs for good: destroy it, or give the new one another name");
      }
      String backend = plan.config().backend();
      if (was.isEmpty() || !was.get().config().backend().equals(backend)) {
        require(environment.plugins().backends(), backend, "backend", after, path + ".backend")
            .ifPresent(problems::add);
      }
      for (ConsumerPlan consumer : plan.consumers()) {
        String key = path + ".consumers." + consumer.name() + ".type";
        boolean same = was.isPresent() && was.get().consumers().contains(consumer);
        if (!same) {
          require(environment.plugins().consumers(), consumer.type(), "consumer type", after, key)
              .ifPresent(problems::add);
        }
      }
    }
    PluginSettings said = new PluginSettings(after, environment.plugins());
    problems.addAll(said.unknown());
    problems.addAll(said.misspeltFallbacks());
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  private static Optional<String> require(
      Catalog<?> catalog, String name, String what, Settings settings, String key) {
    return catalog.find(name).isPresent()
        ? Optional.empty()
        : Optional.of(
            "%s: there is no %s %s, %s"
                .formatted(settings.place(key), what, name, Nearest.hint(name, catalog.names())));
  }
}
