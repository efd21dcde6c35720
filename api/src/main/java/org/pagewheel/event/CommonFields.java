package org.pagewheel.event;

import java.nio.ByteOrder;

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
  static final int SIZE = 8;

  private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private CommonFields() {}

  /** All of them as one number in native byte order. */
  static long of(int id, int pid) {
    return LITTLE ? id | (long) pid << 32 : (long) id << 48 | pid & 0xffff_ffffL;
  }
}
