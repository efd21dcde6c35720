package org.pagewheel.acceptance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventType;
import org.pagewheel.event.Fixed;
import org.pagewheel.event.Hex;
import org.pagewheel.event.Symbol;
import org.pagewheel.event.Unsigned;
import org.pagewheel.runtime.Pagewheel;

/**
 * Records random events with components of every kind on several threads, more than the ring holds,
 * and saves them in the file that is named.
 */
public final class KindsProgram {
  private static final int THREADS = 3;
  private static final int ROUNDS = 1500;

  enum Side {
    BUY,
    SELL
  }

  record Scalars(
      byte a,
      short b,
      char c,
      int d,
      long e,
      boolean f,
      float g,
      double h,
      @Unsigned byte i,
      @Unsigned short j,
      @Unsigned int k,
      @Unsigned long l,
      @Hex long m,
      @Symbol({"idle", "busy"}) int n,
      Side o,
      EnumSet<Side> p,
      String q,
      @Fixed(12) String r,
      @Symbol({"no", "yes"}) byte s) {}

  record Sequences(
      byte[] a, short[] b, char[] c, int[] d, long[] e, boolean[] f, float[] g, double[] h) {}

  record Arrays(
      @Fixed(3) byte[] a,
      @Fixed(3) short[] b,
      @Fixed(3) char[] c,
      @Fixed(3) int[] d,
      @Fixed(3) long[] e,
      @Fixed(3) boolean[] f,
      @Fixed(3) float[] g,
      @Fixed(5) double[] h) {}

  private static final EventType<Scalars> SCALARS = EventType.of("kinds", Scalars.class);
  private static final EventType<Sequences> SEQUENCES = EventType.of("kinds", Sequences.class);
  private static final EventType<Arrays> ARRAYS = EventType.of("kinds", Arrays.class);

  private final Random random;

  private KindsProgram(long seed) {
    random = new Random(seed);
  }

  /** Runs it in a JVM of its own. */
  static void record(Path directory, String file) throws Exception {
    Program.run(
            directory,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dpagewheel.buffers.main.pages=64",
            "-cp",
            System.getProperty("java.class.path"),
            KindsProgram.class.getName(),
            file)
        .assertStatus(0);
  }

  /**
   * Runs it.
   *
   * @param arguments the file
   * @throws Exception if it cannot be written
   */
  public static void main(String... arguments) throws Exception {
    try (Pagewheel pagewheel = Pagewheel.start()) {
      Buffer main = pagewheel.buffers().get("main");
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        KindsProgram events = new KindsProgram(i);
        threads.add(Thread.ofPlatform().name("\"" + i + "\" \\ é").start(() -> events.write(main)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      pagewheel.buffers().save(Path.of(arguments[0]));
    }
  }

  private void write(Buffer main) {
    for (int i = 0; i < ROUNDS; i++) {
      switch (random.nextInt(4)) {
        case 0 -> SEQUENCES.record(main, sequences(random.nextInt(10)));
        case 1 -> {
          Sequences x = sequences(3);
          double[] five = random.doubles(5).toArray();
          ARRAYS.record(main, new Arrays(x.a, x.b, x.c, x.d, x.e, x.f, x.g, five));
        }
        case 2 -> main.mark("mark " + text(50));
        default -> SCALARS.record(main, scalars());
      }
    }
  }

  private String text(int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i > 0; i--) {
      text.append(random.nextInt(9) == 0 ? 'ß' : (char) (' ' + random.nextInt('~' - ' ')));
    }
    return text.toString();
  }

  private Scalars scalars() {
    EnumSet<Side> set = EnumSet.noneOf(Side.class);
    for (Side side : Side.values()) {
      if (random.nextBoolean()) {
        set.add(side);
      }
    }
    return new Scalars(
        (byte) random.nextInt(),
        (short) random.nextInt(),
        (char) random.nextInt(),
        random.nextInt(),
        random.nextLong(),
        random.nextBoolean(),
        random.nextInt(9) == 0 ? Float.NEGATIVE_INFINITY : Float.intBitsToFloat(random.nextInt()),
        random.nextInt(9) == 0 ? -0.0 : Double.longBitsToDouble(random.nextLong()),
        (byte) random.nextInt(),
        (short) random.nextInt(),
        random.nextInt(),
        random.nextLong(),
        random.nextLong(),
        random.nextInt(4),
        random.nextInt(3) == 0 ? null : Side.values()[random.nextInt(2)],
        set,
        text(100),
        text(10),
        (byte) (random.nextInt(3) - 1));
  }

  private Sequences sequences(int n) {
    byte[] a = new byte[n];
    short[] b = new short[n];
    char[] c = new char[n];
    boolean[] f = new boolean[n];
    float[] g = new float[n];
    random.nextBytes(a);
    for (int i = 0; i < n; i++) {
      b[i] = (short) random.nextInt();
      c[i] = (char) random.nextInt();
      f[i] = random.nextBoolean();
      g[i] = random.nextFloat();
    }
    double[] h = random.doubles(n).toArray();
    return new Sequences(a, b, c, random.ints(n).toArray(), random.longs(n).toArray(), f, g, h);
  }
}
