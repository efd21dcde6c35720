package com.acme.shop;

/** Is loaded by nobody but one test. */
public final class Later {
  private Later() {}

  /** Twice as much. */
  public static int twice(int number) {
    return 2 * number;
  }
}
