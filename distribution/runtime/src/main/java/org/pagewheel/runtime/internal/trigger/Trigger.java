package org.pagewheel.runtime.internal.trigger;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.pagewheel.Buffer;
import org.pagewheel.analysis.LiveLatency;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.runtime.TriggerStatus;
import org.pagewheel.spi.Nearest;

/** A trigger at work: what it watches for, and how often it has fired. */
public final class Trigger {
  private final TriggerText text;
  private final String who;
  private final LongSupplier coolDown;
  private final AtomicLong fired = new AtomicLong();

  /** How often it would have, had it been allowed to. */
  private final AtomicLong missed = new AtomicLong();

  /** Not before this time, as {@link System#nanoTime} has it, does it fire again. */
  private final AtomicLong next = new AtomicLong(System.nanoTime());

  private volatile String problem;

  /** Observes latencies; null where nothing is asked of them. */
  private volatile LiveLatency observer;

  /** Whether its action has failed since it last worked. */
  private final AtomicBoolean isFailing = new AtomicBoolean();

  /**
   * Makes one that has not fired.
   *
   * @param text what it watches for
   * @param coolDown the least time between two firings without a count, in nanoseconds; recording
   *     is stopped and a stack written each time
   */
  public Trigger(TriggerText text, LongSupplier coolDown) {
    this.text = text;
    this.who = "trigger " + text.event();
    this.coolDown = coolDown;
  }

  /** What it watches for. */
  public TriggerText text() {
    return text;
  }

  /** What people read of who did it, such as {@code trigger shop:order}. */
  public String who() {
    return who;
  }

  /** Whether it fires once more; counts it. By writers: neither blocks nor allocates. */
  boolean fire() {
    if (text.count() < 0) {
      if (hasCoolDown() && !isCool()) {
        missed.getAndIncrement();
        return false;
      }
      fired.getAndIncrement();
      return true;
    }
    long so = fired.get();
    while (so < text.count()) {
      if (fired.compareAndSet(so, so + 1)) {
        return true;
      }
      so = fired.get();
    }
    missed.getAndIncrement();
    return false;
  }

  /** Those that write files or the log. */
  private boolean hasCoolDown() {
    return switch (text.action()) {
      case TRACEOFF, STACKTRACE -> false;
      case SNAPSHOT, KEEP, LOG -> true;
    };
  }

  /** One of the writers that come after the cool-down begins the next one. */
  private boolean isCool() {
    long before = next.get();
    long now = System.nanoTime();
    return now - before >= 0 && next.compareAndSet(before, now + coolDown.getAsLong());
  }

  /** Its action did not happen after all. */
  void takeBack() {
    fired.getAndDecrement();
    missed.getAndIncrement();
  }

  /** Fires, as often as it may. By whoever found the reason; neither blocks nor fails. */
  void fire(TriggerTable.Action action, TriggerTable.Reason reason) {
    if (fire() && !action.begin(this, reason)) {
      takeBack();
    }
  }

  /**
   * Begins to observe latencies, if it asks for them.
   *
   * @throws IllegalArgumentException if it cannot; it is idle then
   */
  public void observe(Buffer buffer, TriggerTable.Action action) {
    if (text.limit() != null) {
      String event = String.join(" ", text.events());
      observer =
          LiveLatency.watch(
              buffer,
              text.events(),
              text.by(),
              text.limit(),
              hit ->
                  fire(action, new TriggerTable.Reason(event, hit.begin(), hit.end(), hit.text())));
    }
  }

  /** A type is known now: says if latencies cannot be asked of it. By any thread. */
  public void known(EventFormat format, Consumer<String> problems) {
    try {
      LiveLatency.check(text.events(), text.by(), text.limit(), format);
    } catch (IllegalArgumentException e) {
      if (problem(e.getMessage())) {
        problems.accept("trigger at " + text.event() + ": " + e.getMessage());
      }
    }
  }

  /** Observes no more. */
  public void close() {
    LiveLatency current = observer;
    if (current != null) {
      current.close();
    }
  }

  /** Its filter does not fit a type; returns whether that is new. */
  public boolean problem(String line) {
    boolean isNew = !Objects.equals(problem, line);
    problem = line;
    return isNew;
  }

  /**
   * Its action failed; returns whether it worked before, or was not tried. What is wrong may be
   * said in other words each time: the name of a file has the time in it.
   */
  public boolean failed(String line) {
    problem = line;
    return !isFailing.getAndSet(true);
  }

  /** Its action worked. */
  public void worked() {
    problem = null;
    isFailing.set(false);
  }

  /** How it does. */
  public TriggerStatus status(String buffer) {
    long times = fired.get();
    return new TriggerStatus(
        buffer,
        text.event(),
        text.verb(),
        Optional.of(text.condition()).filter(condition -> !condition.isEmpty()),
        times,
        text.count() < 0 ? -1 : text.count() - times,
        missed.get(),
        Optional.ofNullable(observer).map(Trigger::observed),
        Optional.ofNullable(problem).or(this::unknown));
  }

  /** A type may come later; until then its name may as well be mistyped. */
  private Optional<String> unknown() {
    List<EventFormat> formats = Metadata.process().formats();
    List<String> names = formats.stream().map(each -> each.system() + ":" + each.name()).toList();
    return text.events().stream()
        .filter(event -> formats.stream().noneMatch(format -> isAbout(event, format)))
        .findFirst()
        .map(
            event ->
                "no event type %s is known yet%s"
                    .formatted(
                        event,
                        Nearest.to(event, names).map(", did you mean %s?"::formatted).orElse("")));
  }

  private boolean isAbout(String event, EventFormat format) {
    return text.limit() == null ? format.matches(event) : LiveLatency.isAbout(event, format);
  }

  private static String observed(LiveLatency latency) {
    LiveLatency.Line line = latency.line();
    return "%d met, %d open, %d unpaired, %s lost"
        .formatted(line.spans(), line.open(), line.unpaired(), line.missed());
  }
}
