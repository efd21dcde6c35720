package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.fail;
import static org.pagewheel.format.PageLayout.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.pagewheel.format.RecordLayout;

/**
 * The payloads of the kit's events: every byte follows from the event's id, so that a torn, mixed
 * up or overwritten event shows.
 *
 * <pre>
 *  63       52 51            32 31                 0
 * +-----------+----------------+--------------------+
 * | writer    | length         | serial             |   the id, the first 8 bytes of the payload
 * +-----------+----------------+--------------------+
 * </pre>
 */
final class EventBytes {
  /** The shortest payload that carries an id. */
  static final int MIN = 8;

  private static final long MIX = 0x9e3779b97f4a7c15L;

  private EventBytes() {}

  static long id(int writer, int length, int serial) {
    return (long) writer << 52 | (long) length << 32 | serial & 0xffffffffL;
  }

  static int writer(long id) {
    return (int) (id >>> 52);
  }

  static int length(long id) {
    return (int) (id >>> 32) & (1 << 20) - 1;
  }

  static int serial(long id) {
    return (int) id;
  }

  /** Bytes of payload that a reader sees of an event of a length: the kernel's rounding. */
  static int stored(int length) {
    return RecordLayout.size(length) - RecordLayout.headerSize(length);
  }

  static void put(MemorySegment memory, long at, long id) {
    putFirst(memory, at, id);
    putRest(memory, at, id);
  }

  /** The first half, for writers that are interrupted in the middle. */
  static void putFirst(MemorySegment memory, long at, long id) {
    fill(memory, at, id, 0, half(id));
  }

  static void putRest(MemorySegment memory, long at, long id) {
    fill(memory, at, id, half(id), length(id));
  }

  private static int half(long id) {
    return length(id) / 2 & -Long.BYTES;
  }

  private static void fill(MemorySegment memory, long at, long id, int from, int to) {
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      memory.set(LONG, at + i, word(id, i));
    }
    for (; i < to; i++) {
      memory.set(ValueLayout.JAVA_BYTE, at + i, (byte) (word(id, i & -Long.BYTES) >>> 8 * (i & 7)));
    }
  }

  private static long word(long id, int at) {
    return at == 0 ? id : (id + at) * MIX;
  }

  /** Returns the id of an event that is whole, and fails otherwise. */
  static long check(MemorySegment memory, long at, int stored) {
    long id = stored < MIN ? 0 : memory.get(LONG, at);
    int length = length(id);
    if (stored < MIN || length < MIN || stored(length) != stored) {
      fail("torn event: the first 8 of " + stored + " bytes are " + Long.toHexString(id));
    }
    int i = Long.BYTES;
    for (; i + Long.BYTES <= length; i += Long.BYTES) {
      if (memory.get(LONG, at + i) != word(id, i)) {
        fail(describe(id) + " is torn at byte " + i + " of " + length);
      }
    }
    for (; i < length; i++) {
      byte right = (byte) (word(id, i & -Long.BYTES) >>> 8 * (i & 7));
      if (memory.get(ValueLayout.JAVA_BYTE, at + i) != right) {
        fail(describe(id) + " is torn at byte " + i + " of " + length);
      }
    }
    return id;
  }

  static String describe(long id) {
    return "event " + serial(id) + " of writer " + writer(id) + " (" + length(id) + " bytes)";
  }
}
