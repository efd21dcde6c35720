package org.pagewheel.analysis;

import java.util.Map;

/** Threads in words. */
final class Threads {
  /** What tools print for a thread without a name. */
  static final String UNKNOWN = "<...>";

  /** What runs on a CPU when nothing else does, by the kernel's count thread 0. */
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
