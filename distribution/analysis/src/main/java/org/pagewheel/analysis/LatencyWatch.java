package org.pagewheel.analysis;

import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.pagewheel.event.Event;

/**
 * Looks for latencies beyond a limit among those that an observer finds, on its thread and guarded
 * by its monitor. Its memory is fixed.
 *
 * <p>How it works: a percentile is that of a sum of ten histograms, each of a tenth of the time; it
 * is checked whenever one is over, before the oldest is dropped. It reports nothing while so few
 * were met that the percentile is a single one of them; then each moment at which the limit is
 * exceeded anew.
 */
final class LatencyWatch {
  private static final int SLOTS = 10;
  private static final int DIGITS = 2;

  private final LatencyLimit limit;
  private final Consumer<LiveLatency.Hit> hits;
  private final Histogram sum = new Histogram(DIGITS);
  private final Histogram[] slots = new Histogram[SLOTS];
  private int slot;
  private long slotEnd;
  private boolean isPassed;

  LatencyWatch(LatencyLimit limit, Consumer<LiveLatency.Hit> hits) {
    this.limit = limit;
    this.hits = hits;
    for (int i = 0; limit.kind == LatencyLimit.Kind.PERCENTILE && i < SLOTS; i++) {
      slots[i] = new Histogram(DIGITS);
    }
  }

  /** A span or pair was met. */
  void met(long begin, long end, int tid, boolean isFailed, Event event, Keys keys) {
    long length = end - begin;
    switch (limit.kind) {
      case LONGER -> {
        if (length > limit.limit) {
          hits.accept(hit(begin, end, "took", tid, event, keys));
        }
      }
      case FAILED -> {
        if (isFailed) {
          hits.accept(hit(begin, end, "failed after", tid, event, keys));
        }
      }
      case PERCENTILE -> {
        tick(end);
        slots[slot].recordValue(length);
        sum.recordValue(length);
      }
    }
  }

  private static LiveLatency.Hit hit(
      long begin, long end, String what, int tid, Event event, Keys keys) {
    String text = LivePairs.text(event, keys);
    return new LiveLatency.Hit(
        begin,
        end,
        "%s %s%s, thread %d"
            .formatted(
                what,
                Words.duration(end - begin, true),
                text.isEmpty() ? "" : ": " + Words.name(text),
                tid));
  }

  /** Time goes on. */
  void tick(long now) {
    if (limit.kind != LatencyLimit.Kind.PERCENTILE) {
      return;
    }
    long length = limit.window / SLOTS;
    if (slotEnd == 0
        || slotEnd - now > limit.window + LivePairs.LATE) { // the first, or a clock that went back
      clear();
      slotEnd = now + length;
    }
    for (int i = 0; now - slotEnd >= 0; i++) {
      if (i == SLOTS) {
        slotEnd = now + length; // nothing came for longer than all of them
        return;
      }
      look(slotEnd);
      slot = (slot + 1) % SLOTS;
      sum.subtract(slots[slot]);
      slots[slot].reset();
      slotEnd += length;
    }
  }

  private void look(long end) {
    long count = sum.getTotalCount();
    if (count * (100 - limit.percentile) / 100 < 1) {
      isPassed &= count > 0;
      return;
    }
    long value = sum.getValueAtPercentile(limit.percentile);
    boolean before = isPassed;
    isPassed = value > limit.limit;
    if (isPassed && !before) {
      hits.accept(
          new LiveLatency.Hit(
              end - limit.window,
              end,
              "p%s is %s of %s over %s"
                  .formatted(
                      limit.percentile == (long) limit.percentile
                          ? "" + (long) limit.percentile
                          : "" + limit.percentile,
                      Words.duration(value, true),
                      Words.number(count),
                      Words.duration(limit.window, true))));
    }
  }

  /** Forgets what was met. */
  void clear() {
    for (Histogram each : slots) {
      if (each != null) {
        each.reset();
      }
    }
    sum.reset();
    slotEnd = 0;
    isPassed = false;
  }
}
