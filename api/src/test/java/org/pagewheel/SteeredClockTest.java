package org.pagewheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clock that is steered, by a counter and beside a clock that the test plays. */
class SteeredClockTest {
  /** Both go on by themselves with each reading, which takes some time. */
  private static final class Played extends SteeredClock {
    private static final long BEGIN = 1_000_000_000_000_000L;

    /** From zero on, so that no digits are lost. */
    private static double counted;

    private static double hertz = 2.5e9;
    private static double mono;
    private static double speed = 1;
    private static double noise = 5;
    private static final Random RANDOM = new Random(1);

    private int falls;

    static void begin(double frequency) {
      hertz = frequency;
      counted = 0;
      mono = 1e9;
      speed = 1;
      noise = 5;
    }

    static void pass(double nanos) {
      counted += nanos * hertz / 1e9;
      mono += nanos * speed;
    }

    /** A reading; once in a thousand it is interrupted for up to 5 µs. */
    private static void reading() {
      pass(10 + noise * RANDOM.nextDouble() + (RANDOM.nextInt(1000) == 0 ? 5000 : 0));
    }

    @Override
    long count() {
      reading();
      return BEGIN + (long) counted;
    }

    @Override
    long mono() {
      reading();
      return (long) mono;
    }

    @Override
    void fallen(long error) {
      falls++;
    }

    @Override
    public String name() {
      return "played";
    }
  }

  private final long[] errors = new long[1_000_000];
  private int count;
  private long last = Long.MIN_VALUE;

  /** Reads, and looks that time has not gone back; returns how far it was from the other clock. */
  private long read(Played clock) {
    long before = (long) Played.mono;
    long now = clock.now();
    assertTrue(now >= last, "it went back from " + last + " to " + now);
    last = now;
    long error = now < before ? now - before : Math.max(0, now - (long) Played.mono);
    errors[count++ % errors.length] = Math.abs(error);
    return Math.abs(error);
  }

  private long percentile(double part) {
    long[] sorted = Arrays.copyOf(errors, Math.min(count, errors.length));
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1, sorted.length * part)];
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e9, 2.5e9, 4.999_999e9, 24e6})
  void itStaysWithTheOtherClock(double hertz) {
    Played.begin(hertz);
    Played clock = new Played();
    for (int i = 0; i < 1_000_000; i++) {
      read(clock);
      Played.pass(5000);
    }
    assertTrue(percentile(0.999) <= 100, percentile(0.999) + " ns");
    assertTrue(percentile(1) <= 1000, percentile(1) + " ns");
    assertTrue(clock.error().orElseThrow() <= 1000);
    assertFalse(clock.isFallen());
  }

  /** As NTP does: 100 millionths faster, slower and neither, every half second. */
  @Test
  void itFollowsAClockThatIsSlewed() {
    Played.begin(2.5e9);
    Played clock = new Played();
    long worst = 0;
    for (int i = 0; i < 2_000_000; i++) {
      Played.speed = 1 + 1e-4 * (i / 100_000 % 3 - 1);
      worst = Math.max(worst, read(clock));
      Played.pass(5000);
    }
    assertTrue(worst <= 10_000, worst + " ns");
    assertTrue(worst > 100, "it was slewed: " + worst);
    assertFalse(clock.isFallen());
  }

  @Test
  void whereItIsReadSeldomItIsTheOtherClocksTime() {
    Played.begin(2.5e9);
    Played clock = new Played();
    for (int i = 0; i < 10_000; i++) {
      Played.speed = 1 + 1e-4 * (i % 3 - 1);
      read(clock);
      Played.pass(1e8);
    }
    assertTrue(percentile(1) <= 1000, percentile(1) + " ns");
  }

  /** A counter of another speed, as after a move to another machine. */
  @Test
  void beyondTheBoundItReadsTheOtherClockAndSaysSoOnce() {
    Played.begin(2.5e9);
    Played clock = new Played();
    for (int i = 0; i < 100_000; i++) {
      read(clock);
      Played.pass(5000);
    }
    Played.hertz *= 1.01;
    for (int i = 0; i < 100_000; i++) {
      read(clock);
      Played.pass(5000);
    }
    assertTrue(clock.isFallen());
    assertEquals(1, clock.falls);
    for (int i = 0; i < 1000; i++) {
      assertTrue(read(clock) <= 1);
    }
  }

  /** A sleep of the machine: the counter goes on, or begins anew; the other clock stands still. */
  @ParameterizedTest
  @ValueSource(doubles = {1e15, -1e14})
  void afterASleepItIsTheOtherClocksTimeAgain(double jump) {
    Played.begin(2.5e9);
    Played clock = new Played();
    for (int i = 0; i < 100_500; i++) {
      read(clock);
      Played.pass(5000);
    }
    Played.counted += jump;
    for (int i = 0; i < 100_000; i++) {
      read(clock);
      Played.pass(5000);
    }
    for (int i = 0; i < 1000; i++) {
      assertTrue(read(clock) <= 100);
      Played.pass(5000);
    }
  }
}
