package org.pagewheel.shell.internal.doctor;

import java.io.IOException;
import java.lang.foreign.Linker;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pagewheel.Clock;
import org.pagewheel.spi.OwnDirectory;

/** What Pagewheel can do on a machine with this process's rights. */
public final class Machine {
  private static final int JDK = 25;
  private static final int READS = 10_000;
  private static final int ROUNDS = 10;

  /** Above this, reading the clock is most of the cost of an event. */
  private static final long SLOW_NANOS = 100;

  private static final long FEW_FILES = 1024;
  private static final long LITTLE_DISK = 256L << 20;
  private static final String CLOCK =
      "sys/devices/system/clocksource/clocksource0/current_clocksource";

  private final Path root;

  /**
   * Looks at one.
   *
   * @param root the directory of its {@code /proc} and {@code /sys}
   */
  public Machine(Path root) {
    this.root = root;
  }

  /** All checks except those of directories. */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(nativeAccess());
    findings.add(clock());
    findings.add(counter());
    findings.add(tracefs());
    findings.add(files());
    return findings;
  }

  private static Finding java() {
    String found = Runtime.version() + " in " + System.getProperty("java.home");
    return Runtime.version().feature() >= JDK
        ? Finding.good("java", found)
        : Finding.fault("java", found, "install a JDK " + JDK + ", or set PAGEWHEEL_JAVA to one");
  }

  @SuppressWarnings("restricted")
  private static Finding nativeAccess() {
    if (Machine.class.getModule().isNativeAccessEnabled()) {
      boolean hasCpu = Linker.nativeLinker().defaultLookup().find("sched_getcpu").isPresent();
      return hasCpu
          ? Finding.good("native access", "allowed")
          : Finding.note(
              "native access",
              "allowed, but there is no sched_getcpu",
              "events are spread over CPUs by thread instead");
    }
    return Finding.note(
        "native access",
        "refused",
        "start the JVM with --enable-native-access=ALL-UNNAMED: without it rings are on the heap");
  }

  /** Which clock the kernel uses does not matter, only the cost of reading it. */
  private Finding clock() {
    long cost = Long.MAX_VALUE; // of the least disturbed round
    for (int round = 0; round < ROUNDS; round++) {
      long begin = System.nanoTime();
      for (int i = 0; i < READS; i++) {
        System.nanoTime();
      }
      cost = Math.min(cost, (System.nanoTime() - begin) / READS);
    }
    String source = text(CLOCK).map(name -> name + ", ").orElse("");
    String found = String.format(Locale.ROOT, "%s%d ns to read mono", source, cost);
    return cost <= SLOW_NANOS
        ? Finding.good("clock", found)
        : Finding.note(
            "clock",
            found,
            "each event costs that much: see available_clocksource next to " + root.resolve(CLOCK));
  }

  /** Whether the clocks of the processor's counter, which cost less, can be had. */
  private static Finding counter() {
    String raw = "";
    try {
      raw = Clock.x86Tsc().name();
      return Finding.good("counter", "clocks " + raw + " and " + Clock.monoTsc().name());
    } catch (UnsupportedOperationException e) {
      return raw.isEmpty()
          ? Finding.note("counter", e.getMessage(), "clock = mono does without it")
          : Finding.note("counter", "clock " + raw + "; " + e.getMessage(), "mono-tsc needs it");
    }
  }

  /** Needed only to combine the kernel's events with ours. */
  private Finding tracefs() {
    for (String name : List.of("sys/kernel/tracing", "sys/kernel/debug/tracing")) {
      Path place = root.resolve(name);
      if (Files.exists(place.resolve("trace_clock"), LinkOption.NOFOLLOW_LINKS)) {
        return Files.isWritable(place.resolve("tracing_on"))
            ? Finding.good("tracefs", place + ", for trace-cmd record -C mono")
            : Finding.note(
                "tracefs", place + " belongs to another user", "record the kernel as its owner");
      }
    }
    return Finding.note(
        "tracefs",
        "not mounted, or not visible to this user",
        "for the kernel's events: as root, mount -t tracefs nodev /sys/kernel/tracing");
  }

  private Finding files() {
    Matcher limit =
        Pattern.compile("Max open files +(\\w+)").matcher(text("proc/self/limits").orElse(""));
    if (!limit.find()) {
      return Finding.note("open files", "no limit is known", "");
    }
    String most = limit.group(1);
    boolean few = most.matches("\\d{1,18}") && Long.parseLong(most) < FEW_FILES;
    return few
        ? Finding.note("open files", "at most " + most, "ulimit -n 4096 before it is started")
        : Finding.good("open files", "at most " + most);
  }

  /** A directory for files: its owner, who may write there, and how much room is left. */
  public static Finding place(String check, Path directory) {
    try {
      if (!Files.isDirectory(directory)) {
        return Finding.note(check, directory + " does not exist", "it is made when it is needed");
      }
      Path real = directory.toRealPath();
      int mode = (Integer) Files.getAttribute(real, "unix:mode");
      String owner = String.valueOf(Files.getOwner(real));
      String found =
          String.format(
              Locale.ROOT,
              "%s of %s, %o, %,d MiB free",
              real,
              owner,
              mode & 07777,
              Files.getFileStore(real).getUsableSpace() >> 20);
      try {
        OwnDirectory.check(real); // the runtime's own requirements
      } catch (IOException e) {
        return Finding.fault(check, found, e.getMessage());
      }
      if (!Files.isWritable(real)) {
        return Finding.note(check, found, "this user cannot write into it");
      }
      return Files.getFileStore(real).getUsableSpace() < LITTLE_DISK
          ? Finding.note(check, found, "little room is left")
          : Finding.good(check, found);
    } catch (IOException | RuntimeException e) {
      return Finding.note(check, directory + " cannot be looked at", e.getMessage());
    }
  }

  private Optional<String> text(String name) {
    try {
      return Optional.of(Files.readString(root.resolve(name)).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
