package org.pagewheel.runtime.internal.buffer;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.pagewheel.BufferConfig;
import org.pagewheel.runtime.BufferStatus;
import org.pagewheel.runtime.internal.config.BufferPlan;
import org.pagewheel.runtime.internal.config.ConsumerPlan;
import org.pagewheel.runtime.internal.plugin.Environment;
import org.pagewheel.runtime.internal.plugin.PluginSettings;
import org.pagewheel.runtime.internal.pump.Pump;
import org.pagewheel.runtime.internal.ring.RingOpener;
import org.pagewheel.runtime.internal.ring.SwappableBuffer;
import org.pagewheel.runtime.internal.save.KeptTraces;
import org.pagewheel.runtime.internal.save.TriggeredSnapshots;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.CpuList;
import org.pagewheel.spi.Nearest;
import org.pagewheel.spi.Reason;

/**
 * A buffer with what belongs to it: its plan, its pump, its consumers, and backends that come and
 * go.
 */
final class ManagedBuffer {
  private static final Duration TIDY = Duration.ofMillis(200);

  /** How long a replaced ring is kept for readers that do not come, and the longest pause. */
  private static final Duration IDLE = Duration.ofMinutes(1);

  /** When a ring that could not be made is tried again. */
  private static final Duration RETRY = Duration.ofSeconds(2);

  /** As the configuration wants it; changed by a reload. */
  private volatile BufferPlan plan;

  private final Environment environment;
  private final SwappableBuffer buffer;
  private final Pump pump;
  private final Attachments attachments;
  private final BufferTriggers triggers;

  /** What it was last reported to wait for; null if nothing was reported. */
  private volatile String told;

  /** Held while its backend changes and the new one is chosen: guards {@link #home}. */
  private final ReentrantLock moving = new ReentrantLock();

  /** The backend to return to when that is back; null unless its backend has gone. */
  private Home home;

  /** The backend that was asked for, and its settings. */
  private record Home(String backend, Map<String, String> settings) {}

  ManagedBuffer(
      BufferPlan plan,
      Environment environment,
      RingOpener opener,
      TriggeredSnapshots triggered,
      KeptTraces kept) {
    this.plan = plan;
    this.environment = environment;
    this.buffer = new SwappableBuffer(plan.config(), opener, environment.reports()::problem);
    this.pump =
        new Pump(
            buffer,
            plan.flow(),
            () -> environment.settings().stopTimeout(),
            environment.reports()::problem);
    this.triggers = new BufferTriggers(buffer, environment, triggered, kept);
    this.attachments = new Attachments(buffer, plan.flow().flush(), pump, environment);
    buffer.replacing().clearing(this::clear);
    buffer.events().only(plan.events());
    triggers.change(List.of(), plan.triggers());
    buffer.recordOn(plan.recorded());
    if (!plan.on()) {
      buffer.off("the configuration");
    }
  }

  SwappableBuffer buffer() {
    return buffer;
  }

  Attachments attachments() {
    return attachments;
  }

  BufferTriggers triggers() {
    return triggers;
  }

  BufferPlan plan() {
    return plan;
  }

  /** Attaches the consumers of the plan at once, or not at all. */
  void attachAll() throws IOException {
    for (ConsumerPlan consumer : plan.consumers()) {
      attachments.attach(consumer);
    }
  }

