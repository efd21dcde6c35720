package org.pagewheel.tracedat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pagewheel.Clock;
import org.pagewheel.ClockScale;
import org.pagewheel.Counters;

/**
 * A fact about a whole file. Versions 6 and 7 share the numbers; any number may be used, readers
 * pass over those they do not know.
 */
public final class TraceOption {
  private static final String WALL = ", time of day = mono + ";

  /** The number of the process in an option VERSION. */
  private static final String PROCESS = ", process ";

  private static final Pattern NUMBER =
      Pattern.compile("^Pagewheel .*" + PROCESS + "(\\d{1,9})\\b");
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** Microseconds to be added to every time. */
  public static final int DATE = 1;

  /** The counters of one CPU, as text. */
  public static final int CPUSTAT = 2;

  /** The clock's name in brackets. */
  public static final int TRACECLOCK = 4;

  /** The system that recorded. */
  public static final int UNAME = 5;

  /** Nanoseconds to be added to every time. */
  public static final int OFFSET = 7;

  /** The program that recorded. */
  public static final int VERSION = 9;

  /** A number that distinguishes the files of one recording from others. */
  public static final int TRACEID = 11;

  /** How times of the clock {@code x86-tsc} become nanoseconds. */
  public static final int TSC2NSEC = 14;

  private final int id;
  private final byte[] data;

  /**
   * Makes an option.
   *
   * @param id its number, from 1 to 65535
   * @param data its bytes, numbers in the file's byte order; copied
   * @throws IllegalArgumentException if the number is out of range
   */
  public TraceOption(int id, byte[] data) {
    if (id < 1 || id > 0xffff) {
      throw new IllegalArgumentException("option " + id + " is not from 1 to 65535");
    }
    this.id = id;
    this.data = data.clone();
  }

  /**
   * Makes an option of a text.
   *
   * @param id its number, from 1 to 65535
   * @param text its text; a NUL is appended
   * @return an option
   */
  public static TraceOption text(int id, String text) {
    return new TraceOption(id, FileLayout.terminated(text));
  }

  /**
   * The clock of the times in a file.
   *
   * @param name its name without brackets
   * @return an option TRACECLOCK
   */
  public static TraceOption clock(String name) {
    return text(TRACECLOCK, "[" + name + "]");
  }

