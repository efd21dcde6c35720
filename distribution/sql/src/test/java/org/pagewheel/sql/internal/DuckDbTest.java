package org.pagewheel.sql.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Buffer;
import org.pagewheel.analysis.RowLines;
import org.pagewheel.analysis.Tables;
import org.pagewheel.analysis.Trace;
import org.pagewheel.analysis.Traces;
import org.pagewheel.event.DurationType;
import org.pagewheel.event.EventType;
import org.pagewheel.event.Name;
import org.pagewheel.event.SpanType;
import org.pagewheel.runtime.Pagewheel;

/** What can be asked, what is refused, and what is left behind. */
class DuckDbTest {
  record Placed(long id, String symbol) {}

  record Request(long id, String symbol) {}

  record Answer(int status) {}

  record Parsed(int bytes) {}

  /** Names that columns of all events have, too. */
  record Odd(long ts, int cpu, @Name("thread") String its, int tid) {}

  private static final EventType<Placed> PLACED = EventType.of("asked", Placed.class);
  private static final EventType<Odd> ODD = EventType.of("asked", Odd.class);
  private static final SpanType<Request, Answer> REQUEST =
      SpanType.of("asked", Request.class, Answer.class);
  private static final DurationType<Parsed> PARSED = DurationType.of("asked", Parsed.class);

  @TempDir Path directory;
  private Path file;
  private Asking asking;

  /** Four orders; a request with a result, one without, and one that does not end. */
  @BeforeEach
  void record() throws Exception {
    file = directory.resolve("asked.dat");
    asking = new Asking(directory);
    try (Pagewheel pagewheel = Pagewheel.start(Map.of("pagewheel.sources.jvm.enabled", "false"))) {
      Buffer main = pagewheel.buffers().get("main");
      for (int i = 0; i < 4; i++) {
        PLACED.record(main, new Placed(i, "S" + i % 2));
      }
      ODD.record(main, new Odd(-7, 77, "its own", 777));
      try (var request = REQUEST.begin(main, new Request(10, "X"))) {
        request.end(new Answer(200));
      }
      REQUEST.begin(main, new Request(11, "Y")).close();
      REQUEST.begin(main, new Request(12, "Z"));
      try (var parsed = PARSED.begin(main)) {
        parsed.end(new Parsed(5));
      }
      pagewheel.buffers().save(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"asked.placed", "asked_placed", "placed", "ASKED.Placed", "\"placed\""})
  void aTypeHasThreeNames(String name) throws Exception {
    assertEquals(
        List.of("S0,2,2.0", "S1,2,4.0"),
        asking.csv(
            file,
            "select symbol, count(*), sum(id)::double from " + name + " group by 1 order by 1"));
  }

  @Test
  void aFieldWithTheNameOfAColumnGetsANumber() throws Exception {
    assertEquals(
        List.of("-7,77,its own,777,true"),
        asking.csv(file, "select ts_2, cpu_2, thread_2, tid_2, ts > 0 and thread <> '' from odd"));
  }

  @Test
  void spansHaveTheirHalves() throws Exception {
    assertEquals(
        List.of(
            "asked:parsed,,,true,5",
            "asked:request,10,false,true,200",
            "asked:request,11,true,true,",
            "asked:request,12,,,"),
        asking.csv(
            file,
            "select type, fields['id'], case when id is null then null else failed end,"
                + " duration >= 0 and end_ts = ts + duration,"
                + " coalesce(fields['bytes'], fields['status']) from spans order by type, ts"));
    assertEquals(
        List.of("{\"fields\":{\"id\":\"10\",\"symbol\":\"X\",\"status\":\"200\"}}"),
        asking.sql(
            file, RowLines.Format.JSONL, "select fields from spans where id is not null limit 1"));
  }

  @Test
  void threadsAndEvents() throws Exception {
    long tid = Long.parseLong(asking.csv(file, "select distinct tid from placed").getFirst());
    assertEquals(
        asking.csv(file, "select distinct thread from placed"),
        asking.csv(file, "select thread from threads where tid = " + tid));
    assertEquals(
        List.of("id=3 symbol=S1"),
        asking.csv(
            file, "select text from events where type = 'asked:placed' order by ts desc limit 1"));
  }

  @Test
  void timesOfDayAreTimestamps() throws Exception {
    try (Trace trace = Traces.open(file)) {
      StringBuilder lines = new StringBuilder();
      try (RowLines rows =
          new RowLines(RowLines.Format.CSV, line -> lines.append(line).append('\n') != null)) {
        asking
            .engine()
            .ask(
                new Tables(List.of(trace), true),
                "select typeof(ts), abs(epoch(ts) - epoch(now())) < 3600 from placed limit 1",
                rows);
      }
      assertTrue(lines.toString().endsWith("TIMESTAMP_NS,true\n"), lines::toString);
    }
  }

  @Test
  void valuesOfAllKindsArePrinted() throws Exception {
    String sql =
        "select 18446744073709551615::ubigint u, 170141183460469231731687303715884105727::hugeint"
            + " h, [1, null] l, {'a': 1.5} s, map {'k': 'v'} m, null n, true b, 1.25::decimal(9,2)"
            + " d, '\\xff'::blob x, date '2026-11-30' t, 'nan'::double f, 'a,\"b' q";
    assertEquals(
        List.of(
            "{\"u\":18446744073709551615,\"h\":170141183460469231731687303715884105727,"
                + "\"l\":[1,null],\"s\":{\"a\":1.5},\"m\":{\"k\":\"v\"},\"n\":null,\"b\":true,"
                + "\"d\":1.25,\"x\":[255],\"t\":\"2026-11-30\",\"f\":\"NaN\",\"q\":\"a,\\\"b\"}"),
        asking.sql(file, RowLines.Format.JSONL, sql));
    assertEquals(
        List.of(
            "18446744073709551615,170141183460469231731687303715884105727,\"[1,null]\","
                + "\"{\"\"a\"\":1.5}\",\"{\"\"k\"\":\"\"v\"\"}\",,true,1.25,[255],2026-11-30,NaN,"
                + "\"a,\"\"b\""),
        asking.csv(file, sql));
    assertEquals(
        List.of(" n  t", " 1  NULL", "10  x"),
        asking.sql(
            file,
            RowLines.Format.TEXT,
            "select * from (values (1, null), (10, 'x')) v(n, t) order by n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "selct 1 | Parser Error: syntax error at or near \"selct\" (line 1, column 1)",
        "select * from placd | Did you mean \"placed\"? (line 1, column 15)",
        "select idd from placed | Referenced column \"idd\" not found",
        "select * from read_csv('/etc/passwd') | file system operations are disabled",
        "select * from '/etc/passwd' | does not exist",
        "copy placed to '/tmp/pagewheel-sql-test.csv' | file system operations are disabled",
        "attach '/tmp/pagewheel-sql-test.db' | file system operations are disabled",
        "install httpfs | file system operations are disabled",
        "load httpfs | disabled",
        "set threads = 1 | the configuration has been locked",
        "set enable_external_access = true | the configuration has been locked",
        "select cast(symbol as int) from placed | Could not convert string 'S0' to INT32",
        "select ? | Parameter count mismatch",
        "create table x(a int) | ask with select"
      })
  void whatCannotBeAskedIsOneLineInDuckDbsWords(String sql, String part) {
    Exception refused = assertThrows(Exception.class, () -> asking.csv(file, sql));
    assertTrue(
        refused instanceof IOException || refused instanceof IllegalArgumentException,
        refused::toString);
    assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
    assertTrue(refused.getMessage().contains(part), refused.getMessage());
    assertFalse(refused.getMessage().contains("Exception"), refused.getMessage());
    assertFalse(Files.exists(Path.of("/tmp/pagewheel-sql-test.csv")));
    assertFalse(Files.exists(Path.of("/tmp/pagewheel-sql-test.db")));
  }

  @Test
  void severalStatementsWork() throws Exception {
    assertEquals(
        List.of("4"),
        asking.csv(file, "create table mine as from placed; select count(*) from mine"));
    assertEquals(
        List.of("4"), asking.csv(file, "select count(*) from query_table('pla' || 'ced')"));
    assertTrue(asking.csv(file, "show tables").contains("asked_placed"));
  }

  @Test
  void parquetIsAFile() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Trace trace = Traces.open(file)) {
      Tables tables = new Tables(List.of(trace), false);
      assertEquals(4, asking.engine().parquet(tables, "from placed -- all\n;", out));
    }
    byte[] bytes = out.toByteArray();
    byte[] magic = "PAR1".getBytes(StandardCharsets.UTF_8);
    assertTrue(Arrays.equals(magic, Arrays.copyOf(bytes, 4)), bytes.length + " bytes");
  }

