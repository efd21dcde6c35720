package org.pagewheel.tck.injection;

import java.util.ArrayList;
import java.util.List;

/** What transformed code calls before each call and each allocation. */
public final class FaultPoints {
  /** Where the points are. */
  private static final List<String> SITES = new ArrayList<>();

  private FaultPoints() {}

  /**
   * A thread that runs scenarios; there may be several. It holds its own plan, for a point must
   * cost little: transformed code is mostly interpreted, and a thread-local variable doubles its
   * time.
   */
  static final class Runner extends Thread {
    /** What is done at a point; null for nothing. */
    private Plan plan;

    Runner(Runnable task) {
      super(task, "injection");
    }
  }

  /** One thread's passage through the points. */
  abstract static class Plan {
    /** Passes a point, or throws there. */
    abstract void pass(int site);
  }

  static synchronized int add(String site) {
    SITES.add(site);
    return SITES.size() - 1;
  }

  static synchronized String site(int number) {
    return SITES.get(number);
  }

  /** Arms the calling thread, a {@link Runner}, or with null disarms it. */
  static void arm(Plan next) {
    ((Runner) Thread.currentThread()).plan = next;
  }

  /**
   * For transformed code alone.
   *
   * @param site the number of the point
   */
  public static void hit(int site) {
    if (Thread.currentThread() instanceof Runner runner && runner.plan != null) {
      runner.plan.pass(site);
    }
  }
}
