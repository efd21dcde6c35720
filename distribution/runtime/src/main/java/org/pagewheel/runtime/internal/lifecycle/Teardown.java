package org.pagewheel.runtime.internal.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import org.pagewheel.spi.Reason;

/** What to undo when everything stops, in reverse order; one failure does not stop the rest. */
public final class Teardown {
  private final Deque<Runnable> steps = new ArrayDeque<>();
  private final Reports reports;
  private boolean done;

  public Teardown(Reports reports) {
    this.reports = reports;
  }

  /**
   * Remembers how to undo what has just been done; undoes it at once if everything is undone
   * already.
   */
  public void push(Runnable step) {
    synchronized (this) {
      if (!done) {
        steps.push(step);
        return;
      }
    }
    run(step);
  }

  /** Undoes everything, once. */
  public void all() {
    while (true) {
      Runnable step;
      synchronized (this) {
        done = true;
        step = steps.poll();
      }
      if (step == null) {
        return;
      }
      run(step);
    }
  }

  private void run(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      reports.problem("while stopping: " + Reason.of(e));
      Reports.stack("while stopping", e);
    }
  }
}
