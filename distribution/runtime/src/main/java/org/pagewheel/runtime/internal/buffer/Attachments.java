package org.pagewheel.runtime.internal.buffer;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.pagewheel.Buffer;
import org.pagewheel.analysis.LiveLatency;
import org.pagewheel.event.Metadata;
import org.pagewheel.runtime.ConsumerStatus;
import org.pagewheel.runtime.internal.config.ConsumerPlan;
import org.pagewheel.runtime.internal.config.Units;
import org.pagewheel.runtime.internal.lifecycle.Reports;
import org.pagewheel.runtime.internal.lifecycle.Threads;
import org.pagewheel.runtime.internal.plugin.Environment;
import org.pagewheel.runtime.internal.plugin.PluginSettings;
import org.pagewheel.runtime.internal.pump.LentPages;
import org.pagewheel.runtime.internal.pump.Outlet;
import org.pagewheel.runtime.internal.pump.Pump;
import org.pagewheel.runtime.internal.pump.Trouble;
import org.pagewheel.runtime.internal.ring.SwappableBuffer;
import org.pagewheel.spi.ConsumerAccount;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.Nearest;
import org.pagewheel.spi.ObservedLatency;
import org.pagewheel.spi.PageConsumer;
import org.pagewheel.spi.Reason;

/**
 * The consumers of one buffer: the running ones, and those that wait for their type. A consumer
 * whose type goes away finishes, and begins anew when the type is back.
 */
final class Attachments {
  /** One consumer; its fields are written with the lock of the Attachments held. */
  private static final class Attachment {
    final ConsumerPlan plan;
    final Trouble trouble;
    volatile ConsumerFactory factory;
    volatile Outlet outlet;
    volatile String waiting;

    Attachment(ConsumerPlan plan, Trouble trouble) {
      this.plan = plan;
      this.trouble = trouble;
    }
  }

  private record Context(
      String name,
      Buffer buffer,
      Metadata metadata,
      Map<String, String> settings,
      Supplier<List<ConsumerAccount>> accounts,
      Trouble trouble)
      implements ConsumerContext {
    /** Of several observers of one question the first: a monitor knows them by their words. */
    @Override
    public List<ObservedLatency> latencies() {
      Map<String, ObservedLatency> byQuestion = new LinkedHashMap<>();
      for (LiveLatency each : LiveLatency.on(buffer)) {
        if (each.isNanos()) {
          ObservedLatency found = each.spread();
          byQuestion.putIfAbsent(found.question(), found);
        }
      }
      return List.copyOf(byQuestion.values());
    }

    @Override
    public List<ConsumerAccount> consumers() {
      return accounts.get();
    }

    @Override
    public void report(String problem) {
      trouble.report(problem);
    }

    @Override
    public void lost(long events) {
      trouble.lost(events);
    }
  }

  private final SwappableBuffer buffer;
  private volatile Duration flush;
  private final Pump pump;
  private final Environment environment;
  private final LentPages lent;

  /** Changed with this object's lock held, which may take a while; read at any time. */
  private final Map<String, Attachment> attached =
      Collections.synchronizedMap(new LinkedHashMap<>());

  private boolean closed;

  Attachments(SwappableBuffer buffer, Duration flush, Pump pump, Environment environment) {
    this.buffer = buffer;
    this.flush = flush;
    this.pump = pump;
    this.environment = environment;
    this.lent = new LentPages(buffer.readers().cpus());
  }

  /** The pages that its consumers hold. */
  LentPages lent() {
    return lent;
  }

  /** Attaches at once, or not at all. */
  synchronized void attach(ConsumerPlan plan) throws IOException {
    Attachment attachment = add(plan);
    try {
      ConsumerFactory factory =
          environment
              .plugins()
              .consumers()
              .find(plan.type())
              .orElseThrow(() -> new IllegalArgumentException(noType(plan)));
      open(attachment, factory);
    } catch (Throwable e) {
      attached.remove(plan.name());
      throw e;
    }
  }

  /** Attaches as soon as possible. */
  synchronized void attachWhenPossible(ConsumerPlan plan) {
    Attachment attachment = add(plan);
    Optional<ConsumerFactory> factory = environment.plugins().consumers().find(plan.type());
    if (factory.isPresent()) {
      tryOpen(attachment, factory.get());
    } else {
      String why = noType(plan);
      if (Nearest.to(plan.type(), environment.plugins().consumers().names()).isPresent()) {
        attachment.waiting = why;
        tellWaits(attachment, why); // more likely a misspelt name than a late bundle
      } else {
        waits(attachment, why);
      }
    }
  }

