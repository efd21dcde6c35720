package org.pagewheel.shell.internal.print;

import java.util.BitSet;
import java.util.Locale;
import java.util.Set;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.spi.CpuList;

/** Descriptions of things in words. */
public final class Descriptions {
  private static final Set<String> CLOCKS_OF_TIME =
      Set.of("mono", "mono_raw", "local", "global", "uptime", "perf", "boot", "tai");

  private Descriptions() {}

  /** {@code main: backend heap, overwrite, 256 pages of 4,096 bytes per CPU, clock mono, on}. */
  public static String of(Buffer buffer) {
    BufferConfig config = buffer.config();
    return String.format(
        Locale.ROOT,
        "%s: backend %s, mode %s, %,d pages of %,d bytes, %d CPUs, clock %s, %s",
        buffer.name(),
        config.backend(),
        config.mode().name().toLowerCase(Locale.ROOT),
        config.pages(),
        config.pageSize(),
        config.cpus(),
        config.clock().name(),
        buffer.isOn() ? "on" + some(buffer) : buffer.offReason().orElse("off"));
  }

  /** {@code on CPUs 0-3,7}, unless it records on all. */
  private static String some(Buffer buffer) {
    BitSet cpus = buffer.recordedCpus();
    return cpus.cardinality() == buffer.config().cpus() ? "" : " on CPUs " + CpuList.text(cpus);
  }

  /**
   * Whether times of a clock are nanoseconds, to be shown as seconds; {@code counter}, {@code
   * x86-tsc} and the like count something else.
   */
  public static boolean inSeconds(String clock) {
    return CLOCKS_OF_TIME.contains(clock);
  }

  /** A time: seconds with nine places, or just the number. */
  static String time(long time, boolean seconds) {
    return seconds
        ? String.format(Locale.ROOT, "%5d.%09d", time / 1_000_000_000, time % 1_000_000_000)
        : Long.toUnsignedString(time);
  }

  /** A size in people's units. */
  public static String bytes(long bytes) {
    if (bytes < 10_000) {
      return bytes + " bytes";
    }
    return bytes < 10L << 20
        ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
        : String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }
}
