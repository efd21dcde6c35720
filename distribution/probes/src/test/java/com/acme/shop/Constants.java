package com.acme.shop;

/** What is computed when the class is first used. */
final class Constants {
  static final int RATE = rate();

  private Constants() {}

  private static int rate() {
    return 3;
  }
}
