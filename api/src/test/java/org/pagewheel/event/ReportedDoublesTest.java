package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Doubles in trace-cmd's output have the digits that the C library gives them. */
@SuppressWarnings("restricted") // snprintf
class ReportedDoublesTest {
  /** More by {@code -Ddoubles=…}; each batch is a file of its own. */
  private static final int BATCH = 20_000;

  record Real(double d) {}

  record Pair(double d, float f) {}

  private static final EventType<Real> REAL = EventType.of("doubles", Real.class);
  private static final EventType<Pair> PAIR = EventType.of("doubles", Pair.class);

  /** The C library's {@code snprintf(text, size, "%.6f", value)}. */
  private static final class Printf implements AutoCloseable {
    private static final int SIZE = 512;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment text = arena.allocate(SIZE);
    private final MemorySegment format = arena.allocateFrom("%.6f");
    private final MethodHandle snprintf =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().find("snprintf").orElseThrow(),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_DOUBLE),
                Linker.Option.firstVariadicArg(3));

    String print(double value) {
      try {
        int length = (int) snprintf.invokeExact(text, (long) SIZE, format, value);
        assertTrue(length > 0 && length < SIZE);
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
      return text.getString(0);
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  /** What rounds easily the wrong way: each kind in turn. */
  private static double value(Random random, int i) {
    double value =
        switch (i % 8) {
          case 0 -> Math.pow(10, random.nextDouble(-8, 19.26));
          // In the middle of two numbers of six decimals: the even one is right.
          case 1 -> (2 * random.nextLong(1L << random.nextInt(1, 50)) + 1) / 128.0;
          // A decimal in the middle, of which the double is a little more or less; and those next.
          case 2 -> middle(random);
          case 3 -> Math.nextUp(middle(random));
          case 4 -> Math.nextDown(middle(random));
          case 5 -> random.nextInt() / Math.pow(10, random.nextInt(8));
          // Just below a whole number: the carry.
          case 6 ->
              Math.nextDown(random.nextLong(1L << 30) + 0.9999995 + random.nextInt(3) * 1e-16);
          default ->
              Double.longBitsToDouble(
                  random.nextLong(1, 1087) << 52 | random.nextLong() >>> 12 + random.nextInt(52));
        };
    return random.nextBoolean() ? value : -value;
  }

  private static double middle(Random random) {
    long places = random.nextLong((long) Math.pow(10, random.nextInt(1, 16)));
    return BigDecimal.valueOf(10 * places + 5, 7).doubleValue();
  }

  private static List<String> report(EventFormat format, PageBuffer buffer) throws Exception {
    return TinyTraceFile.report(List.of(format), Map.of(), buffer.pageRing()).stream()
        .map(line -> line.substring(line.indexOf("d=")))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(longs = 7)
  void anyDoubleIsShownAsTheLibraryPrintsIt(long seed) throws Exception {
    int batches = Math.max(1, Integer.getInteger("doubles", BATCH) / BATCH);
    Random random = new Random(seed);
    try (Printf printf = new Printf()) {
      for (int batch = 0; batch < batches; batch++) {
        double[] values = new double[BATCH];
        try (PageBuffer buffer = PageBuffer.of(BATCH / 100)) {
          for (int i = 0; i < BATCH; i++) {
            values[i] = value(random, i);
            assertTrue(REAL.record(buffer, new Real(values[i])));
          }
          List<String> report = report(REAL.format(), buffer);
          assertEquals(BATCH, report.size());
          for (int i = 0; i < BATCH; i++) {
            double value = values[i];
            String right =
                Math.abs(value) < 0x1p64
                    ? printf.print(value)
                    : (value < 0 ? "-" : "") + "huge 0.000000";
            assertEquals("d=" + right, report.get(i), () -> new BigDecimal(value).toString());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        0.0,
        -0.0,
        0.1,
        0.3,
        -1.5,
        1001.3,
        50123.45,
        2.9999999999999996,
        0.9999999999999999,
        0.9999996,
        5e-7,
        4.9e-7,
        1e-7,
        0.0078125,
        0.0234375,
        1.0078125,
        4503599627370496.5,
        9007199254740991.0,
        1e18,
        1.8e19,
        511.9999995,
        512.0000005,
        0.9999995,
        1.9999995,
        Double.MIN_VALUE,
        Double.MIN_NORMAL
      })
  void soAreTheseAndTheirFloats(double value) throws Exception {
    try (Printf printf = new Printf();
        PageBuffer buffer = PageBuffer.of(4)) {
      assertTrue(PAIR.record(buffer, new Pair(value, (float) value)));
      assertEquals(
          "d=" + printf.print(value) + " f=" + printf.print((float) value),
          report(PAIR.format(), buffer).getFirst());
    }
  }
}
