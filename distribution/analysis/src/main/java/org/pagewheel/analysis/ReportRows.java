package org.pagewheel.analysis;

import java.util.List;

/** Lines like those of {@code trace-cmd report -N}. */
final class ReportRows implements RowWriter {
  private static final int THREAD_WIDTH = 16;
  private static final int TID_WIDTH = 5;
  private static final int NAME_WIDTH = 21;
  private static final int COUNT_WIDTH = 11;
  private static final long SECOND = 1_000_000_000;

  private final Cells cells;
  private final Style style;
  private final boolean isNanosShown;

  /** Whether a line begins with the name of its file. */
  private final boolean areSeveral;

  /** The width of the names of instances and files; 0 if there is only one buffer. */
  private final int labelWidth;

  /** A loss has the name, and the event after it does not. */
  private boolean isLabelled;

  private final StringBuilder line = new StringBuilder();

  /**
   * Prepares to write.
   *
   * @param isNanosShown whether times have nine places, as with {@code -t}, and not six
   */
  ReportRows(List<Trace> traces, Cells cells, Style style, boolean isNanosShown) {
    this.cells = cells;
    this.style = style;
    this.isNanosShown = isNanosShown;
    this.areSeveral = traces.size() > 1;
    this.labelWidth =
        traces.stream()
            .flatMap(trace -> trace.lanes().stream().map(lane -> label(trace, lane).length()))
            .max(Integer::compare)
            .orElse(0);
  }

  private String label(Trace trace, Lane lane) {
    return lane.buffer().isEmpty() && areSeveral ? fileName(trace) : lane.buffer();
  }

  private static String fileName(Trace trace) {
    return trace.name().substring(trace.name().lastIndexOf('/') + 1);
  }

  @Override
  public String header() {
    return null;
  }

  private void label(LaneEvents at) {
    if (labelWidth > 0 && !isLabelled) {
      String name = label(at.trace, at.lane);
      pad(labelWidth - name.length());
      line.append(name).append(name.isEmpty() ? "  " : ": ");
    }
  }

  private void pad(int blanks) {
    for (int i = 0; i < blanks; i++) {
      line.append(' ');
    }
  }

  @Override
  public String row(LaneEvents at) {
    line.setLength(0);
    label(at);
    isLabelled = false;
    String thread = cells.thread(at);
    pad(THREAD_WIDTH - thread.length());
    line.append(thread).append('-');
    int from = line.length();
    line.append(at.tid());
    pad(TID_WIDTH - (line.length() - from));
    line.append(" [").append(at.lane.cpu() < 100 ? "0" : "").append(at.lane.cpu() < 10 ? "0" : "");
    line.append(at.lane.cpu()).append("] ");
    time(at.time(), at.trace);
    line.append(": ");
    String report = cells.report(at);
    int colon = report.indexOf(": ") + 1;
    line.append(report, 0, colon);
    pad(NAME_WIDTH - colon);
    line.append(report, colon, report.length());
    return Words.event(line.toString());
  }

  private void time(long time, Trace trace) {
    if (style.isWall() && trace.wallOffset().isPresent()) {
      line.append(Words.wall(time + trace.wallOffset().getAsLong()));
    } else if (!trace.isNanos()) {
      String text = Long.toUnsignedString(time);
      pad(COUNT_WIDTH - text.length());
      line.append(text);
    } else {
      long shown = isNanosShown ? time : time + 500;
      String seconds = Long.toUnsignedString(Long.divideUnsigned(shown, SECOND));
      long rest = Long.remainderUnsigned(shown, SECOND);
      pad(TID_WIDTH - seconds.length());
      line.append(seconds).append('.');
      String places = Long.toString(SECOND + rest);
      line.append(places, 1, isNanosShown ? 10 : 7);
    }
  }

  @Override
  public boolean hasLosses() {
    return true;
  }

  @Override
  public String loss(LaneEvents at, long missed) {
    String number = missed < 0 ? "" : missed + " ";
    line.setLength(0);
    label(at);
    isLabelled = true;
    line.append("CPU:" + at.lane.cpu() + " [" + number + "EVENTS DROPPED]");
    return Words.event(line.toString());
  }
}