  private Attachment add(ConsumerPlan plan) {
    if (closed) {
      throw new IllegalArgumentException(buffer + " is closed");
    }
    if (attached.containsKey(plan.name())) {
      throw new IllegalArgumentException(
          buffer + " has a consumer " + plan.name() + " already: choose another name");
    }
    String who = buffer + ", consumer " + plan.name();
    Attachment attachment = new Attachment(plan, new Trouble(who, environment.reports()::problem));
    attached.put(plan.name(), attachment);
    return attachment;
  }

  private String noType(ConsumerPlan plan) {
    return "there is no consumer of type %s: %s"
        .formatted(
            plan.type(), Nearest.hint(plan.type(), environment.plugins().consumers().names()));
  }

  /** Reported if it is still so after a while. */
  private void waits(Attachment attachment, String why) {
    attachment.waiting = why;
    environment.later(
        Environment.GRACE,
        () -> {
          if (isWaiting(attachment, why)) {
            tellWaits(attachment, why);
          }
        });
  }

  private void tellWaits(Attachment attachment, String why) {
    String who = buffer + ", consumer " + attachment.plan.name();
    environment.reports().problem(who + " waits: " + why);
  }

  private synchronized boolean isWaiting(Attachment attachment, String why) {
    return !closed && attached.containsValue(attachment) && why.equals(attachment.waiting);
  }

  private void tryOpen(Attachment attachment, ConsumerFactory factory) {
    try {
      open(attachment, factory);
    } catch (IOException | RuntimeException e) {
      cannotOpen(attachment, Reason.of(e));
    } catch (Error e) {
      String who = buffer + ", consumer " + attachment.plan.name();
      cannotOpen(attachment, who + " cannot start: " + Reason.of(e));
      Reports.stack(who, e);
    }
  }

  /** Tried with every type that is available or comes: reported once. */
  private void cannotOpen(Attachment attachment, String why) {
    if (!why.equals(attachment.waiting)) {
      attachment.waiting = why;
      environment.reports().problem(why);
    }
  }

  private void open(Attachment attachment, ConsumerFactory factory) throws IOException {
    ConsumerPlan plan = attachment.plan;
    PluginSettings.check(environment.pluginSettings().unknown(buffer.name(), plan));
    Context context =
        new Context(
            plan.name(),
            buffer,
            Metadata.process(),
            plan.settings(),
            this::accounts,
            attachment.trouble);
    PageConsumer consumer = make(factory, context, plan);
    Outlet outlet = null;
    try {
      outlet = new Outlet(buffer.name(), lent, plan, flush, consumer, attachment.trouble);
      pump.attach(outlet);
    } catch (Throwable e) {
      if (outlet == null) {
        discard(consumer);
      } else {
        outlet.stop(environment.settings().stopTimeout());
      }
      throw e;
    }
    attachment.factory = factory;
    attachment.outlet = outlet;
    attachment.waiting = null;
  }

  private PageConsumer make(ConsumerFactory factory, Context context, ConsumerPlan plan)
      throws IOException {
    String who = "%s: consumer %s of type %s".formatted(buffer, plan.name(), plan.type());
    try {
      PageConsumer made =
          Threads.call(
              "pagewheel-" + buffer.name() + "-" + plan.name() + "-open",
              environment.settings().openTimeout(),
              () -> factory.open(context),
              Attachments::discard);
      if (made == null) {
        throw new IOException(who + " is null");
      }
      return made;
    } catch (TimeoutException e) {
      String time = Units.time(environment.settings().openTimeout());
      throw new IOException(who + " has not started within " + time, e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IllegalArgumentException wrong ->
            throw new IllegalArgumentException(
                environment
                    .settings()
                    .located(
                        "pagewheel.buffers.%s.consumers.%s.".formatted(buffer.name(), plan.name()),
                        plan.settings(),
                        who + ": " + wrong.getMessage()),
                wrong);
        case IOException failed -> throw new IOException(who + ": " + Reason.of(failed), failed);
        case Throwable other -> {
          Reports.stack(who, other);
          throw new IOException(who + " cannot start: " + Reason.of(other), other);
        }
      }
    }
  }