  /**
   * Applies the new configuration. What the configuration did not change stays as it is, whatever
   * that is. After an exception {@link #plan} is what has been applied.
   *
   * @param after the new plan
   * @return a line for each change
   */
  List<String> change(BufferPlan after) throws IOException {
    List<String> said = new ArrayList<>();
    BufferPlan before = plan;
    BufferConfig wanted = Changes.apply(before.config(), after.config(), buffer.config());
    boolean onAll = after.recorded().cardinality() == wanted.cpus();
    if (onAll) { // first, for the new backend may be unable to choose
      changeRecorded(before, after, said);
    }
    if (!Changes.isSame(wanted, buffer.config())) {
      replace(wanted);
      said.add(
          "%s: backend %s, mode %s, %d pages of %d bytes, clock %s"
              .formatted(
                  buffer,
                  wanted.backend(),
                  wanted.mode().name().toLowerCase(Locale.ROOT),
                  wanted.pages(),
                  wanted.pageSize(),
                  wanted.clock().name()));
    }
    plan = plan.withConfig(after.config());
    if (!onAll) { // last, for the old one may be unable to choose
      changeRecorded(before, after, said);
    }
    changeConsumers(after, said);
    changeRest(before, after, said);
    plan = after;
    return said;
  }

  private void changeConsumers(BufferPlan after, List<String> said) throws IOException {
    for (ConsumerPlan old : plan.consumers()) {
      if (Changes.named(after.consumers(), old.name()).isEmpty()) {
        if (attachments.has(old.name())) {
          attachments.detach(old.name());
          said.add(buffer + ": consumer " + old.name() + " detached");
        }
        plan = plan.withConsumers(Changes.without(plan.consumers(), old.name()));
      }
    }
    for (ConsumerPlan consumer : after.consumers()) {
      Optional<ConsumerPlan> old = Changes.named(plan.consumers(), consumer.name());
      if (old.isEmpty() || !old.get().equals(consumer)) {
        boolean there = old.isPresent() && attachments.has(consumer.name());
        if (there) {
          attachments.exchange(consumer);
        } else {
          attachments.attach(consumer);
        }
        said.add(
            "%s: consumer %s %s"
                .formatted(buffer, consumer.name(), there ? "changed" : "attached"));
        plan = plan.withConsumers(Changes.with(plan.consumers(), consumer));
      }
    }
  }

  /** A backend that cannot choose refuses everything but all CPUs. */
  private void changeRecorded(BufferPlan before, BufferPlan after, List<String> said) {
    if (!before.recorded().equals(after.recorded())) {
      buffer.recordOn(after.recorded());
      plan = plan.withRecorded(after.recorded());
      said.add(buffer + ": records on CPUs " + CpuList.text(after.recorded()));
    }
  }

  /** What cannot fail. */
  private void changeRest(BufferPlan before, BufferPlan after, List<String> said) {
    if (!before.events().equals(after.events())) {
      buffer.events().only(after.events());
      said.add(buffer + ": events " + String.join(", ", after.events()));
    }
    if (!before.triggers().equals(after.triggers())) {
      triggers.change(before.triggers(), after.triggers());
      said.add(buffer + ": triggers changed");
    }
    if (before.on() != after.on()) {
      if (after.on()) {
        buffer.on();
      } else {
        buffer.off("the configuration");
      }
      said.add(buffer + (after.on() ? ": on" : ": off"));
    }
    if (!before.flow().equals(after.flow())) {
      pump.flow(after.flow());
      attachments.flush(after.flow().flush());
      said.add(buffer + ": watermark and flush changed");
    }
    if (!before.fallback().equals(after.fallback())) {
      said.add(buffer + ": fallback " + after.fallback().orElse("none"));
    }
  }

  /** Makes the ring at once, or not at all. */
  void open() throws IOException {
    replace(plan.config());
  }

  /**
   * Makes the ring as soon as its backend is available, and attaches the consumers of the plan.
   *
   * @param required whether the start fails without it and says why
   */
  void openWhenPossible(boolean required) {
    String name = plan.config().backend();
    Optional<Backend> backend = environment.plugins().backends().find(name);
    if (required) {
      openRequired(name, backend);
    } else if (backend.isPresent()) {
      tryReplace(plan.config(), backend.get());
    } else if (Nearest.to(name, environment.plugins().backends().names()).isPresent()) {
      waitsForGood(noBackend(name)); // more likely a misspelt name than a late bundle
    } else {
      waits("backend " + name + " is not available");
    }
    plan.consumers().forEach(attachments::attachWhenPossible);
  }

