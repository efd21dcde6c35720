package org.pagewheel.consumer.stats.internal;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.pagewheel.ClockScale;
import org.pagewheel.event.CommonFields;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;

/** Counts what is on pages. For one thread at a time; allocates nothing for a page. */
final class Tallies {
  /** An hour; anything longer counts as an hour. */
  private static final long LONGEST = 3_600_000_000_000L;

  private static final int DIGITS = 2;

  /** Things of one kind. */
  static final class Tally {
    long pages;
    long events;
    long bytes;

    /** The bytes that the pages could hold. */
    long room;

    Tally copy() {
      Tally copy = new Tally();
      copy.pages = pages;
      copy.events = events;
      copy.bytes = bytes;
      copy.room = room;
      return copy;
    }
  }

  private final Histogram latency = new Histogram(LONGEST, DIGITS);
  private Tally[] cpus = {};

  /** By id; ids are at most 65535. */
  private Tally[] types = {};

  private ClockScale scale;
  private PageCursor cursor;
  private int pageSize;

  /** How times of the pages to come become nanoseconds; empty if they are some. */
  void scale(Optional<ClockScale> ofClock) {
    scale = ofClock.orElse(null);
  }

  private long nanos(long length) {
    return scale == null ? length : scale.length(length);
  }

  /**
   * Counts a page.
   *
   * @param cpu its CPU
   * @param page the page
   * @param now the time now on the buffer's clock
   * @param ownFrom the lowest id of types that do not count as activity
   * @param ownTo the highest such id
   * @return how many events of other types there were
   */
  long add(int cpu, MemorySegment page, long now, int ownFrom, int ownTo) {
    if (pageSize != page.byteSize()) {
      pageSize = (int) page.byteSize();
      cursor = new PageCursor(PageFormat.of(pageSize));
    }
    cpus = at(cpus, cpu);
    Tally tally = cpus[cpu];
    tally.pages++;
    tally.room += PageLayout.capacity(pageSize);
    tally.bytes += PageLayout.used(page);
    long others = 0;
    try {
      cursor.reset(page);
      while (cursor.next()) {
        tally.events++;
        latency.recordValue(Math.clamp(nanos(now - cursor.time()), 0, LONGEST));
        int type = 0;
        if (cursor.payloadLength() >= CommonFields.SIZE) {
          type = CommonFields.type(page.get(PageLayout.LONG, cursor.payloadOffset()));
        }
        if (type >= types.length || types[type] == null) {
          types = at(types, type);
        }
        types[type].events++;
        types[type].bytes += cursor.payloadLength();
        others += type >= ownFrom && type <= ownTo ? 0 : 1;
      }
    } catch (DamagedPageException e) {
      // what precedes the damage is counted; a consumer that stores the page reports the damage
    }
    return others;
  }

  private static Tally[] at(Tally[] tallies, int index) {
    Tally[] grown = index < tallies.length ? tallies : Arrays.copyOf(tallies, index + 1);
    if (grown[index] == null) {
      grown[index] = new Tally();
    }
    return grown;
  }

  /** A copy, by id. */
  TreeMap<Integer, Tally> types() {
    return copy(types);
  }

  /** A copy, by CPU. */
  TreeMap<Integer, Tally> cpus() {
    return copy(cpus);
  }

  private static TreeMap<Integer, Tally> copy(Tally[] tallies) {
    TreeMap<Integer, Tally> copy = new TreeMap<>();
    for (int i = 0; i < tallies.length; i++) {
      if (tallies[i] != null) {
        copy.put(i, tallies[i].copy());
      }
    }
    return copy;
  }

  Histogram latency() {
    return latency.copy();
  }
}
