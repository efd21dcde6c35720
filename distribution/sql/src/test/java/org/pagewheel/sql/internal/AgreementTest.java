package org.pagewheel.sql.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Buffer;
import org.pagewheel.analysis.RowLines;
import org.pagewheel.consumer.testing.Recorded;
import org.pagewheel.event.EventType;
import org.pagewheel.event.Fixed;
import org.pagewheel.event.Unsigned;
import org.pagewheel.runtime.Pagewheel;

/** Tables have what {@code trace-cmd} and the JSON lines of a query have. */
class AgreementTest {
  enum Side {
    BUY,
    SELL,
    NONE
  }

  record Wide(
      byte a,
      short b,
      char c,
      int d,
      long e,
      @Unsigned long f,
      @Unsigned int g,
      float h,
      double i,
      boolean j,
      Side k,
      EnumSet<Side> l,
      String m,
      @Fixed(8) String n,
      long[] o,
      @Fixed(4) int[] p,
      byte[] q,
      boolean[] r,
      @Fixed(2) double[] s,
      @Unsigned long[] t) {}

  private static final int EVENTS = 6000;
  private static final EventType<Wide> WIDE = EventType.of("agree", Wide.class);

  private static final Pattern JSON =
      Pattern.compile("\\{\"time\":(\\d+),(.*),\"event\":\"agree:wide\",\"fields\":\\{(.*)\\}\\}");

  private static final Pattern EVENT =
      Pattern.compile(
          "\\{\"time\":(\\d+),\"cpu\":(\\d+),\"tid\":(-?\\d+),.*\"event\":\"([^\"]*)\".*");

  private static final Pattern FLAGS = Pattern.compile("\"l\":\\[([^\\]]*)\\]");
  private static final Pattern LOST = Pattern.compile(".*\"lost\":(\\d+)\\}");
  private static final Pattern REPORT =
      Pattern.compile(".*-(\\d+) +\\[(\\d+)\\] +(\\d+)\\.(\\d{9}): wide: .*");

  @TempDir Path directory;

  private static Wide random(Random random) {
    double[] two = {random.nextGaussian(), random.nextInt(9) == 0 ? Double.NaN : -0.0};
    boolean[] flags = new boolean[random.nextInt(4)];
    long[] longs = random.longs(random.nextInt(5)).toArray();
    byte[] bytes = new byte[random.nextInt(6)];
    random.nextBytes(bytes);
    EnumSet<Side> sides = EnumSet.noneOf(Side.class);
    for (Side side : Side.values()) {
      if (random.nextBoolean()) {
        sides.add(side);
      }
    }
    return new Wide(
        (byte) random.nextInt(),
        (short) random.nextInt(),
        (char) random.nextInt(),
        random.nextInt(),
        random.nextLong(),
        random.nextLong(),
        random.nextInt(),
        random.nextFloat(),
        random.nextBoolean() ? random.nextDouble() : random.nextInt(),
        random.nextBoolean(),
        random.nextInt(9) == 0 ? null : Side.values()[random.nextInt(3)],
        sides,
        random.nextInt(9) == 0 ? null : "text \"" + random.nextInt() + "\" \u00e9\u4e2d,",
        "t" + random.nextInt(1000),
        longs,
        random.ints(4).toArray(),
        bytes,
        flags,
        two,
        random.longs(random.nextInt(3)).toArray());
  }

