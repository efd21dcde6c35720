package org.pagewheel.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.pagewheel.event.EventField;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageLayout;

/**
 * Why threads did not run: how the time of each span is split by the scheduler's events, those that
 * were longest off their CPUs first; or that of each thread, where there are no spans. Options are
 * set first, in any order; what does not apply to the traces is an {@link IllegalArgumentException}
 * of one line, before a line is written. For one thread.
 *
 * <p>It takes two passes: one for the pauses of the JVM, whose events come late, and one for
 * everything else. Memory is taken for threads, for spans that are open, and for those that are
 * shown.
 */
public final class OffCpu {
  private static final int USUAL_TOP = 20;
  private static final int MAX_TOP = 10_000;

  private final List<Trace> traces;
  private final Problems problems = new Problems();
  private final List<String> notes = new ArrayList<>();
  private final Cells cells;
  private Matching asked;
  private Matching named;
  private ThreadChoice threads;
  private Interval between = Interval.ALL;
  private Query.Format format = Query.Format.TEXT;
  private int top = USUAL_TOP;

  private Scheduling scheduling;
  private OffCpuFound found;

  /**
   * About all spans.
   *
   * @param traces of one clock, one of them with the kernel's scheduling; they stay open
   */
  public OffCpu(List<Trace> traces) {
    this.traces = List.copyOf(traces);
    this.cells = new Cells(this.traces);
  }

  /**
   * Only some spans.
   *
   * @param condition a span's name, perhaps with a filter, or a filter
   * @return this question
   */
  public OffCpu where(Condition condition) {
    asked = condition.in(traces);
    named = condition.withoutFilter().in(traces);
    boolean isSpan = asked.formats().stream().anyMatch(each -> SpanTypes.field(each).isPresent());
    if (!isSpan) {
      SpanLatency.checkIsSpan(asked.formats().getFirst());
    }
    return this;
  }

  /**
   * Only some threads; several calls add up.
   *
   * @param thread as of {@link Query#thread}
   * @return this question
   */
  public OffCpu thread(String thread) {
    threads = threads == null ? new ThreadChoice(traces) : threads;
    threads.add(thread);
    return this;
  }

  /**
   * Only spans that begin in a time, each as a whole; of threads that time.
   *
   * @param begin as of {@link Query#between}
   * @param end likewise
   * @return this question
   * @throws IOException if the first event cannot be read
   */
  public OffCpu between(String begin, String end) throws IOException {
    between = Interval.of(traces, begin, end);
    return this;
  }

  /**
   * The format of lines; that of JSON has a line for each type, too.
   *
   * @param format the format
   * @return this question
   */
  public OffCpu as(Query.Format format) {
    this.format = format;
    return this;
  }

  /**
   * How many of the longest are shown.
   *
   * @param lines from 1 to 10,000; 20 without it
   * @return this question
   */
  public OffCpu top(int lines) {
    if (lines < 1 || lines > MAX_TOP) {
      throw new IllegalArgumentException(
          "--top must be from 1 to %,d with --off-cpu, not %d".formatted(MAX_TOP, lines));
    }
    top = lines;
    return this;
  }

  /**
   * Asks.
   *
   * @param style the layout
   * @param out gets line by line and returns whether it wants more
   * @return what could not be read, one line each
   * @throws IOException if nothing can be read
   */
  public List<String> run(Style style, Predicate<String> out) throws IOException {
    checkClocks();
    Merged events = new Merged(traces, problems);
    boolean hasWhole =
        traces.stream()
            .flatMap(trace -> trace.formats().stream())
            .filter(each -> !each.system().equals(OffCpuSpans.JVM))
            .anyMatch(OffCpu::isWhole);
    scheduling = new Scheduling(traces, events, JvmPauses.of(traces, problems), hasWhole);
    found = new OffCpuFound(top);
    var choice = new OffCpuSpans.Choice(asked, named, threads, between);
    if (scheduling.isThere()) {
      read(events, new OffCpuSpans(traces, cells, choice, scheduling, found));
    }
    if (!scheduling.areSwitchesThere()) {
      throw new IllegalArgumentException(
          traces.getLast().name()
              + " has no scheduling events of the kernel: pagewheel record --kernel sched records"
              + " them with those of a process");
    }
    boolean areThreads = found.spans.count() == 0 && asked == null;
    OffCpuFound.Longest longest = areThreads ? found.threads : found.spans;
    OffCpuRows lines = new OffCpuRows(traces, cells, style, areThreads);
    for (String line : lines.lines(format, longest.rows(), longest.count(), found.totals)) {
      if (!out.test(line)) {
        break;
      }
    }
    notes.addAll(found.notes(areThreads));
    notes.addAll(scheduling.notes());
    long lost = traces.stream().mapToLong(Trace::refused).sum();
    notes.addAll(Words.lossNote(PageLayout.sumOfMissed(lost, scheduling.lost())));
    return problems.lines();
  }

  private void checkClocks() {
    for (Trace trace : traces) {
      if (!trace.clock().equals(traces.getFirst().clock()) && !trace.clock().isEmpty()) {
        throw new IllegalArgumentException(
            "%s has the clock %s, but %s has %s: record both with mono, or merge them with --offset"
                .formatted(
                    trace.name(),
                    trace.clock(),
                    traces.getFirst().name(),
                    traces.getFirst().clock()));
      }
    }
  }

  private static boolean isWhole(EventFormat format) {
    return SpanTypes.field(format)
        .filter(field -> field.role() == EventField.Role.DURATION)
        .isPresent();
  }

  private void read(Merged events, OffCpuSpans spans) throws IOException {
    boolean hasBegun = between.from() == Long.MIN_VALUE;
    boolean isOver = false;
    for (LaneEvents at = events.next(); at != null; at = events.next()) {
      if (!hasBegun && at.time() >= between.from()) {
        hasBegun = true;
        scheduling.restart(between.from());
      }
      if (!isOver && at.time() > between.to()) {
        isOver = true;
        takeThreads(between.to());
      }
      if (isOver && !spans.isOpen()) {
        break;
      }
      scheduling.take(at);
      spans.look(at);
    }
    if (!isOver) {
      takeThreads(scheduling.now());
    }
    spans.finish();
  }

  private void takeThreads(long until) {
    if (asked != null) {
      return;
    }
    for (ThreadTime thread : scheduling.all(until)) {
      if (threads == null || threads.contains(thread.tid)) {
        found.partial += thread.isPartial() ? 1 : 0;
        TimeParts parts = thread.whole(scheduling.isOfJava(thread));
        long begin = scheduling.start();
        found.threads.keep(
            new OffCpuFound.Row("", 0, thread.tid, begin, parts, thread.longest(begin)));
      }
    }
  }

  /**
   * Notes on the answer that its lines do not contain, once they are written.
   *
   * @return one line each
   */
  public List<String> notes() {
    return List.copyOf(notes);
  }
}
