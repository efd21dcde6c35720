package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.EnumSet;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Nothing that is allocated for an event survives compilation. Every measured call stands at a
 * place of its own and is warmed up after those before it: what the compiler already has in large
 * pieces must not make later callers allocate.
 */
class AllocationTest {
  private static final int WARM_UP = 100_000;
  private static final int EVENTS = 1_000_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  enum Side {
    BUY,
    SELL
  }

  record Three(long a, long b, long c) {}

  record Filled(long id, double price, Side side, String venue) {}

  record Wide(
      byte a,
      short b,
      char c,
      int d,
      long e,
      float f,
      double g,
      boolean h,
      @Fixed(8) String i,
      @Fixed(4) int[] j,
      long[] k,
      EnumSet<Side> l,
      String m,
      String n,
      long o,
      long p,
      int q) {}

  static final EventType<Three> THREE = EventType.of("allocation", Three.class);
  static final EventType<Filled> FILLED = EventType.of("allocation", Filled.class);
  static final EventType<Wide> WIDE = EventType.of("allocation", Wide.class);

  private static final int[] INTS = {1, 2, 3};
  private static final long[] LONGS = {4, 5, 6};
  private static final EnumSet<Side> SIDES = EnumSet.of(Side.SELL);

  private final PageBuffer buffer = PageBuffer.of(16);

  @AfterEach
  void close() {
    buffer.close();
  }

  /** The bytes that a million events allocate; less than one for each is the compiler's noise. */
  private static long allocated(IntPredicate event) {
    long bytes = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 5 && bytes >= EVENTS; attempt++) {
      for (int i = 0; i < WARM_UP; i++) {
        event.test(i);
      }
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < EVENTS; i++) {
        event.test(i);
      }
      bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    return bytes;
  }

  private static void assertNothingAllocated(IntPredicate event) {
    long bytes = allocated(event);
    assertTrue(bytes < EVENTS / 2, () -> (double) bytes / EVENTS + " bytes for each event");
  }

  @Test
  void noCallerAllocatesForAnEvent() {
    assertNothingAllocated(i -> THREE.record(buffer, new Three(i, i + 1, i + 2)));
    assertNothingAllocated(i -> THREE.record(buffer, new Three(7, i, -i)));
    assertNothingAllocated(i -> FILLED.record(buffer, new Filled(i, i * 0.5, Side.BUY, "XETRA")));
    assertNothingAllocated(
        i -> FILLED.record(buffer, new Filled(i, 1, (i & 1) == 0 ? null : Side.SELL, "Zürich")));
    assertNothingAllocated(i -> WIDE.record(buffer, wide(i)));
    assertNothingAllocated(i -> FILLED.record(buffer, new Filled(i, i, Side.SELL, null)));
    assertNothingAllocated(i -> THREE.record(buffer, new Three(i, i, i)));
    buffer.events().disable("allocation:*");
    assertNothingAllocated(i -> THREE.record(buffer, new Three(i, 0, 0)));
    assertNothingAllocated(i -> WIDE.record(buffer, wide(i)));
  }

  private static Wide wide(int i) {
    return new Wide(
        (byte) i, (short) i, (char) i, i, i, i, i, true, "fixed", INTS, LONGS, SIDES, "one", "two",
        i, i, i);
  }

  @Test
  void aMarkAllocatesNothing() {
    assertNothingAllocated(i -> buffer.mark("a mark with ümläuts"));
  }
}
