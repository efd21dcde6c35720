package org.pagewheel.shell.internal.replay;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pagewheel.Counters;

/**
 * The result of a replay.
 *
 * @param input the file read
 * @param output the file written
 * @param rings the rings that the events went through, in words
 * @param eventsIn events in the input
 * @param eventsOut events in the output
 * @param counters the account of the rings
 * @param losses pages that report a loss, in both files
 * @param lost how many events those report as lost
 * @param adjusted events whose time was moved forward, since a ring's time never runs backwards
 * @param untold losses for which a full page of the output has no room
 */
public record ReplayReport(
    Path input,
    Path output,
    List<String> rings,
    long eventsIn,
    long eventsOut,
    Counters counters,
    long losses,
    long lost,
    long adjusted,
    long untold) {

  /**
   * The report for people.
   *
   * @return lines, each ended by a newline
   */
  public String text() {
    List<String> lines = new ArrayList<>();
    lines.add(input + " -> " + output);
    rings.forEach(ring -> lines.add("  through " + ring));
    lines.add(
        line(
            "  events: %,d in = %,d written = %,d read = %,d out; refused %,d, overrun %,d",
            eventsIn,
            counters.written(),
            counters.read(),
            eventsOut,
            counters.refused(),
            counters.overrun()));
    lines.add(
        line("  losses in the input, reported in the output: %,d, of %,d events", losses, lost));
    if (adjusted > 0) {
      lines.add(
          line(
              "  times that ran back on their CPU and were moved to the one before: %,d",
              adjusted));
    }
    if (untold > 0) {
      lines.add(line("  losses without room on their page, not in the output: %,d", untold));
    }
    lines.add("  compare: trace-cmd report -t, for both");
    return String.join("\n", lines) + "\n";
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
