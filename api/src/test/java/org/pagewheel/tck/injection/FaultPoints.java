package org.pagewheel.tck.injection;

import java.util.ArrayList;
import java.util.List;

/** What transformed code calls before each call and each allocation. */
public final class FaultPoints {
  /** Where the points are. */
  private static final List<String> SITES = new ArrayList<>();

  /** What the thread does at a point; null for nothing. Scenarios may run on several threads. */
  private static final ThreadLocal<Plan> PLAN = new ThreadLocal<>();

  private FaultPoints() {}

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

  /** Arms the calling thread, or with null disarms it. */
  static void arm(Plan next) {
    PLAN.set(next);
  }

  /**
   * For transformed code alone.
   *
   * @param site the number of the point
   */
  public static void hit(int site) {
    Plan armed = PLAN.get();
    if (armed != null) {
      armed.pass(site);
    }
  }
}
