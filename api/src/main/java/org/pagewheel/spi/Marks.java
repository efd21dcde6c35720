package org.pagewheel.spi;

import java.lang.foreign.MemorySegment;
import org.pagewheel.event.EventSet;
import org.pagewheel.event.internal.EventFields;
import org.pagewheel.event.internal.MarkFormat;
import org.pagewheel.event.internal.Utf8;

/**
 * Text marks: the kernel's event {@code print}, which {@code trace_marker} writes, with its id and
 * its format, so that marks of both can be in one file.
 *
 * <pre>
 *   0               2       3       4               8                       16
 *   +---------------+-------+-------+---------------+-----------------------+----------+---+
 *   | common_type 5 | flags | count | common_pid    | ip, 0                 | text     | 0 |
 *   +---------------+-------+-------+---------------+-----------------------+----------+---+
 * </pre>
 *
 * Marks are not an event type: {@link EventSet} does not disable them.
 */
public final class Marks {
  private static final int IP = 8;
  private static final int TEXT = 16;

  private Marks() {}

  /**
   * Writes a mark. Control characters become blanks; what does not fit in an event of the buffer's
   * ring is cut off at a character's boundary.
   *
   * @param buffer where to
   * @param text the text
   * @return whether it was written; if not, the cause is counted
   */
  public static boolean write(WritableBuffer buffer, String text) {
    long common = EventFields.common(MarkFormat.FORMAT.id(), EventFields.CURRENT);
    RingWriter ring = buffer.writer();
    int length = length(ring, text);
    long at = ring.reserve(length);
    while (at == Refusal.SEALED) {
      ring = buffer.successor(ring);
      length = length(ring, text); // the pages of the new ring may be smaller
      at = ring.reserve(length);
    }
    if (at < 0) {
      Leftovers.settle();
      return false;
    }
    try {
      MemorySegment memory = ring.memory(at);
      long offset = Reservation.offset(at);
      memory.set(EventFields.LONG, offset, common);
      memory.set(EventFields.LONG, offset + IP, 0);
      int end = TEXT + Utf8.put(text, memory, offset + TEXT, ring.maxEventSize() - TEXT);
      EventFields.pad(memory, offset, end);
      ring.commit(at);
      return true;
    } catch (Throwable e) {
      try {
        ring.discard(at);
      } catch (Throwable full) {
        synchronized (Leftovers.RINGS) { // nothing is called: the stack is full
          if (Leftovers.count < Leftovers.MAX) {
            Leftovers.RINGS[Leftovers.count] = ring;
            Leftovers.RESERVATIONS[Leftovers.count++] = at;
          }
        }
      }
      throw e;
    }
  }

  private static int length(RingWriter ring, String text) {
    return TEXT + Utf8.length(text, ring.maxEventSize() - TEXT);
  }
}
