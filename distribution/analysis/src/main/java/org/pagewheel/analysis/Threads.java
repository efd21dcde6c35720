package org.pagewheel.analysis;

import java.util.Map;

/** The names of threads. */
final class Threads {
  /** The text that tools print for a thread without a name. */
  static final String UNKNOWN = "<...>";

  /** The thread that runs on an idle CPU, the kernel's thread 0. */
  static final String IDLE = "<idle>";

  private Threads() {}

  /** The name and the number, such as {@code trader-1-23951}. */
  static String text(Map<Integer, String> names, int tid) {
    return name(names, tid) + "-" + tid;
  }

  static String name(Map<Integer, String> names, int tid) {
    return names.getOrDefault(tid, tid == 0 ? IDLE : UNKNOWN);
  }
}
