package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of the example {@code json}, beside what trace-cmd prints of the same events. */
class JsonLinesIT {
  private static final ConfigParseOptions JSON =
      ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);

  private static final Pattern LINE =
      Pattern.compile(" *\\S.*-(\\d+) +\\[(\\d+)] +(\\d+)\\.(\\d{9}): +(\\w+): +(.*)");

  private static final String TITLE = "Take events instead of pages";

  @TempDir Path directory;

  @Test
  void eachLineSaysWhatTraceCmdPrints() throws Exception {
    var result = Program.pagewheel(directory, "-c", ExamplesIT.commands(TITLE, "json"));
    result.assertStatus(0);
    assertEquals("", result.err());
    Map<String, Queue<Config>> events = new HashMap<>();
    for (String line : Files.readAllLines(directory.resolve("events.jsonl"))) {
      Config event = ConfigFactory.parseString(line, JSON);
      if (event.hasPathOrNull("lost")) {
        continue; // in the ring: then the file beside it has lost them, too
      }
      String key = key(event.getInt("cpu"), event.getLong("time"), event.getInt("pid"));
      events.computeIfAbsent(key, first -> new ArrayDeque<>()).add(event);
    }
    int same = 0;
    for (Matcher line : report()) {
      long time = Long.parseLong(line.group(3) + line.group(4));
      int pid = Integer.parseInt(line.group(1));
      Queue<Config> equal = events.get(key(Integer.parseInt(line.group(2)), time, pid));
      assertTrue(equal != null && !equal.isEmpty(), () -> "missing: " + line.group());
      assertSame(equal.remove(), line);
      same++;
    }
    assertTrue(same > 100, "only " + same + " lines");
  }

  /** Events of a thread with one time, which are few, are in their order. */
  private static String key(int cpu, long time, int pid) {
    return cpu + " " + time + " " + pid;
  }

  private List<Matcher> report() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory.resolve("traces"))) {
      files = all.filter(file -> file.toString().endsWith(".dat")).toList();
    }
    assertEquals(1, files.size(), files::toString);
    List<Matcher> lines = new ArrayList<>();
    for (String line : Program.report(files.getFirst())) {
      if (line.contains("[")) { // not the number of CPUs
        Matcher event = LINE.matcher(line);
        if (!line.endsWith(" EVENTS DROPPED]")) {
          assertTrue(event.matches(), line);
          lines.add(event);
        }
      }
    }
    return lines;
  }

  private static void assertSame(Config event, Matcher line) {
    assertEquals(Integer.parseInt(line.group(1)), event.getInt("pid"), line::group);
    assertTrue(event.getString("event").endsWith(":" + line.group(5)), line::group);
    Map<String, Object> fields = event.getObject("fields").unwrapped();
    if (event.getString("event").equals("ftrace:print")) {
      assertEquals("mark: " + fields.get("buf"), line.group(6));
      return;
    }
    assertTrue(!fields.isEmpty(), line::group);
    String all = " " + line.group(6) + " ";
    fields.forEach(
        (name, value) -> {
          String field = " " + name + "=";
          boolean isReal = all.matches(".*" + field + "-?\\d+\\.\\d{6} .*");
          String text = isReal ? "%f".formatted(((Number) value).doubleValue()) : "" + value;
          assertTrue(all.contains(field + text + " "), () -> event + " is not " + all);
        });
  }
}
