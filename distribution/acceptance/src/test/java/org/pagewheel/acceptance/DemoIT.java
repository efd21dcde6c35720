package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.acceptance.Program.Result;

/** What {@code pagewheel demo} shows, and what it leaves behind. */
class DemoIT {
  private static final Pattern ATTEMPTED =
      Pattern.compile(
          "attempted ([\\d,]+) = written ([\\d,]+) \\+ refused ([\\d,]+)(?: \\((.*)\\))?");
  private static final Pattern WRITTEN =
      Pattern.compile(
          "written ([\\d,]+) = read ([\\d,]+) \\+ unread ([\\d,]+) \\+ overrun ([\\d,]+)");

  @TempDir Path directory;

  private static long number(String text) {
    return Long.parseLong(text.replace(",", ""));
  }

  private static Matcher find(Pattern pattern, Result result) {
    Matcher matcher = pattern.matcher(result.out());
    assertTrue(matcher.find(), result::toString);
    return matcher;
  }

  private static void assertAccount(Result result) {
    Matcher attempted = find(ATTEMPTED, result);
    long written = number(attempted.group(2));
    assertEquals(number(attempted.group(1)), written + number(attempted.group(3)));
    Matcher kept = find(WRITTEN, result);
    assertEquals(written, number(kept.group(1)));
    assertEquals(written, number(kept.group(2)) + number(kept.group(3)) + number(kept.group(4)));
  }

  @Test
  void recordsDrawsSavesAndAccounts() throws Exception {
    Result result = Program.pagewheel(directory, "demo").assertStatus(0);
    assertEquals("", result.err());
    result.lines().forEach(line -> assertTrue(line.length() <= 100, line));
    for (String part :
        List.of("While they trade:", "At the end:", "head", "tail", "reader", "-->")) {
      assertTrue(result.out().contains(part), part);
    }
    assertAccount(result);
    Path file = directory.resolve("pagewheel-demo.dat");
    assertTrue(result.out().contains("wrote " + file.toRealPath()), result::toString);
    List<String> report = Program.report(file);
    for (int i = 1; i <= 4; i++) {
      String trader = "trader-" + i + "-";
      assertTrue(report.stream().anyMatch(line -> line.strip().startsWith(trader)), trader);
    }
    for (String part :
        List.of("bundle_found:", "the exchange opens", "the exchange closes", "side=SELL")) {
      assertTrue(report.stream().anyMatch(line -> line.contains(part)), part);
    }
    assertTrue(report.stream().anyMatch(line -> line.matches(".* price=\\d+\\.\\d{6} qty=\\d+")));
  }

  @Test
  void honoursTheConfigurationAndTellsLosses() throws Exception {
    Result result =
        Program.pagewheel(
                directory,
                "-Dpagewheel.buffers.main.pages=4",
                "-Dpagewheel.buffers.main.page-size=8192",
                "-Dpagewheel.buffers.main.mode=discard",
                "demo",
                "-o",
                "small.dat")
            .assertStatus(0);
    assertTrue(result.out().contains("mode discard, 4 pages of 8,192 bytes"), result::toString);
    assertAccount(result);
    assertTrue(find(ATTEMPTED, result).group(4).startsWith("dropped "), result::toString);
    Program.report(directory.resolve("small.dat"));
  }

  @Test
  void anOverwritingRingTellsWhatItLost() throws Exception {
    Result result =
        Program.pagewheel(directory, "-Dpagewheel.buffers.main.pages=4", "demo", "-o", "few.dat")
            .assertStatus(0);
    assertAccount(result);
    assertTrue(number(find(WRITTEN, result).group(4)) > 0, result::toString);
    List<String> report = Program.report(directory.resolve("few.dat"));
    assertTrue(report.stream().anyMatch(line -> line.endsWith(" EVENTS DROPPED]")));
  }

  @Test
  void wrongArgumentsGiveOneLineAndStatusTwo() throws Exception {
    Program.pagewheel(directory, "demo", "loud")
        .assertStatus(2)
        .assertOneErrorLine("usage: demo [-n ORDERS] [-o OUT.dat]");
    Program.pagewheel(directory, "demo", "-o")
        .assertStatus(2)
        .assertOneErrorLine("no value after -o");
    Program.pagewheel(directory, "demo", "-n", "many")
        .assertStatus(2)
        .assertOneErrorLine("-n must be a whole number of at least 0, not 'many'");
    assertEquals(0, Files.list(directory).count());
  }
}
