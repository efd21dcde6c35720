package org.pagewheel.runtime.internal.config;

import java.time.Duration;

/** Sizes and times in people's units. */
public final class Units {
  private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Units() {}

  /** A size, in the largest unit that needs no fraction. */
  public static String bytes(long bytes) {
    int unit = 0;
    long value = bytes;
    while (value != 0 && value % 1024 == 0 && unit < BYTES.length - 1) {
      value /= 1024;
      unit++;
    }
    return value + " " + BYTES[unit];
  }

  /** A time, in the largest of s and ms that needs no fraction. */
  public static String time(Duration time) {
    long millis = time.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }
}
