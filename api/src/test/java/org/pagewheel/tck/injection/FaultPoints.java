package org.pagewheel.tck.injection;

import java.util.ArrayList;
import java.util.List;

/** What transformed code calls before each call and each allocation. */
public final class FaultPoints {
  /** Where the points are. */
  private static final List<String> SITES = new ArrayList<>();

  /** What is done at a point; null for nothing. */
  private static volatile Plan plan;

  private FaultPoints() {}

  /** One thread's passage through the points. */
  abstract static class Plan {
    private final Thread thread = Thread.currentThread();

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

  /** Arms the calling thread, or with null nobody. */
  static void arm(Plan next) {
    plan = next;
  }

  /**
   * For transformed code alone.
   *
   * @param site the number of the point
   */
  public static void hit(int site) {
    Plan armed = plan;
    if (armed != null && armed.thread == Thread.currentThread()) {
      armed.pass(site);
    }
  }
}
