package org.pagewheel.consumer.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the real {@code trace-cmd} finds in files. */
public final class Recorded {
  private static final Pattern LINE =
      Pattern.compile(".*\\[(\\d+)\\] +\\d+\\.\\d+: \\w+: +n=(\\d+)");

  private static final Pattern FLAGS = Pattern.compile("(?m)^(.*? \\[\\d+\\]) [.\\w#]{5}(?= *\\d)");

  private static final Pattern LOST = Pattern.compile("CPU:(\\d+) \\[(\\d*) ?EVENTS DROPPED\\]");

  private Recorded() {}

  /** All files of a directory, hidden ones too, by name. */
  public static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  /** Their names. */
  public static List<String> names(Path directory) throws IOException {
    return files(directory).stream().map(file -> file.getFileName().toString()).toList();
  }

  /** The lines of the report, with which nothing may be wrong. */
  public static List<String> report(Path file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("trace-cmd", "report", "-t", file.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    assertFalse(text.contains("UNKNOWN EVENT"), text);
    assertFalse(text.contains("FAILED TO PARSE"), text);
    return withoutFlags(text).lines().toList();
  }

  /** A report without the column of latency flags that trace-cmd prints from 3.2 on. */
  public static String withoutFlags(String report) {
    return FLAGS.matcher(report).replaceAll("$1");
  }

  /**
   * The numbers of a CPU's events in all files of a directory; a loss that is told stands among
   * them as −n, one without a number as −1000000.
   */
  public static List<Integer> numbers(Path directory, int cpu)
      throws IOException, InterruptedException {
    return numbers(files(directory), cpu);
  }

  /** The same of some files, in their order. */
  public static List<Integer> numbers(List<Path> files, int cpu)
      throws IOException, InterruptedException {
    List<Integer> numbers = new ArrayList<>();
    for (Path file : files) {
      for (String line : report(file)) {
        Matcher lost = LOST.matcher(line);
        Matcher event = LINE.matcher(line);
        if (lost.matches() && Integer.parseInt(lost.group(1)) == cpu) {
          numbers.add(lost.group(2).isEmpty() ? -1_000_000 : -Integer.parseInt(lost.group(2)));
        } else if (event.matches() && Integer.parseInt(event.group(1)) == cpu) {
          numbers.add(Integer.parseInt(event.group(2)));
        }
      }
    }
    return numbers;
  }

  /** Fails unless the numbers rise from 0 by 1, gaps being exactly those that are told as lost. */
  public static int checkAccount(List<Integer> numbers) {
    int next = 0;
    for (int number : numbers) {
      if (number < 0) {
        next -= number;
      } else {
        assertEquals(next, number);
        next++;
      }
    }
    return next;
  }
}
