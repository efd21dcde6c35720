package org.pagewheel.event;

/**
 * The first eight bytes of every event's payload.
 *
 * <pre>
 *   0               2       3       4               8
 *   +---------------+-------+-------+---------------+
 *   | common_type   | flags | count | common_pid    |
 *   +---------------+-------+-------+---------------+
 * </pre>
 *
 * The flags and the preemption count, which mean nothing in a JVM, are 0.
 */
final class CommonFields {
  private CommonFields() {}

  /** All of them as one number, to be stored little endian. */
  static long of(int id, int pid) {
    return id | (long) pid << 32;
  }
}
