package org.pagewheel.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pagewheel.format.PageLayout;

/** The counts of a {@link Summary} while they are made. Used by one thread. */
final class Survey {
  final List<Trace> traces;
  final Problems problems = new Problems();
  private final TypeIndex index;
  private final long[] typeEvents;
  private final long[] typeBytes;
  private final List<Counts> tids = new ArrayList<>();
  final Map<String, Summary.Cpu> cpus = new LinkedHashMap<>();
  final List<Summary.Loss> losses = new ArrayList<>();
  final Rates rates;
  long events;
  long bytes;
  long first;
  long last;
  long missed;
  long lossPlaces;

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
    add(new Summary.Cpu(lost.buffer(), lost.cpu(), 0, 0, lost.events()));
  }

  private void add(Summary.Cpu cpu) {
    cpus.merge(cpu.buffer() + "/" + cpu.cpu(), cpu, Summary.Cpu::plus);
  }

  long lost() {
    return cpus.values().stream().mapToLong(Summary.Cpu::lost).reduce(0, PageLayout::sumOfMissed);
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
    add(new Summary.Cpu(from.lane.buffer(), from.lane.cpu(), laneEvents, laneBytes, laneLost));
  }

  private void lost(LaneEvents from, long time, boolean isAfter, long missed) {
    lossPlaces++;
    if (losses.size() < Summary.MAX_LOSSES) {
      losses.add(new Summary.Loss(from.lane.buffer(), from.lane.cpu(), time, isAfter, missed));
    }
  }

  List<Summary.Share> types() {
    List<Summary.Share> types = new ArrayList<>();
    for (int i = 0; i < typeEvents.length; i++) {
      if (typeEvents[i] > 0) {
        types.add(new Summary.Share(index.name(i), typeEvents[i], typeBytes[i], rates.of(i)));
      }
    }
    types.sort(
        Comparator.comparingLong(Summary.Share::events)
            .reversed()
            .thenComparing(Summary.Share::name));
    return types;
  }

  /** A thread of several files, such as those of one recording, is one thread. */
  List<Summary.Share> threads() {
    Map<String, Long> byName = new LinkedHashMap<>();
    long others = 0;
    for (int i = 0; i < tids.size(); i++) {
      Map<Integer, String> names = traces.get(i).threadNames();
      tids.get(i).forEach((tid, count) -> byName.merge(Threads.text(names, tid), count, Long::sum));
      others += tids.get(i).others();
    }
    if (others > 0) {
      byName.put("others", others);
    }
    List<Summary.Share> threads = new ArrayList<>();
    byName.forEach((name, count) -> threads.add(new Summary.Share(name, count, 0, null)));
    threads.sort(Comparator.comparingLong(Summary.Share::events).reversed());
    return threads;
  }
}
