package org.pagewheel.spi;

import java.lang.foreign.MemorySegment;
import org.pagewheel.Clock;
import org.pagewheel.event.EventSet;
import org.pagewheel.event.internal.EventFields;
import org.pagewheel.event.internal.GraphFormats;

/**
 * Calls and returns of functions, and stacks: the kernel's events {@code funcgraph_entry}, {@code
 * funcgraph_exit} and {@code kernel_stack}, with its ids and its layout, so that {@code trace-cmd
 * report} and KernelShark show them as nested calls with durations.
 *
 * <pre>
 *  0               8               16          20           24         32         40
 * +---------------+---------------+-----------+
 * | common fields | function      | depth     |                                    entry
 * +---------------+---------------+-----------+------------+----------+----------+
 * | common fields | function      | depth     | overrun, 0 | calltime | rettime  | exit
 * +---------------+---------------+-----------+------------+----------+----------+
 * | common fields | frames, 0     | caller 0  | caller 1 …                         stack
 * +---------------+---------------+-----------+------------
 * </pre>
 *
 * <p>The duration that tools show is the difference of the two times in the exit, so it is right
 * even if the entry was written after the call began. They name functions by {@link Symbols}. These
 * are not event types: {@link EventSet} does not disable them.
 */
public final class FunctionGraph {
  private static final int FUNCTION = 8;
  private static final int DEPTH = 16;
  private static final int OVERRUN = 20;
  private static final int CALL_TIME = 24;
  private static final int RETURN_TIME = 32;
  private static final int ENTRY_SIZE = 20;
  private static final int EXIT_SIZE = 40;

  /** Size of a stack without frames. */
  private static final int STACK_SIZE = 16;

  private FunctionGraph() {}

  static {
    GraphFormats.define();
  }

  /** Registers the formats for trace files, before the first event is written. */
  public static void define() {
    // the class is initialized now
  }

  /**
   * Writes that a function was called.
   *
   * @param buffer where to
   * @param function its address
   * @param depth how many functions of the graph the thread is in already
   * @return whether it was written; if not, the cause is counted
   */
  public static boolean entry(WritableBuffer buffer, long function, int depth) {
    return entry(buffer, function, depth, null, 0);
  }

  /**
   * Writes that a function was called, for a caller that has just read the time.
   *
   * @param buffer where to
   * @param function its address
   * @param depth how many functions of the graph the thread is in already
   * @param clock what the time was read from, see {@link RingWriter#reserve(int, Clock, long)}
   * @param time what it gave
   * @return whether it was written; if not, the cause is counted
   */
  public static boolean entry(
      WritableBuffer buffer, long function, int depth, Clock clock, long time) {
    int type = GraphFormats.ENTRY.id();
    return write(buffer, type, ENTRY_SIZE, function, depth, 0, clock, time, null);
  }

  /**
   * Writes that a function returned, whichever way.
   *
   * @param buffer where to
   * @param function its address
   * @param depth as at its entry
   * @param calltime when it was called, by the buffer's clock
   * @param rettime when it returned
   * @return whether it was written; if not, the cause is counted
   */
  public static boolean exit(
      WritableBuffer buffer, long function, int depth, long calltime, long rettime) {
    return exit(buffer, function, depth, calltime, null, rettime);
  }

  /**
   * Writes that a function returned, for a caller that has just read the time.
   *
   * @param buffer where to
   * @param function its address
   * @param depth as at its entry
   * @param calltime when it was called, by the buffer's clock
   * @param clock what {@code rettime} was read from, see {@link RingWriter#reserve(int, Clock,
   *     long)}
   * @param rettime when it returned
   * @return whether it was written; if not, the cause is counted
   */
  public static boolean exit(
      WritableBuffer buffer, long function, int depth, long calltime, Clock clock, long rettime) {
    int type = GraphFormats.EXIT.id();
    return write(buffer, type, EXIT_SIZE, function, depth, calltime, clock, rettime, null);
  }

  /**
   * Writes a stack, which tools show with the event before it.
   *
   * @param buffer where to
   * @param callers addresses, the innermost first; those that do not fit are left out
   * @return whether it was written; if not, the cause is counted
   */
  public static boolean stack(WritableBuffer buffer, long[] callers) {
    return write(buffer, GraphFormats.STACK.id(), STACK_SIZE, 0, 0, 0, null, 0, callers);
  }

  /**
   * Whether a type is that of stacks.
   *
   * @param type an event type's id
   * @return true for {@code kernel_stack}
   */
  public static boolean isStack(int type) {
    return type == GraphFormats.STACK.id();
  }

  /** The length: of a stack, with the frames that fit; everything else has a fixed size. */
  private static int length(RingWriter ring, int size, long[] callers) {
    if (callers == null) {
      return size;
    }
    int most = (ring.maxEventSize() - STACK_SIZE) / Long.BYTES;
    return size + Math.min(callers.length, most) * Long.BYTES;
  }

  private static boolean write(
      WritableBuffer buffer,
      int type,
      int size,
      long function,
      int depth,
      long calltime,
      Clock clock,
      long time,
      long[] callers) {
    long common = EventFields.common(type, EventFields.CURRENT);
    RingWriter ring = buffer.writer();
    int length = length(ring, size, callers);
    long at = ring.reserve(length, clock, time);
    while (at == Refusal.SEALED) {
      ring = buffer.successor(ring);
      length = length(ring, size, callers); // the pages of the new ring may be smaller
      at = ring.reserve(length, clock, time);
    }
    if (at < 0) {
      Leftovers.settle();
      return false;
    }
    try {
      MemorySegment memory = ring.memory(at);
      long offset = Reservation.offset(at);
      memory.set(EventFields.LONG, offset, common);
      if (callers != null) {
        int count = (length - STACK_SIZE) / Long.BYTES;
        memory.set(EventFields.LONG, offset + FUNCTION, count);
        MemorySegment.copy(callers, 0, memory, EventFields.LONG, offset + STACK_SIZE, count);
        ring.commit(at);
        return true;
      }
      memory.set(EventFields.LONG, offset + FUNCTION, function);
      memory.set(EventFields.INT, offset + DEPTH, depth);
      if (length == EXIT_SIZE) {
        memory.set(EventFields.INT, offset + OVERRUN, 0);
        memory.set(EventFields.LONG, offset + CALL_TIME, calltime);
        memory.set(EventFields.LONG, offset + RETURN_TIME, time);
      }
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
}
