package org.pagewheel.consumer.stats.internal;

import java.lang.invoke.MethodHandles;
import java.util.stream.IntStream;
import org.pagewheel.Buffer;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.consumer.stats.internal.Tallies.Tally;
import org.pagewheel.event.EventType;
import org.pagewheel.event.Unit;
import org.pagewheel.spi.ConsumerAccount;

/**
 * The events of system {@code pagewheel}: what happened in the previous second, written into the
 * buffer that they describe.
 */
final class StatsEvents {
  private static final String SYSTEM = "pagewheel";

  private static final EventType<CpuStats> CPU = type(CpuStats.class);
  private static final EventType<LossStats> LOSS = type(LossStats.class);
  private static final EventType<ConsumerStats> CONSUMER = type(ConsumerStats.class);
  private static final EventType<TypeStats> TYPE = type(TypeStats.class);

  private static final int[] IDS = {CPU.id(), LOSS.id(), CONSUMER.id(), TYPE.id()};

  private StatsEvents() {}

  private static <R extends Record> EventType<R> type(Class<R> record) {
    return EventType.of(SYSTEM, record, MethodHandles.lookup());
  }

  /** What one CPU wrote and lost; {@code occupancy} of the pages that were read. */
  record CpuStats(
      int cpu, long events, @Unit("B") long bytes, long lost, @Unit("%") int occupancy) {}

  /** What one CPU lost for one reason, being turned off included. */
  record LossStats(int cpu, Counter cause, long events) {}

  /** What one consumer took and missed. */
  record ConsumerStats(String consumer, long pages, long missed, int queued) {}

  /** What came of one event type; {@code bytes} of its payload. */
  record TypeStats(String type, long events, @Unit("B") long bytes) {}

  /** The ids of all of them, which are consecutive. */
  static int lowestId() {
    return IntStream.of(IDS).min().getAsInt();
  }

  static int highestId() {
    return IntStream.of(IDS).max().getAsInt();
  }

  /** Writes what has changed between two moments. */
  static void write(Buffer buffer, Snapshot from, Snapshot to) {
    for (int cpu = 0; cpu < to.counters().size(); cpu++) {
      Counters was = cpu < from.counters().size() ? from.counters().get(cpu) : Counters.ZERO;
      Counters is = to.counters().get(cpu);
      if (is.written() != was.written() || is.refused() != was.refused()) {
        CPU.record(buffer, cpu(cpu, was, is, from, to));
      }
      for (Counter counter : Counter.values()) {
        long events = is.get(counter) - was.get(counter);
        if (counter.isLoss() && events > 0) {
          LOSS.record(buffer, new LossStats(cpu, counter, events));
        }
      }
    }
    writeTypes(buffer, from, to);
    for (ConsumerAccount is : to.consumers()) {
      ConsumerAccount was =
          from.consumers().stream()
              .filter(each -> each.name().equals(is.name()))
              .findFirst()
              .orElse(null);
      long pages = is.pages() - (was == null ? 0 : was.pages());
      long missed = is.missed() - (was == null ? 0 : was.missed());
      if (pages > 0 || missed > 0) {
        CONSUMER.record(buffer, new ConsumerStats(is.name(), pages, missed, is.queued()));
      }
    }
  }

  private static void writeTypes(Buffer buffer, Snapshot from, Snapshot to) {
    Tally none = new Tally();
    to.types()
        .forEach(
            (id, is) -> {
              Tally was = from.types().getOrDefault(id, none);
              if (is.events > was.events && (id < lowestId() || id > highestId())) {
                TYPE.record(
                    buffer,
                    new TypeStats(to.name(id), is.events - was.events, is.bytes - was.bytes));
              }
            });
  }

  private static CpuStats cpu(int cpu, Counters was, Counters is, Snapshot from, Snapshot to) {
    Tally none = new Tally();
    Tally before = from.cpus().getOrDefault(cpu, none);
    Tally after = to.cpus().getOrDefault(cpu, none);
    long bytes = after.bytes - before.bytes;
    long room = after.room - before.room;
    return new CpuStats(
        cpu,
        is.written() - was.written(),
        bytes,
        Snapshot.lost(is) - Snapshot.lost(was),
        room == 0 ? 0 : (int) (bytes * 100 / room));
  }
}
