package org.pagewheel.shell.internal.print;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.pagewheel.Buffer;
import org.pagewheel.Clock;
import org.pagewheel.Counter;
import org.pagewheel.Counters;

/**
 * What {@code stats} returns for a buffer: the kernel's counters of each CPU and their sum, the
 * refusals by cause, and the two sums that must match.
 *
 * @param buffer the buffer's name
 * @param description its backend, mode and size as text
 * @param now its clock's time
 * @param times how its clock's times are shown
 * @param cpus the numbers of the CPUs that have a column
 * @param counters their counters
 * @param total the account of all CPUs, with or without a column
 * @param wall places times in the day; null if they are the clock's own
 */
public record Account(
    String buffer,
    String description,
    long now,
    ShownTimes times,
    List<Integer> cpus,
    List<Counters> counters,
    Counters total,
    WallTime wall) {

  /** The number of columns that fit on a line besides the names and the total. */
  private static final int COLUMNS = 5;

  /** The lines of the kernel's {@code per_cpu/cpuN/stats}, under its names. */
  private static final EnumSet<Counter> KERNEL =
      EnumSet.of(
          Counter.OVERRUN,
          Counter.COMMIT_OVERRUN,
          Counter.BYTES,
          Counter.OLDEST,
          Counter.DROPPED,
          Counter.READ);

  /** One line of the table. */
  private record Line(String name, Function<Counters, String> value) {}

  /**
   * The account of a buffer now.
   *
   * @param buffer the buffer
   * @param cpu the CPU wanted, or −1 for all that were written to
   * @param wall places times in the day; null if they are to be the clock's own
   */
  public static Account of(Buffer buffer, int cpu, WallTime wall) {
    List<Integer> cpus = new ArrayList<>();
    List<Counters> counters = new ArrayList<>();
    Counters total = Counters.ZERO;
    for (int i = 0; i < buffer.readers().cpus(); i++) {
      Counters one = buffer.counters(i);
      total = total.plus(one);
      if (cpu == i || cpu < 0 && (one.written() > 0 || one.refused() > 0)) {
        cpus.add(i);
        counters.add(one);
      }
    }
    Clock clock = buffer.config().clock();
    return new Account(
        buffer.name(),
        Descriptions.of(buffer),
        clock.now(),
        ShownTimes.of(clock),
        List.copyOf(cpus),
        List.copyOf(counters),
        total,
        wall);
  }

  /** Attempts to write: those that were written and those that were refused. */
  static long attempted(Counters counters) {
    return counters.written() + counters.refused();
  }

  /** {@code written 12 = read 0 + unread 10 + overrun 2}. */
  public static String written(Counters counters) {
    return String.format(
        Locale.ROOT,
        "written %,d = read %,d + unread %,d + overrun %,d",
        counters.written(),
        counters.read(),
        counters.unread(),
        counters.overrun());
  }

  /** {@code attempted 13 = written 12 + refused 1 (dropped 1)}: only causes that occurred. */
  public static String attemptedLine(Counters counters) {
    List<String> causes = new ArrayList<>();
    for (Counter counter : Counter.values()) {
      if (counter.isRefusal() && counters.get(counter) > 0) {
        causes.add(String.format(Locale.ROOT, "%s %,d", counter.label(), counters.get(counter)));
      }
    }
    return String.format(
        Locale.ROOT,
        "attempted %,d = written %,d + refused %,d%s",
        attempted(counters),
        counters.written(),
        counters.refused(),
        causes.isEmpty() ? "" : " (" + String.join(", ", causes) + ")");
  }

  /** The table: further CPUs in further blocks. */
  String format() {
    return format(Integer.MAX_VALUE);
  }

  /** The same for a terminal of a width: fewer CPUs in a block, or the sum and each CPU alone. */
  String format(int columns) {
    StringBuilder text = new StringBuilder(description).append('\n');
    int from = 0;
    do {
      int to = Math.min(cpus.size(), from + COLUMNS);
      while (to > from + 1 && isWider(block(true, from, to), columns)) {
        to--;
      }
      if (isWider(block(true, from, to), columns)) {
        text.append(from == 0 ? block(true, from, from) : "").append(block(false, from, to));
      } else {
        text.append(block(true, from, to));
      }
      from = to;
    } while (from < cpus.size());
    return text.append(attemptedLine(total))
        .append('\n')
        .append(written(total))
        .append('\n')
        .toString();
  }

  private static boolean isWider(String block, int columns) {
    return block.lines().anyMatch(line -> line.length() > columns);
  }

  private String block(boolean sum, int from, int to) {
    List<List<String>> cells = new ArrayList<>();
    List<String> heading = new ArrayList<>(sum ? List.of("", "total") : List.of(""));
    cpus.subList(from, to).forEach(cpu -> heading.add("cpu " + cpu));
    cells.add(heading);
    for (Line line : lines()) {
      List<String> row = new ArrayList<>(List.of(line.name()));
      if (sum) {
        row.add(line.value().apply(total));
      }
      counters.subList(from, to).forEach(one -> row.add(line.value().apply(one)));
      cells.add(row);
    }
    boolean[] right = new boolean[heading.size()];
    java.util.Arrays.fill(right, 1, right.length, true);
    return Table.align(cells, right);
  }

  /** First the kernel's lines in the kernel's order and words, then those that the kernel lacks. */
  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("entries", c -> "" + c.unread()));
    lines.add(line("overrun", Counter.OVERRUN));
    lines.add(line("commit overrun", Counter.COMMIT_OVERRUN));
    lines.add(line("bytes", Counter.BYTES));
    lines.add(
        new Line("oldest event ts", c -> c.oldest() == Counters.NONE ? "-" : time(c.oldest())));
    lines.add(new Line("now ts", c -> time(now)));
    lines.add(line("dropped events", Counter.DROPPED));
    lines.add(line("read events", Counter.READ));
    for (Counter counter : EnumSet.complementOf(KERNEL)) {
      if (counter != Counter.CLEARED) { // only in totals
        lines.add(line(counter.label(), counter));
      }
    }
    return lines;
  }

  private String time(long time) {
    long shown = times.shown(time);
    return wall == null ? Descriptions.time(shown, times.areSeconds()).strip() : wall.text(shown);
  }

  /** For JSON: times of day as ISO has them. */
  Map<String, Object> json() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("buffer", buffer);
    map.put("description", description);
    map.put("now", jsonTime(now));
    map.put("total", json(total));
    List<Map<String, Object>> each = new ArrayList<>();
    for (int i = 0; i < cpus.size(); i++) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("cpu", cpus.get(i));
      one.putAll(json(counters.get(i)));
      each.add(one);
    }
    map.put("cpus", each);
    return map;
  }

  private Map<String, Object> json(Counters counters) {
    Map<String, Object> map = Json.counters(counters);
    boolean isAsItIs = wall == null && times.scale().isEmpty();
    if (!isAsItIs && counters.oldest() != Counters.NONE) {
      map.put(Counter.OLDEST.name().toLowerCase(Locale.ROOT), jsonTime(counters.oldest()));
    }
    return map;
  }

  private Object jsonTime(long time) {
    long shown = times.shown(time);
    return wall == null ? (Object) shown : wall.iso(shown);
  }

  private static Line line(String name, Counter counter) {
    return new Line(name, c -> "" + c.get(counter));
  }
}
