package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.Clock;

/**
 * Nothing that is allocated for an event survives compilation. Every measured call stands at a
 * place of its own and is warmed up after those before it: what the compiler already has in large
 * pieces must not make later callers allocate.
 */
class AllocationTest {
  private static final int EVENTS = 1_000_000;
  private static final long COMPILED_AFTER = 20_000_000_000L;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  enum Side {
    BUY,
    SELL
  }

  record Three(long a, long b, long c) {}

  record Filled(long id, double price, Side side, String venue) {}

  record Late(long a, double b, Side c, String d, int e, int f) {}

  record Rare(long a, double b, Side c, String d, int e, int f) {}

  record Odd(long a, double b, Side c, String d, int e, int f) {}

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

  static final EventType<Late> LATE = EventType.of("allocation", Late.class);
  static final EventType<Rare> RARE = EventType.of("allocation", Rare.class);
  static final EventType<Odd> ODD = EventType.of("allocation", Odd.class);

  record Begun(long a, String b) {}

  record Done(int a, double b) {}

  static final SpanType<Begun, Done> SPAN = SpanType.of("allocation", Begun.class, Done.class);
  static final SpanType<Done, Void> PLAIN = SpanType.of("allocation", Done.class);
  static final DurationType<Three> TIMED = DurationType.of("allocation_timed", Three.class);
  static final AsyncSpanType<Done, Three> ASYNC =
      AsyncSpanType.of("allocation_async", Done.class, Three.class);

  private static final int[] INTS = {1, 2, 3};
  private static final long[] LONGS = {4, 5, 6};
  private static final EnumSet<Side> SIDES = EnumSet.of(Side.SELL);

  private final PageBuffer buffer = PageBuffer.of(16);

  @AfterEach
  void close() {
    buffer.close();
  }

  /**
   * The bytes that a million events allocate; less than one for each is the compiler's noise. The
   * compiler may take its time on a busy machine.
   */
  private static long allocated(IntPredicate event) {
    long begin = System.nanoTime();
    long bytes;
    do {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < EVENTS; i++) {
        event.test(i);
      }
      bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    } while (bytes >= EVENTS / 2 && System.nanoTime() - begin < COMPILED_AFTER);
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
  }

  @Test
  void eventsOfUnknownTypesAreDecodedWithoutAllocation() {
    EventFormat known = new EventFormat(300, "s", "e", "");
    EventDecoder decoder = new EventDecoder(List.of(known), ByteOrder.LITTLE_ENDIAN);
    MemorySegment memory = MemorySegment.ofArray(new int[4]);
    assertNothingAllocated(
        i -> {
          memory.set(ValueLayout.JAVA_INT, 0, 250 + i % 100);
          return decoder.event(memory, 0, 16, i, 0).name().equals("e");
        });
  }

  private static final Clock COUNTS = Clock.x86Tsc();
  private static final Clock STEERED = Clock.monoTsc();

  @Test
  void noClockAllocates() {
    assertNothingAllocated(i -> COUNTS.now() > i);
    assertNothingAllocated(i -> STEERED.now() > i);
  }

  @Test
  void aDisabledEventAllocatesNothing() {
    buffer.events().disable("allocation:*");
    assertNothingAllocated(i -> THREE.record(buffer, new Three(i, 0, 0)));
    assertNothingAllocated(i -> WIDE.record(buffer, wide(i)));
  }

  @Test
  void aTypeThatIsEnabledLateAllocatesNothing() {
    IntPredicate event = i -> LATE.record(buffer, new Late(i, i, Side.BUY, "late", i, i));
    buffer.events().disable("allocation:late");
    assertNothingAllocated(event);
    buffer.events().enable("allocation:late");
    assertNothingAllocated(event);
    assertTrue(event.test(1));
  }

  @Test
  void aRareEventOfAHotMethodAllocatesNothing() {
    assertNothingAllocated(
        i -> i % 50 == 0 && RARE.record(buffer, new Rare(i, i, Side.BUY, "rare", i, i)));
  }

  @Test
  void aTypeThatMostBuffersDoNotRecordAllocatesNothing() {
    PageBuffer other = PageBuffer.of(1);
    other.events().disable("allocation:odd");
    assertNothingAllocated(
        i -> ODD.record(i % 50 == 0 ? buffer : other, new Odd(i, i, Side.BUY, "odd", i, i)));
    other.close();
  }

  private boolean span(int i) {
    try (var span = SPAN.begin(buffer, new Begun(i, "begun"))) {
      return span.end(new Done(i, 0.5));
    }
  }

  @Test
  void aSpanAllocatesNothing() {
    assertNothingAllocated(i -> THREE.record(buffer, new Three(i, i + 1, i + 2)));
    assertNothingAllocated(this::span);
    assertNothingAllocated(
        i -> {
          try (var _ = PLAIN.begin(buffer, new Done(i, i))) {
            return span(i);
          }
        });
    assertNothingAllocated(
        i -> {
          try (var span = TIMED.begin(buffer)) {
            return span.end(new Three(i, i, i));
          }
        });
    assertNothingAllocated(
        i -> ASYNC.begin(buffer, i, new Done(i, 1)) && ASYNC.end(buffer, i, new Three(i, 1, 2)));
  }

  @Test
  void aSpanOfADisabledTypeAllocatesNothing() {
    buffer.events().disable("allocation:*");
    assertNothingAllocated(this::span);
    buffer.events().enable("allocation:*");
    assertNothingAllocated(this::span);
  }

  private static final RuntimeException THROWN =
      new RuntimeException("always the same", null, false, false) {};

  @Test
  void aSpanThatIsOftenLeftByAnExceptionAllocatesNothing() {
    assertNothingAllocated(
        i -> {
          try (var span = SPAN.begin(buffer, new Begun(i, "begun"))) {
            if (i % 5 == 0) {
              throw THROWN;
            }
            return span.end(new Done(i, 1));
          } catch (RuntimeException e) {
            return e == THROWN;
          }
        });
  }

  @Test
  void aSpanThatIsHardlyEverLeftByAnExceptionAllocatesNothing() {
    assertNothingAllocated(
        i -> {
          try (var span = SPAN.begin(buffer, new Begun(i, "begun"))) {
            if (i % 2000 == 0) {
              throw THROWN;
            }
            return span.end(new Done(i, 1));
          } catch (RuntimeException e) {
            return e == THROWN;
          }
        });
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