  private static void discard(PageConsumer late) {
    try {
      late.close();
    } catch (Throwable thrown) {
      // it is no longer waited for
    }
  }

  /** Whether there is one with this name. */
  boolean has(String name) {
    return attached.containsKey(name);
  }

  /** How often consumers are flushed from now on. */
  void flush(Duration interval) {
    flush = interval;
    pump.outlets().forEach(outlet -> outlet.flush(interval));
  }

  /**
   * Replaces a consumer by another with the same name, at once or not at all. Nothing is taken from
   * the ring meanwhile: new events wait there for the new consumer.
   */
  synchronized void exchange(ConsumerPlan plan) throws IOException {
    if (!has(plan.name())) {
      attach(plan); // it has just been detached
      return;
    }
    ConsumerPlan before = attached.get(plan.name()).plan;
    Runnable goOn = pump.outlets().size() > 1 ? pump.pause() : () -> {};
    try {
      detach(plan.name());
      try {
        attach(plan);
      } catch (Throwable e) {
        attachWhenPossible(before);
        throw e;
      }
    } finally {
      goOn.run();
    }
  }

  /** Removes one; it finishes first. */
  synchronized void detach(String name) {
    Attachment attachment = attached.get(name);
    if (attachment == null) {
      throw new IllegalArgumentException(
          "%s has no consumer %s: %s"
              .formatted(buffer, name, Nearest.hint(name, attached.keySet())));
    }
    close(attachment);
    attached.remove(name);
  }

  private void close(Attachment attachment) {
    if (attachment.outlet != null) {
      pump.detach(attachment.outlet);
      attachment.outlet = null;
      attachment.factory = null;
    }
  }

  /** Called when a type has come. */
  synchronized void added(ConsumerFactory factory) {
    String type = environment.plugins().consumers().nameOf(factory).orElse("");
    for (Attachment attachment : attached.values()) {
      if (!closed && attachment.outlet == null && attachment.plan.type().equals(type)) {
        tryOpen(attachment, factory);
      }
    }
  }

  /** Called when a type goes: when this returns, nothing of it is used any more. */
  synchronized void removed(ConsumerFactory factory) {
    for (Attachment attachment : attached.values()) {
      if (attachment.factory == factory) {
        close(attachment);
        waits(attachment, "its type " + attachment.plan.type() + " has gone");
      }
    }
  }

  /** Called when the buffer is closed and its pump has ended the consumers. */
  synchronized void closed() {
    closed = true;
    attached.clear();
  }

  /** For consumers that watch the others. */
  private List<ConsumerAccount> accounts() {
    List<ConsumerAccount> accounts = new ArrayList<>();
    for (Attachment a : snapshot()) {
      Outlet outlet = a.outlet;
      accounts.add(
          ConsumerAccount.builder(a.plan.name(), a.plan.type())
              .settings(a.plan.settings())
              .pages(outlet == null ? 0 : outlet.pages())
              .missed(outlet == null ? 0 : outlet.missed())
              .queued(outlet == null ? 0 : outlet.queued())
              .capacity(a.plan.queue())
              .held(outlet == null ? 0 : outlet.held())
              .isStuck(outlet != null && outlet.state() == ConsumerStatus.State.STUCK)
              .problem(
                  Optional.ofNullable(a.waiting)
                      .or(() -> outlet == null ? Optional.empty() : outlet.problem()))
              .build());
    }
    return accounts;
  }

  private List<Attachment> snapshot() {
    synchronized (attached) {
      return List.copyOf(attached.values());
    }
  }

  /** Never waits, whatever consumers do. */
  List<ConsumerStatus> list() {
    List<ConsumerStatus> list = new ArrayList<>();
    for (Attachment a : snapshot()) {
      ConsumerPlan plan = a.plan;
      Outlet outlet = a.outlet;
      list.add(
          outlet == null
              ? new ConsumerStatus(
                  buffer.name(),
                  plan.name(),
                  plan.type(),
                  ConsumerStatus.State.WAITING,
                  Optional.ofNullable(a.waiting),
                  0,
                  0,
                  0,
                  0)
              : new ConsumerStatus(
                  buffer.name(),
                  plan.name(),
                  plan.type(),
                  outlet.state(),
                  outlet.problem(),
                  outlet.pages(),
                  outlet.missed(),
                  outlet.queued(),
                  outlet.held()));
    }
    return list;
  }
}
