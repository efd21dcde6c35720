package org.pagewheel.runtime.internal.trigger;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.pagewheel.runtime.TriggerStatus;

/** A trigger at work: what it watches for, and how often it has fired. */
public final class Trigger {
  private final TriggerText text;
  private final String who;
  private final LongSupplier coolDown;
  private final AtomicLong fired = new AtomicLong();

  /** Not before this time, as {@link System#nanoTime} has it, does it fire again. */
  private final AtomicLong next = new AtomicLong(System.nanoTime());

  private volatile String problem;

  /** Whether its action has failed since it last worked. */
  private final AtomicBoolean isFailing = new AtomicBoolean();

  /**
   * Makes one that has not fired.
   *
   * @param text what it watches for
   * @param coolDown the least time between two snapshots without a count, in nanoseconds
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
      if (text.action() == TriggerText.Action.SNAPSHOT && !isCool()) {
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
    return false;
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
  }

  /** Its filter does not fit a type; returns whether that is new. */
  boolean problem(String line) {
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
        Optional.ofNullable(problem));
  }
}