  @Test
  void whatDoesNotFitIntoMemoryIsSpilledAndGone() throws Exception {
    Path left = directory.resolve("pagewheel").resolve("sql-dead");
    Files.createDirectories(left);
    Files.writeString(left.resolve("lock"), "");
    Files.writeString(left.resolve("spill"), "of a process that was killed");
    Path alive = directory.resolve("pagewheel").resolve("sql-alive");
    Files.createDirectories(alive);
    try (FileChannel channel =
            FileChannel.open(
                alive.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      assertTrue(lock.isValid());
      assertEquals(
          List.of("6000000"),
          asking.csv(
              file,
              "select count(*) from (select i, md5(i::varchar) m from range(6000000) t(i)"
                  + " order by i % 1000003, i offset 0) where m is not null"));
    }
    try (Stream<Path> all = Files.list(directory.resolve("pagewheel"))) {
      assertEquals(List.of(alive), all.toList());
    }
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    Throwable[] thrown = new Throwable[1];
    Thread asks =
        Thread.ofPlatform()
            .start(
                () ->
                    thrown[0] =
                        assertThrows(
                            IOException.class,
                            () ->
                                asking.csv(
                                    file,
                                    "select count(*) from range(10000000000) a, range(1000) b"
                                        + " where hash(a.range) % 7 = hash(b.range) % 7")));
    while (asks.isAlive() && !isWatched()) {
      Thread.onSpinWait();
    }
    asks.interrupt();
    assertTrue(asks.join(Duration.ofMinutes(5)), "it goes on");
    assertEquals("it was interrupted", thrown[0].getMessage());
  }

  private static boolean isWatched() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals(Watch.NAME));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sched", "instance"})
  void anyBytesEnd(String name) throws Exception {
    byte[] bytes = Files.readAllBytes(Asking.kernel(name));
    Random random = new Random(name.hashCode());
    Path hostile = directory.resolve("hostile.dat");
    for (int round = 0; round < 12; round++) {
      byte[] changed = bytes.clone();
      int count = 1 + random.nextInt(20);
      for (int i = 0; i < count; i++) {
        // Half of them in the formats, which come first.
        int at = random.nextInt(random.nextBoolean() ? changed.length : changed.length / 4);
        changed[at] = (byte) (random.nextBoolean() ? random.nextInt() : 0xff);
      }
      Files.write(hostile, changed);
      assertTimeoutPreemptively(Duration.ofMinutes(5), () -> all(hostile));
    }
  }

  private void all(Path hostile) {
    try {
      asking.csv(hostile, "select count(text) from events, query_table('spans')");
    } catch (IOException | IllegalArgumentException e) {
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }
  }
}
