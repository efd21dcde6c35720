package org.pagewheel.tck;

/** Seeds of random tests; {@code -Dtck.seed=…} sets them all. */
final class Seed {
  private Seed() {}

  static long next(String user) {
    Long fixed = Long.getLong("tck.seed");
    long seed = fixed != null ? fixed : System.nanoTime() ^ System.currentTimeMillis() << 20;
    System.out.println(user + ": to repeat this run, -Dtck.seed=" + seed);
    return seed;
  }
}