  private void openRequired(String name, Optional<Backend> backend) {
    try {
      replace(
          plan.config(), backend.orElseThrow(() -> new IllegalArgumentException(noBackend(name))));
    } catch (IOException | IllegalArgumentException e) {
      buffer.waiting(Reason.of(e));
    }
  }

  /** Why it has no ring, if it has none. */
  Optional<String> waitsFor() {
    return buffer.state() == BufferStatus.State.WAITING ? buffer.problem() : Optional.empty();
  }

  /** Bundles come in any order: reported if this is still so after a while. */
  private void waits(String why) {
    buffer.waiting(why);
    environment.later(
        Environment.GRACE,
        () -> {
          if (waitsFor().filter(why::equals).isPresent()) {
            tell(why);
          }
        });
  }

  /** Reported at once; tried again only if the configuration wants to wait. */
  private void waitsForGood(String why) {
    buffer.waiting(why);
    tell(why);
    if (plan.waits()) {
      environment.later(RETRY, () -> environment.soon(this::tryAgain));
    }
  }

  private void tell(String why) {
    if (!why.equals(told)) {
      told = why;
      String who = buffer + ": ";
      String what = why.startsWith(who) ? why.substring(who.length()) : why;
      environment.reports().problem(buffer + " waits: " + what);
    }
  }

  private void tryAgain() {
    environment.plugins().backends().find(buffer.config().backend()).ifPresent(this::added);
  }

  private boolean tryReplace(BufferConfig config, Backend backend) {
    try {
      replace(config, backend);
      return true;
    } catch (IOException | IllegalArgumentException e) {
      waitsForGood(Reason.of(e));
      return false;
    }
  }

  /**
   * The present state is wanted: a swap to another backend means that the old one is not wanted
   * back.
   */
  void replace(BufferConfig config) throws IOException {
    moving.lock();
    try {
      BufferConfig before = buffer.config();
      replace(config, find(config));
      boolean other =
          !before.backend().equals(config.backend())
              || !before.settings().equals(config.settings());
      if (other || Changes.isSame(before, config)) {
        home = null;
      }
    } finally {
      moving.unlock();
    }
  }

  private Backend find(BufferConfig config) {
    return environment
        .plugins()
        .backends()
        .find(config.backend())
        .orElseThrow(() -> new IllegalArgumentException(noBackend(config.backend())));
  }

  private String noBackend(String name) {
    return "there is no backend %s: %s"
        .formatted(name, Nearest.hint(name, environment.plugins().backends().names()));
  }

  private void replace(BufferConfig config, Backend backend) throws IOException {
    PluginSettings.check(
        environment.pluginSettings().unknown(buffer.name(), config.backend(), config.settings()));
    try {
      buffer.replacing().replace(config, backend, environment.settings().drainTimeout());
    } catch (IllegalArgumentException wrong) {
      String path = "pagewheel.buffers.%s.settings.".formatted(buffer.name());
      throw new IllegalArgumentException(
          environment.settings().located(path, config.settings(), wrong.getMessage()), wrong);
    }
    attachments.lent().ringIsNew(buffer.replacing().newest());
    tidyLater();
  }

  /** With a ring of its backend at that moment. */
  private void clear() throws IOException {
    moving.lock();
    try {
      buffer.replacing().clearNow();
      attachments.lent().ringIsNew(buffer.replacing().newest());
    } finally {
      moving.unlock();
      environment.later(TIDY, this::tidyLater); // after an error there is the most to do
    }
  }

  private void tidyLater() {
    tidyLater(TIDY);
  }

