package org.pagewheel.analysis;

import java.util.Set;

/** What the names of clocks mean. */
final class Clocks {
  private static final Set<String> NANOS =
      Set.of("", "mono", "mono_raw", "local", "global", "uptime", "perf", "boot", "tai");

  private Clocks() {}

  /** Whether a clock counts nanoseconds; {@code counter}, {@code x86-tsc} and others do not. */
  static boolean isNanos(String clock) {
    return NANOS.contains(clock);
  }
}
