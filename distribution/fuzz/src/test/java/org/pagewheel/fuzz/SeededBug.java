package org.pagewheel.fuzz;

/** Breaks on one input in four milliards: only one who watches the branches comes there. */
public final class SeededBug {
  private SeededBug() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length > 3 && data[0] == 'p' && data[1] == 'a' && data[2] == 'g' && data[3] == 'e') {
      throw new IllegalStateException("the seeded bug");
    }
  }
}
