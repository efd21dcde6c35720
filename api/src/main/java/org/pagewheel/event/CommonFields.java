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
public final class CommonFields {
  /** Bytes of them. */
  public static final int SIZE = 8;

  private CommonFields() {}

  /**
   * The event type.
   *
   * @param fields the eight bytes as one number, read little endian
   * @return the id of an {@link EventFormat}
   */
  public static int type(long fields) {
    return (int) fields & 0xffff;
  }

  /**
   * The thread.
   *
   * @param fields the eight bytes as one number, read little endian
   * @return a key of {@link Metadata#threadNames}
   */
  public static int pid(long fields) {
    return (int) (fields >>> 32);
  }
}
