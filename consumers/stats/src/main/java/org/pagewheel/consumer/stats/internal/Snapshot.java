package org.pagewheel.consumer.stats.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.consumer.stats.BufferReport;
import org.pagewheel.consumer.stats.internal.Tallies.Tally;
import org.pagewheel.event.EventFormat;
import org.pagewheel.spi.ConsumerAccount;
import org.pagewheel.spi.ObservedLatency;

/**
 * All counters at one moment; two of them make rates.
 *
 * @param nanos the moment
 * @param buffer the buffer's name
 * @param on whether it records
 * @param offReason who turned it off; null if nobody did
 * @param counters by CPU
 * @param cpus what arrived here, by CPU
 * @param types what arrived here, by event type
 * @param formats the names of the types
 * @param consumers all of the buffer
 * @param latency of all events that arrived here
 * @param observed the latencies that are observed on the buffer
 * @param clockError of its clock; null if that follows none
 */
record Snapshot(
    long nanos,
    String buffer,
    boolean on,
    String offReason,
    List<Counters> counters,
    TreeMap<Integer, Tally> cpus,
    TreeMap<Integer, Tally> types,
    List<EventFormat> formats,
    List<ConsumerAccount> consumers,
    Histogram latency,
    List<ObservedLatency> observed,
    Long clockError) {

  private static final Tally NOTHING = new Tally();
  private static final double NANOS_PER_SECOND = 1e9;

  /** The losses that matter; being turned off is not one. */
  static long lost(Counters counters) {
    return counters.overrun() + counters.refused() - counters.disabled();
  }

  /** The same counters at another moment. */
  Snapshot at(long moment) {
    return new Snapshot(
        moment,
        buffer,
        on,
        offReason,
        counters,
        cpus,
        types,
        formats,
        consumers,
        latency,
        observed,
        clockError);
  }

  /** With the rates between two others: those of the last whole second, which may be past. */
  BufferReport report(Snapshot from, Snapshot to) {
    double seconds = (to.nanos - from.nanos) / NANOS_PER_SECOND;
    double scale = seconds > 0 ? 1 / seconds : 0;
    List<BufferReport.Cpu> cpuReports = cpuReports(from, to, scale);
    return new BufferReport(
        buffer,
        on,
        offReason,
        cpuReports.stream().mapToDouble(BufferReport.Cpu::eventsPerSecond).sum(),
        cpuReports.stream().mapToDouble(BufferReport.Cpu::bytesPerSecond).sum(),
        cpuReports.stream().mapToDouble(BufferReport.Cpu::lostPerSecond).sum(),
        cpuReports,
        typeReports(from, to, scale),
        consumerReports(from, to, scale),
        latencyReport(),
        observed.stream().map(Snapshot::observedReport).toList(),
        clockError);
  }

  /** A type's name, preceded by its system if the type has a description. */
  String name(int id) {
    for (EventFormat format : formats) {
      if (format.id() == id) {
        return format.system() + ":" + format.name();
      }
    }
    return Integer.toString(id);
  }

  private Counters counters(int cpu) {
    return cpu < counters.size() ? counters.get(cpu) : Counters.ZERO;
  }

  private List<BufferReport.Cpu> cpuReports(Snapshot from, Snapshot to, double scale) {
    List<BufferReport.Cpu> reports = new ArrayList<>();
    for (int cpu = 0; cpu < counters.size(); cpu++) {
      Counters c = counters.get(cpu);
      Tally tally = cpus.getOrDefault(cpu, NOTHING);
      Tally begin = from.cpus.getOrDefault(cpu, NOTHING);
      Tally end = to.cpus.getOrDefault(cpu, NOTHING);
      reports.add(
          new BufferReport.Cpu(
              cpu,
              byLabel(c),
              c.unread(),
              tally.pages,
              tally.bytes,
              tally.room == 0 ? 0 : (double) tally.bytes / tally.room,
              (end.events - begin.events) * scale,
              (end.bytes - begin.bytes) * scale,
              (lost(to.counters(cpu)) - lost(from.counters(cpu))) * scale));
    }
    return reports;
  }

  private static SortedMap<String, Long> byLabel(Counters counters) {
    SortedMap<String, Long> map = new TreeMap<>();
    for (Counter counter : Counter.values()) {
      if (counter.unit() != Counter.Unit.NANOSECONDS) {
        map.put(counter.label(), counters.get(counter));
      }
    }
    return map;
  }

  private List<BufferReport.Type> typeReports(Snapshot from, Snapshot to, double scale) {
    Map<Integer, EventFormat> byId = new HashMap<>();
    formats.forEach(format -> byId.put(format.id(), format));
    List<BufferReport.Type> reports = new ArrayList<>();
    types.forEach(
        (id, tally) -> {
          EventFormat format = byId.get(id);
          long begin = from.types.getOrDefault(id, NOTHING).events;
          long end = to.types.getOrDefault(id, NOTHING).events;
          reports.add(
              new BufferReport.Type(
                  format == null ? null : format.system(),
                  format == null ? Integer.toString(id) : format.name(),
                  tally.events,
                  tally.bytes,
                  (end - begin) * scale));
        });
    reports.sort(Comparator.comparingLong(BufferReport.Type::events).reversed());
    return reports;
  }

  private List<BufferReport.Consumer> consumerReports(Snapshot from, Snapshot to, double scale) {
    Map<String, Long> pages = new HashMap<>();
    to.consumers.forEach(each -> pages.merge(each.name(), each.pages(), Long::sum));
    from.consumers.forEach(each -> pages.merge(each.name(), -each.pages(), Long::sum));
    return consumers.stream()
        .map(
            each ->
                new BufferReport.Consumer(
                    each.name(),
                    each.type(),
                    each.pages(),
                    each.missed(),
                    each.queued(),
                    each.capacity(),
                    each.held(),
                    each.isStuck(),
                    each.problem().orElse(null),
                    Math.max(0, pages.getOrDefault(each.name(), 0L)) * scale))
        .toList();
  }

  private BufferReport.Latency latencyReport() {
    return new BufferReport.Latency(
        latency.getTotalCount(),
        latency.getTotalCount() == 0 ? 0 : latency.getMean(),
        latency.getValueAtPercentile(50),
        latency.getValueAtPercentile(90),
        latency.getValueAtPercentile(99),
        latency.getValueAtPercentile(99.9),
        latency.getMaxValue());
  }

  private static BufferReport.Observed observedReport(ObservedLatency found) {
    return new BufferReport.Observed(
        found.question(),
        found.count(),
        found.sum(),
        found.p50(),
        found.p90(),
        found.p99(),
        found.p999(),
        found.max(),
        found.bounds(),
        found.counts(),
        found.waiting(),
        found.unpaired(),
        found.missed(),
        found.busy());
  }
}