  /** Of three threads, in a ring that has too little room. */
  private Path record(String mode) throws Exception {
    Path file = directory.resolve(mode + ".dat");
    Map<String, String> settings =
        Map.of(
            "pagewheel.buffers.main.pages", "16",
            "pagewheel.buffers.main.mode", mode,
            "pagewheel.sources.jvm.enabled", "false");
    try (Pagewheel pagewheel = Pagewheel.start(settings)) {
      Buffer main = pagewheel.buffers().get("main");
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Random random = new Random(i);
        threads.add(
            Thread.ofPlatform()
                .name("writer, " + i)
                .start(
                    () -> {
                      for (int each = 0; each < EVENTS; each++) {
                        WIDE.record(main, random(random));
                      }
                    }));
      }
      for (Thread each : threads) {
        each.join();
      }
      pagewheel.buffers().save(file);
    }
    return file;
  }

  /** Flags are one text in a table. */
  private static String asRow(String json) {
    Matcher line = JSON.matcher(json);
    assertTrue(line.matches(), json);
    String fields =
        FLAGS
            .matcher(line.group(3))
            .replaceFirst(
                found -> "\"l\":\"" + found.group(1).replaceAll("\"", "").replace(',', '|') + '"');
    return "{\"ts\":" + line.group(1) + "," + line.group(2) + "," + fields + "}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"overwrite", "discard"})
  void everyKindOfComponentIsAsInJsonAndForTraceCmd(String mode) throws Exception {
    Path file = record(mode);
    Asking asking = new Asking(directory);
    List<String> json = Asking.query(file);
    List<String> expected =
        json.stream()
            .filter(line -> line.contains("agree:wide"))
            .map(AgreementTest::asRow)
            .toList();
    assertTrue(expected.size() > 100 && expected.size() < 3 * EVENTS, expected.size() + " events");
    List<String> rows =
        asking.sql(file, RowLines.Format.JSONL, "from agree.wide").stream()
            .map(line -> line.replaceFirst(",\"buffer\":\"[^\"]*\"", ""))
            .toList();
    for (int i = 0; i < Math.min(expected.size(), rows.size()); i++) {
      assertEquals(
          expected.get(i).replaceFirst(",\"buffer\":\"[^\"]*\"", ""), rows.get(i), "row " + i);
    }
    assertEquals(expected.size(), rows.size());

    List<String> reported =
        Recorded.report(file).stream()
            .map(REPORT::matcher)
            .filter(Matcher::matches)
            .map(
                line ->
                    "%d,%d,%s"
                        .formatted(
                            Long.parseLong(line.group(3)) * 1_000_000_000
                                + Long.parseLong(line.group(4)),
                            Integer.parseInt(line.group(2)),
                            line.group(1)))
            .sorted()
            .toList();
    assertEquals(
        reported, asking.csv(file, "select ts, cpu, tid from wide").stream().sorted().toList());

    long lost =
        json.stream()
            .map(LOST::matcher)
            .filter(Matcher::matches)
            .mapToLong(line -> Long.parseLong(line.group(1)))
            .sum();
    String losses =
        asking
            .csv(file, "select coalesce(sum(count), 0), count(ts) = count(*) from losses")
            .getFirst();
    if (mode.equals("overwrite")) {
      assertEquals(lost + ",true", losses);
    } else {
      assertEquals((3 * EVENTS - expected.size()) + ",false", losses);
    }
  }

  /** All types of kernels, by number. */
  @ParameterizedTest
  @ValueSource(strings = {"sched", "discard", "idle", "tsc", "counter", "instance", "subbuf16"})
  void eventsOfAKernelAreAsInJson(String name) throws Exception {
    Path file = Asking.kernel(name);
    Map<String, Long> expected =
        Asking.query(file).stream()
            .filter(line -> line.contains("\"event\":"))
            .map(line -> EVENT.matcher(line).replaceFirst("$1,$2,$3,$4"))
            .collect(Collectors.groupingBy(line -> line, Collectors.counting()));
    Map<String, Long> found =
        new Asking(directory)
            .csv(file, "select ts, cpu, tid, type from events").stream()
                .collect(Collectors.groupingBy(line -> line, Collectors.counting()));
    assertEquals(expected, found);
  }

  @Test
  void everyTypeOfAKernelHasItsRows() throws Exception {
    Path file = Asking.kernel("sched");
    Asking asking = new Asking(directory);
    List<String> types =
        asking.csv(file, "select type, count(*) from events group by all order by 1");
    assertTrue(types.size() > 10, types::toString);
    String each =
        types.stream()
            .map(line -> line.substring(0, line.indexOf(',')))
            .map(type -> "select '%s', count(*) from %s".formatted(type, type.replace(':', '.')))
            .collect(Collectors.joining(" union all ", "", " order by 1"));
    assertEquals(types, asking.csv(file, each));
  }
}
