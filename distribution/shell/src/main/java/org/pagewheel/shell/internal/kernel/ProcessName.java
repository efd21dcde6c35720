package org.pagewheel.shell.internal.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of what belongs to a process and outlives a kill: {@code PREFIX-PID-START}. A process of
 * that number which started at another time is another one.
 */
final class ProcessName {
  private static final Pattern NUMBERS = Pattern.compile("-(\\d{1,10})-(\\d{1,20})");

  /** The field of {@code /proc/PID/stat} after the name, which ends with a bracket. */
  private static final int START_TIME = 19;

  private ProcessName() {}

  /** The name of what belongs to this process. */
  static String own(String prefix) throws IOException {
    long pid = ProcessHandle.current().pid();
    return prefix + "-" + pid + "-" + startTime(pid).orElseThrow();
  }

  /** Whether it is such a name, and its process has ended. */
  static boolean isDead(String prefix, String name) throws IOException {
    if (!name.startsWith(prefix)) {
      return false;
    }
    Matcher numbers = NUMBERS.matcher(name.substring(prefix.length()));
    return numbers.matches()
        && !startTime(Long.parseLong(numbers.group(1))).equals(Optional.of(numbers.group(2)));
  }

  /** When a process started, in ticks since the boot; empty if there is none. */
  private static Optional<String> startTime(long pid) throws IOException {
    Path process = Path.of("/proc", "" + pid);
    try {
      String stat = Files.readString(process.resolve("stat"));
      return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[START_TIME]);
    } catch (IOException e) {
      if (Files.exists(process)) {
        throw e;
      }
      return Optional.empty(); // it may have ended while it was read
    }
  }
}