  /** Less and less often, for the buffer may be idle. An error leaves the rest to the next run. */
  private void tidyLater(Duration pause) {
    boolean more = true;
    try {
      more = buffer.tidy();
      if (more) {
        buffer.replacing().letGoOfIdle(IDLE);
      }
    } finally {
      if (more) {
        Duration next = pause.multipliedBy(2);
        environment.later(pause, () -> tidyLater(next.compareTo(IDLE) < 0 ? next : IDLE));
      }
    }
  }

  /** A backend has come: the buffers that want it get their rings. */
  void added(Backend backend) {
    moving.lock();
    try {
      String name = buffer.config().backend();
      if (!goesHome()
          && buffer.state() == BufferStatus.State.WAITING
          && environment.plugins().backends().means(name, backend)
          && tryReplace(buffer.config(), backend)
          && told != null) {
        told = null;
        environment.reports().news(buffer + ": backend " + name + " is available");
      }
    } finally {
      moving.unlock();
    }
  }

  /**
   * Goes back to the backend that went away, if that is available and the buffer has another's
   * ring. If readers leave no room for one more ring, tries again later.
   *
   * @return whether it has, or will
   */
  private boolean goesHome() {
    Optional<Backend> back =
        Optional.ofNullable(home)
            .flatMap(to -> environment.plugins().backends().find(to.backend()));
    if (back.isEmpty() || buffer.isClosed() || buffer.backend().equals(back)) {
      return false;
    }
    String news = "backend " + home.backend() + " is back";
    try {
      replace(buffer.config().withBackend(home.backend(), home.settings()), back.get());
      home = null;
      told = null;
      environment.reports().news(buffer + ": " + news);
    } catch (IOException e) {
      environment.reports().problem(buffer + ": " + news + ", but not in yet: " + Reason.of(e));
      environment.later(Environment.GRACE, () -> environment.soon(this::goesHomeLater));
    } catch (IllegalArgumentException e) {
      environment.reports().problem(buffer + ": " + news + ", but not in: " + Reason.of(e));
      return false;
    }
    return true;
  }

  private void goesHomeLater() {
    moving.lock();
    try {
      goesHome();
    } finally {
      moving.unlock();
    }
  }

  /** A backend goes: when this returns, nothing of it is used any more. */
  void removed(Backend backend) {
    moving.lock();
    try {
      if (buffer.backend().orElse(null) == backend) {
        leave();
      }
    } finally {
      moving.unlock();
    }
    buffer.replacing().letGo(backend, environment.settings().drainTimeout());
    tidyLater();
  }

  private void leave() {
    BufferConfig before = buffer.config();
    String why = "backend " + before.backend() + " has gone";
    if (home == null) { // or the fallback of a buffer that is not at home has gone too
      home = new Home(before.backend(), before.settings());
    }
    if (!goesOn(why)) {
      buffer.replacing().withdraw(why);
      waits(why);
    }
  }

  /**
   * Continues with another backend of the same name, such as another version, or with the fallback.
   */
  private boolean goesOn(String why) {
    BufferConfig now = buffer.config();
    return moves(why, now)
        || plan.fallback()
            .filter(other -> !other.equals(now.backend()))
            .filter(other -> moves(why, now.withBackend(other, Map.of())))
            .isPresent();
  }

  private boolean moves(String why, BufferConfig to) {
    Optional<Backend> other = environment.plugins().backends().find(to.backend());
    if (other.isEmpty()) {
      return false;
    }
    try {
      buffer.replacing().moveTo(to, other.get());
      attachments.lent().ringIsNew(buffer.replacing().newest());
      environment.reports().news(buffer + ": " + why + ", " + to.backend() + " is in");
      return true;
    } catch (IOException | IllegalArgumentException e) {
      environment.reports().problem(buffer + ": " + why + ", and " + Reason.of(e));
      return false;
    }
  }

  BufferStatus status() {
    return new BufferStatus(
        buffer.name(),
        buffer.config().backend(),
        buffer.state(),
        buffer.problem().or(attachments.lent()::problem),
        buffer.rings());
  }
}
