package org.pagewheel.analysis;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.pagewheel.format.PageLayout;

/**
 * The content of some traces: their time, CPUs, threads and types, how much of each and when, and
 * what was lost.
 *
 * <p>Goes through the lanes one after another and keeps only counts: nothing is allocated for an
 * event. If there are types of spans it goes through all events once more, by time.
 */
public final class Summary implements Answer {
  /** One of several things and how much of it there is. */
  record Share(String name, long events, long bytes, long[] slices) {}

  /** One CPU of one buffer; its losses include what its ring refused. */
  record Cpu(String buffer, int cpu, long events, long bytes, long lost) {
    Cpu plus(Cpu other) {
      return new Cpu(
          buffer,
          cpu,
          events + other.events,
          bytes + other.bytes,
          PageLayout.sumOfMissed(lost, other.lost));
    }
  }

  /**
   * Events that were lost before a time, or after the last one; −1 if their number is unknown.
   *
   * @param time 0 if there was no event at all
   */
  record Loss(String buffer, int cpu, long time, boolean isAfter, long events) {}

  /** Losses that are kept with their times. */
  static final int MAX_LOSSES = 1000;

  final List<Trace> traces;
  final long events;
  final long bytes;
  final long first;
  final long last;
  final Rates rates;
  final List<Share> types;
  final List<Share> threads;
  final List<Cpu> cpus;
  final List<Loss> losses;

  /** All missing events: in gaps of the pages, and refused by the ring. */
  final long lost;

  /** In gaps of the pages. */
  final long missed;

  final long lossPlaces;
  final Map<String, Long> causes;
  private final Problems problems;

  /** The longest comes first. */
  final List<SpanSurvey.OfType> spans;

  /** How many types, threads and CPUs are shown; 0 for as many as fit on a screen. */
  final int top;

  private Summary(Survey survey, SpanSurvey spans, int top) {
    this.top = top;
    this.spans = spans.types();
    traces = survey.traces;
    events = survey.events;
    bytes = survey.bytes;
    first = survey.first;
    last = survey.last;
    rates = survey.rates;
    cpus = List.copyOf(survey.cpus.values());
    losses = survey.losses;
    missed = survey.missed;
    lost = survey.lost();
    lossPlaces = survey.lossPlaces;
    problems = survey.problems;
    types = survey.types();
    threads = survey.threads();
    causes = new TreeMap<>();
    traces.forEach(
        trace ->
            trace.losses().forEach(each -> causes.merge(each.cause(), each.events(), Long::sum)));
  }

  /**
   * Summarises traces.
   *
   * @param traces of one clock; they stay open
   * @return the answer
   * @throws IOException if there is nothing to read at all
   */
  public static Summary of(List<Trace> traces) throws IOException {
    return of(traces, 0);
  }

  /**
   * Summarises traces, and shows more than fits on a screen.
   *
   * @param traces of one clock; they stay open
   * @param top how many types, threads and CPUs the text shows; 0 for as many as fit on a screen
   * @return the answer
   * @throws IOException if there is nothing to read at all
   */
  public static Summary of(List<Trace> traces, int top) throws IOException {
    return new Summary(new Survey(traces), new SpanSurvey(traces), top);
  }

  /** How many CPUs, whatever the number of buffers. */
  long cpuCount() {
    return cpus.stream().mapToInt(Cpu::cpu).distinct().count();
  }

  long span() {
    return events == 0 ? 0 : last - first;
  }

  boolean isNanos() {
    return traces.stream().allMatch(Trace::isNanos);
  }

  /** Events in a second; 0 where there is no time between them. */
  double perSecond(long count) {
    return span() <= 0 || !isNanos() ? 0 : count * 1e9 / span();
  }

  @Override
  public List<String> text(Style style) {
    return new SummaryText(this, style).lines();
  }

  @Override
  public String json(Style style) {
    return SummaryJson.of(this, style);
  }

  @Override
  public List<String> problems() {
    return problems.lines();
  }
}
