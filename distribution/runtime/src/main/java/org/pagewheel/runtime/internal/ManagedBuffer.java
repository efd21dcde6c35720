package org.pagewheel.runtime.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.pagewheel.BufferConfig;
import org.pagewheel.runtime.BufferStatus;
import org.pagewheel.runtime.internal.config.BufferPlan;
import org.pagewheel.runtime.internal.config.Nearest;
import org.pagewheel.runtime.internal.pump.Pump;
import org.pagewheel.runtime.internal.ring.SwappableBuffer;
import org.pagewheel.spi.Backend;

/**
 * A buffer with what belongs to it: its plan, its pump, its consumers, and backends that come and
 * go.
 */
final class ManagedBuffer {
  private static final Duration TIDY = Duration.ofMillis(200);

  private final BufferPlan plan;
  private final Tools tools;
  private final SwappableBuffer buffer;
  private final Attachments attachments;

  /** Whether people know that it waits. */
  private volatile boolean told;

  ManagedBuffer(BufferPlan plan, Tools tools) {
    this.plan = plan;
    this.tools = tools;
    this.buffer = new SwappableBuffer(plan.config(), tools.opener, tools.reports::problem);
    Pump pump = new Pump(buffer, plan.flow(), tools.settings.stopTimeout(), tools.reports::problem);
    this.attachments = new Attachments(buffer, plan.flow().flush(), pump, tools);
    chooseEvents();
    if (!plan.on()) {
      buffer.off();
    }
  }

  private void chooseEvents() {
    if (plan.events().contains("*")) {
      return;
    }
    buffer.events().disable("*");
    plan.events().forEach(buffer.events()::enable);
  }

  SwappableBuffer buffer() {
    return buffer;
  }

  Attachments attachments() {
    return attachments;
  }

  BufferPlan plan() {
    return plan;
  }

  /** Makes the ring at once, or not at all. */
  void open() throws IOException {
    replace(plan.config());
  }

  /** Makes the ring as soon as its backend is there; and attaches the consumers of the plan. */
  void openWhenPossible() {
    String name = plan.config().backend();
    Optional<Backend> backend = tools.plugins.backends().find(name);
    if (backend.isPresent()) {
      tryReplace(plan.config(), backend.get());
    } else {
      waits("backend " + name + " is not there");
    }
    plan.consumers().forEach(attachments::attachWhenPossible);
  }

  /** Told if it is still so after a while. */
  private void waits(String why) {
    buffer.waiting(why);
    tools.later(
        Tools.GRACE,
        () -> {
          if (buffer.state() == BufferStatus.State.WAITING
              && buffer.problem().filter(why::equals).isPresent()) {
            told = true;
            tools.reports.problem(buffer + " waits: " + why);
          }
        });
  }

  private boolean tryReplace(BufferConfig config, Backend backend) {
    try {
      replace(config, backend);
      return true;
    } catch (IOException | IllegalArgumentException e) {
      waits(e.getMessage());
      return false;
    }
  }

  void replace(BufferConfig config) throws IOException {
    Backend backend =
        tools
            .plugins
            .backends()
            .find(config.backend())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no backend %s: %s"
                            .formatted(
                                config.backend(),
                                Nearest.hint(config.backend(), tools.plugins.backends().names()))));
    replace(config, backend);
  }

  private void replace(BufferConfig config, Backend backend) throws IOException {
    buffer.replace(config, backend, tools.settings.drainTimeout());
    tidyLater();
  }

  private void tidyLater() {
    if (buffer.tidy()) {
      tools.later(TIDY, this::tidyLater);
    }
  }

  /** A backend is there: a buffer that waits for it gets its ring. */
  void added(Backend backend) {
    String name = tools.plugins.backends().nameOf(backend).orElse("");
    if (buffer.state() == BufferStatus.State.WAITING
        && buffer.config().backend().equals(name)
        && tryReplace(buffer.config(), backend)
        && told) {
      told = false;
      tools.reports.news(buffer + ": backend " + name + " is there");
    }
  }

  /** A backend goes: when this returns, nothing of it is used any more. */
  void removed(Backend backend) {
    if (buffer.backend().orElse(null) == backend) {
      String why = "backend " + buffer.config().backend() + " has gone";
      if (!goesOn(why)) {
        buffer.withdraw(why);
        waits(why);
      }
    }
    buffer.letGo(backend, tools.settings.drainTimeout());
    tidyLater();
  }

  /** With another backend of the same name, such as another version, or with the fallback. */
  private boolean goesOn(String why) {
    BufferConfig now = buffer.config();
    return moves(why, now)
        || plan.fallback()
            .filter(other -> !other.equals(now.backend()))
            .filter(other -> moves(why, now.withBackend(other, Map.of())))
            .isPresent();
  }

  private boolean moves(String why, BufferConfig to) {
    Optional<Backend> other = tools.plugins.backends().find(to.backend());
    if (other.isEmpty()) {
      return false;
    }
    try {
      buffer.moveTo(to, other.get());
      tools.reports.news(buffer + ": " + why + ", " + to.backend() + " is in");
      return true;
    } catch (IOException | IllegalArgumentException e) {
      tools.reports.problem(buffer + ": " + why + ", and " + e.getMessage());
      return false;
    }
  }

  BufferStatus status() {
    return new BufferStatus(
        buffer.name(), buffer.config().backend(), buffer.state(), buffer.problem(), buffer.rings());
  }
}
