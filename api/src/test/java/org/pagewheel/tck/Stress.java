package org.pagewheel.tck;

/** How long stress tests run: a given time, times {@code -Dtck.seconds} over 1. */
final class Stress {
  private Stress() {}

  static long millis(long usual) {
    return Math.round(usual * Double.parseDouble(System.getProperty("tck.seconds", "1")));
  }
}
