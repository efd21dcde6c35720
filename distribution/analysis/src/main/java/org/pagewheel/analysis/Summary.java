package org.pagewheel.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
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
  private static final int MAX_LOSSES = 1000;

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

  /** The counts while they are made. */
  private static final class Survey {
    private final List<Trace> traces;
    private final Problems problems = new Problems();
    private final TypeIndex index;
    private final long[] typeEvents;
    private final long[] typeBytes;
    private final List<Counts> tids = new ArrayList<>();
    private final Map<String, Cpu> cpus = new LinkedHashMap<>();
    private final List<Loss> losses = new ArrayList<>();
    private final Rates rates;
    private long events;
    private long bytes;
    private long first;
    private long last;
    private long missed;
    private long lossPlaces;

    Survey(List<Trace> traces) throws IOException {
      this.traces = List.copyOf(traces);
      index = new TypeIndex(traces);
      typeEvents = new long[index.size()];
      typeBytes = new long[index.size()];
      rates = new Rates(base(), index.size());
      for (int i = 0; i < traces.size(); i++) {
        tids.add(new Counts());
        for (Lane lane : traces.get(i).lanes()) {
          add(new LaneEvents(i, traces.get(i), lane, problems), index.ids(i), tids.get(i));
        }
        traces.get(i).losses().stream().filter(Trace.Lost::isRefused).forEach(this::refused);
        traces.get(i).warnings().forEach(problems::add);
      }
    }

    private void refused(Trace.Lost lost) {
      add(new Cpu(lost.buffer(), lost.cpu(), 0, 0, lost.events()));
    }

    private void add(Cpu cpu) {
      cpus.merge(cpu.buffer() + "/" + cpu.cpu(), cpu, Cpu::plus);
    }

    long lost() {
      return cpus.values().stream().mapToLong(Cpu::lost).reduce(0, PageLayout::sumOfMissed);
    }

    /** The first time of all; a lane that cannot be read is reported later. */
    private long base() throws IOException {
      long base = Long.MAX_VALUE;
      for (int i = 0; i < traces.size(); i++) {
        for (Lane lane : traces.get(i).lanes()) {
          LaneEvents events = new LaneEvents(i, traces.get(i), lane, new Problems());
          base = events.next() ? Math.min(base, events.time()) : base;
        }
      }
      return base;
    }

    private void add(LaneEvents from, int[] types, Counts threads) {
      long laneEvents = 0;
      long laneBytes = 0;
      long laneLost = 0;
      long time = 0;
      while (from.next()) {
        time = from.time();
        if (from.missed() != 0) {
          laneLost = PageLayout.sumOfMissed(laneLost, from.missed());
          lost(from, time, false, from.missed());
        }
        if (events == 0 && laneEvents == 0 || time < first) {
          first = time;
        }
        if (events == 0 && laneEvents == 0 || time > last) {
          last = time;
        }
        int id = from.type();
        int type = id < 0 ? index.unknown() : types[id];
        int size = from.size();
        typeEvents[type]++;
        typeBytes[type] += size;
        rates.add(type, time);
        threads.add(from.tid());
        laneEvents++;
        laneBytes += size;
      }
      if (from.missedAtEnd() != 0) {
        laneLost = PageLayout.sumOfMissed(laneLost, from.missedAtEnd());
        lost(from, time, true, from.missedAtEnd());
      }
      events += laneEvents;
      bytes += laneBytes;
      missed = PageLayout.sumOfMissed(missed, laneLost);
      add(new Cpu(from.lane.buffer(), from.lane.cpu(), laneEvents, laneBytes, laneLost));
    }

    private void lost(LaneEvents from, long time, boolean isAfter, long missed) {
      lossPlaces++;
      if (losses.size() < MAX_LOSSES) {
        losses.add(new Loss(from.lane.buffer(), from.lane.cpu(), time, isAfter, missed));
      }
    }

    private List<Share> types() {
      List<Share> types = new ArrayList<>();
      for (int i = 0; i < typeEvents.length; i++) {
        if (typeEvents[i] > 0) {
          types.add(new Share(index.name(i), typeEvents[i], typeBytes[i], rates.of(i)));
        }
      }
      types.sort(
          Comparator.comparingLong(Share::events).reversed().thenComparing(share -> share.name));
      return types;
    }

    /** A thread of several files, such as those of one recording, is one thread. */
    private List<Share> threads() {
      Map<String, Long> byName = new LinkedHashMap<>();
      long others = 0;
      for (int i = 0; i < tids.size(); i++) {
        Map<Integer, String> names = traces.get(i).threadNames();
        tids.get(i)
            .forEach((tid, count) -> byName.merge(Threads.text(names, tid), count, Long::sum));
        others += tids.get(i).others();
      }
      if (others > 0) {
        byName.put("others", others);
      }
      List<Share> threads = new ArrayList<>();
      byName.forEach((name, count) -> threads.add(new Share(name, count, 0, null)));
      threads.sort(Comparator.comparingLong(Share::events).reversed());
      return threads;
    }
  }
}
