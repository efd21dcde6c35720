package org.pagewheel.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.tracedat.TraceOption;

/** Exports in the Common Trace Format have what JSON lines have, for the real babeltrace2. */
class CtfTest {
  private static final Path SCRIPT = Path.of("src", "test", "babeltrace", "agree.py");
  private static final Pattern DISCARDED = Pattern.compile("[Dd]iscarded (\\d+) event");

  @TempDir Path directory;

  private static String run(int status, String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(status, process.waitFor(), text);
    return text;
  }

  /** Both formats of a file; returns the notes. */
  private List<String> export(Path file) throws IOException {
    try (Trace trace = Traces.open(file)) {
      Export export = new Export(List.of(trace), Export.Format.CTF);
      export.run(directory.resolve("ctf"));
      try (OutputStream lines = Files.newOutputStream(directory.resolve("lines"))) {
        new Export(List.of(trace), Export.Format.JSONL).run(lines);
      }
      return export.notes();
    }
  }

  private String agree(long wall) throws Exception {
    String ctf = directory.resolve("ctf").toString();
    String lines = directory.resolve("lines").toString();
    return run(0, "/usr/bin/python3", SCRIPT.toString(), ctf, lines, "" + wall).strip();
  }

  /** What the program itself warns of. */
  private long warnedOf() throws Exception {
    String out = run(0, "babeltrace2", directory.resolve("ctf").toString());
    Matcher warning = DISCARDED.matcher(out);
    long all = 0;
    while (warning.find()) {
      all += Long.parseLong(warning.group(1));
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sched", "idle", "instance", "subbuf16", "discard", "boot", "tsc", "counter"})
  void aKernelTraceIsTheSame(String name) throws Exception {
    Path file = TraceMaker.kernel(name);
    export(file);
    String[] counts = agree(0).split(" ");
    long events = TraceCmd.report(file).stream().filter(line -> !line.endsWith("DROPPED]")).count();
    assertEquals(events, Long.parseLong(counts[0]));
    assertEquals(Long.parseLong(counts[1]), warnedOf());
  }

  private static final String REFUSED = "CPU: 1\nentries: 1\noverrun: 3\ndropped events: 9\n";

  @Test
  void lossesAreWhereTheyWereAndTimesAreOfTheDay() throws Exception {
    Path file = directory.resolve("whole.dat");
    TraceMaker maker = new TraceMaker(file, 3).type("tick", "n", "u64 m");
    long wall = 1_700_000_000_123_456_789L;
    maker.option(TraceOption.version(77, wall)).option(TraceOption.text(2, REFUSED));
    Random random = new Random(3);
    long time = 5_000_000_000L;
    long lost = 9;
    for (int i = 0; i < 5000; i++) {
      int cpu = random.nextInt(2);
      if (i < 4 || random.nextInt(50) == 0) {
        int more = 1 + random.nextInt(1000);
        maker.lose(cpu, more);
        maker.event(cpu, time, 7, "tick", i, -i);
        lost += more;
      }
      maker.event(cpu, time, 8, "tick", i, random.nextLong());
      time += random.nextInt(1000);
    }
    maker.thread(7, "a \"name\"").finish();
    assertTrue(export(file).toString().contains("lost"));
    Path lines = directory.resolve("lines");
    Files.writeString(
        lines,
        Files.readString(lines) + "{\"time\":%d,\"cpu\":1,\"lost\":9}\n".formatted(newest(lines)));
    assertTrue(agree(wall).endsWith(" " + lost));
    assertEquals(lost, warnedOf());
  }

  private static long newest(Path lines) throws IOException {
    String last = Files.readAllLines(lines).getLast();
    return Long.parseLong(last.replaceFirst(".*\"time\":(\\d+).*", "$1"));
  }

  @Test
  void twoExportsHaveTheSameBytes() throws Exception {
    export(TraceMaker.kernel("instance"));
    Path first = directory.resolve("first");
    Files.move(directory.resolve("ctf"), first);
    export(TraceMaker.kernel("instance"));
    assertEquals("", run(0, "diff", "-r", first.toString(), directory.resolve("ctf").toString()));
  }

  @Test
  void whatExistsStaysAsItIs() throws Exception {
    Path ctf = Files.createDirectory(directory.resolve("ctf"));
    export(TraceMaker.kernel("boot")); // an empty directory is as good as none
    Files.delete(directory.resolve("lines"));
    assertThrows(FileAlreadyExistsException.class, () -> export(TraceMaker.kernel("sched")));
    run(0, "babeltrace2", ctf.toString());
    Path file = Files.createFile(directory.resolve("file"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("elsewhere"));
    try (Trace trace = Traces.open(TraceMaker.kernel("boot"))) {
      for (Path target : List.of(file, link, file.resolve("below"), directory.resolve("no/way"))) {
        Export export = new Export(List.of(trace), Export.Format.CTF);
        assertThrows(IOException.class, () -> export.run(target));
      }
    }
    try (var content = Files.list(directory)) {
      assertEquals(3, content.count(), "nothing is left of what failed");
    }
  }
}
