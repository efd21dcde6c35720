package com.example.traced;

/** What is traced. */
public final class Work {
  private static final int STEPS = 32;

  private Work() {}

  /**
   * Multiplies 32 times, each result waiting for the one before.
   *
   * @param first any number
   * @param second any number
   * @return a number made of both
   */
  public static long work(long first, long second) {
    long hash = first;
    for (int i = 0; i < STEPS; i++) {
      hash = (hash ^ second) * 0x9e37_79b9_7f4a_7c15L; // each waits for the one before
    }
    return hash;
  }
}
