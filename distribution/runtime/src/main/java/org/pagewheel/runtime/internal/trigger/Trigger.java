package org.pagewheel.runtime.internal.trigger;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.pagewheel.runtime.TriggerStatus;

/** A trigger at work: what it watches for, and how often it has fired. */
public final class Trigger {
  private final TriggerText text;
  private final AtomicLong fired = new AtomicLong();
  private final AtomicBoolean wanted = new AtomicBoolean();
  private volatile String problem;

  /**
   * Makes one that has not fired.
   *
   * @param text what it watches for
   */
  public Trigger(TriggerText text) {
    this.text = text;
  }

  /** What it watches for. */
  public TriggerText text() {
    return text;
  }

  /** Whether it fires once more; counts it. By writers: neither blocks nor allocates. */
  boolean fire() {
    if (text.count() < 0) {
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

  /** Whether its action is to be begun on another thread: false if it is to be already. */
  public boolean begin() {
    return wanted.compareAndSet(false, true);
  }

  /** Its action begins on another thread. */
  public void begun() {
    wanted.set(false);
  }

  /** Says what is wrong, or null for nothing any more. */
  public void problem(String line) {
    problem = line;
  }

  /** How it does. */
  public TriggerStatus status(String buffer) {
    long times = fired.get();
    return new TriggerStatus(
        buffer,
        text.event(),
        text.verb(),
        text.condition(),
        times,
        text.count() < 0 ? -1 : text.count() - times,
        Optional.ofNullable(problem));
  }
}