  /**
   * The system that this process runs on.
   *
   * @return an option UNAME, without the host's name
   */
  public static TraceOption uname() {
    return text(
        UNAME,
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
  }

  /**
   * The program that records: this process, and what time of day the times of the clock mono are.
   *
   * @return an option VERSION
   */
  public static TraceOption version() {
    Instant now = Instant.now();
    long wall = now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
    return version(ProcessHandle.current().pid(), wall - System.nanoTime());
  }

  /**
   * The same for what another process recorded, or at another time.
   *
   * @param process the number of the process
   * @param wallOffset the difference between the clock mono and the time of day then, in
   *     nanoseconds
   * @return an option VERSION
   */
  public static TraceOption version(long process, long wallOffset) {
    return text(
        VERSION,
        "Pagewheel on Java %s%s%d%s%d ns"
            .formatted(Runtime.version(), PROCESS, process, WALL, wallOffset));
  }

  /**
   * What to add to every time, such as to get the time of day: tools then show that, and can no
   * longer combine the file with others that lack it.
   *
   * @param nanos nanoseconds
   * @return an option OFFSET
   */
  public static TraceOption offset(long nanos) {
    return text(OFFSET, Long.toString(nanos));
  }

  /**
   * How times of the clock {@code x86-tsc} become nanoseconds. Tools take no notice of the offset,
   * so it has to be in an option OFFSET as well.
   *
   * @param scale of the clock
   * @param order the file's byte order
   * @return an option TSC2NSEC
   */
  public static TraceOption tsc2nsec(ClockScale scale, ByteOrder order) {
    return new TraceOption(
        TSC2NSEC,
        ByteBuffer.allocate(Long.BYTES + Long.BYTES)
            .order(order)
            .putInt(scale.multiplier())
            .putInt(scale.shift())
            .putLong(scale.offset())
            .array());
  }

  /**
   * A number that distinguishes the files of one recording from others.
   *
   * @param number any number
   * @param order the file's byte order
   * @return an option TRACEID
   */
  public static TraceOption traceId(long number, ByteOrder order) {
    return new TraceOption(
        TRACEID, ByteBuffer.allocate(Long.BYTES).order(order).putLong(number).array());
  }

  /**
   * The account of one CPU, in the lines of the kernel's {@code per_cpu/cpuN/stats}; {@code
   * trace-cmd report --stat} prints it.
   *
   * @param buffer the instance's name; empty for the top buffer
   * @param cpu the CPU
   * @param counters its account
   * @param now the time now on the buffer's clock, in nanoseconds
   * @return an option CPUSTAT
   */
  public static TraceOption cpuStat(String buffer, int cpu, Counters counters, long now) {
    return cpuStat(buffer, cpu, stats(counters, now));
  }

  /**
   * The account of one CPU now.
   *
   * @param buffer the instance's name; empty for the top buffer
   * @param cpu the CPU
   * @param counters its account
   * @param clock the buffer's clock
   * @return an option CPUSTAT
   */
  public static TraceOption cpuStat(String buffer, int cpu, Counters counters, Clock clock) {
    long now = clock.now();
    Optional<ClockScale> scale = clock.scale();
    if (scale.isEmpty()) {
      return cpuStat(buffer, cpu, counters, now);
    }
    boolean isEmpty = counters.oldest() == Counters.NONE;
    long oldest = isEmpty ? Counters.NONE : scale.get().nanos(counters.oldest());
    return cpuStat(buffer, cpu, stats(counters, oldest, scale.get().nanos(now)));
  }

  private static TraceOption cpuStat(String buffer, int cpu, String stats) {
    String title = cpu == 0 && !buffer.isEmpty() ? "Buffer: " + buffer + "\n\n" : "";
    return text(CPUSTAT, title + "CPU: " + cpu + "\n" + stats);
  }

  /**
   * An account in the lines of the kernel's {@code per_cpu/cpuN/stats}.
   *
   * @param counters the account
   * @param now the time now on the buffer's clock, in nanoseconds
   * @return eight lines
   */
  public static String stats(Counters counters, long now) {
    return stats(counters, counters.oldest(), now);
  }

  private static String stats(Counters counters, long oldest, long now) {
    return ("entries: " + counters.unread() + "\n")
        + ("overrun: " + counters.overrun() + "\n")
        + ("commit overrun: " + counters.commitOverrun() + "\n")
        + ("bytes: " + counters.bytes() + "\n")
        + ("oldest event ts: " + seconds(oldest) + "\n")
        + ("now ts: " + seconds(now) + "\n")
        + ("dropped events: " + counters.dropped() + "\n")
        + ("read events: " + counters.read() + "\n");
  }

  /** Rounded as the kernel's {@code ns2usecs} does. */
  private static String seconds(long nanos) {
    long micros = nanos == Counters.NONE ? 0 : Long.divideUnsigned(nanos + 500, 1000);
    return String.format(Locale.ROOT, "%5d.%06d", micros / 1_000_000, micros % 1_000_000);
  }

  /**
   * The difference between the clock mono and the time of day, from an option VERSION of ours.
   *
   * @return nanoseconds to add; empty if it is another option, or does not say
   */
  public OptionalLong wallOffset() {
    String text = id == VERSION ? text() : "";
    int at = text.lastIndexOf(WALL);
    String number = at < 0 ? "" : text.substring(at + WALL.length()).replaceFirst(" ns$", "");
    return number.matches("-?[1-8]?\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(number))
        : OptionalLong.empty();
  }

  /**
   * The process that recorded.
   *
   * @return its number; empty if this is not an option VERSION that names it
   */
  public OptionalInt process() {
    Matcher number = NUMBER.matcher(id == VERSION ? text() : "");
    return number.find() ? OptionalInt.of(Integer.parseInt(number.group(1))) : OptionalInt.empty();
  }

  /**
   * The option's number.
   *
   * @return from 1 to 65535
   */
  public int id() {
    return id;
  }

  /**
   * The option's bytes.
   *
   * @return a copy
   */
  public byte[] data() {
    return data.clone();
  }

  /**
   * The option's bytes as text.
   *
   * @return the text before the first NUL
   */
  public String text() {
    int end = 0;
    while (end < data.length && data[end] != 0) {
      end++;
    }
    return new String(data, 0, end, StandardCharsets.UTF_8);
  }

  byte[] bytes() {
    return data;
  }

  @Override
  public String toString() {
    return "option " + id + " of " + data.length + " bytes";
  }
}
