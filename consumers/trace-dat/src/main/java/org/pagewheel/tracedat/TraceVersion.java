package org.pagewheel.tracedat;

/** The versions of the file format. */
public enum TraceVersion {
  /** Readable by every {@code trace-cmd}. */
  V6(6),

  /** For {@code trace-cmd} 3.0 and newer: each buffer has its own clock, page size and CPUs. */
  V7(7);

  private final int number;

  TraceVersion(int number) {
    this.number = number;
  }

  /**
   * The number in the file.
   *
   * @return 6 or 7
   */
  public int number() {
    return number;
  }
}
