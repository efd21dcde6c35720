package org.pagewheel.runtime.internal.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.pagewheel.Counters;
import org.pagewheel.spi.Ring;

/**
 * All rings of a buffer at one moment, each in one place: a state of {@link ChainSource}.
 * Immutable.
 *
 * <p>There are two accounts, separated by a {@link #clearing}: what has been counted since the last
 * one, and everything.
 *
 * @param live readable rings, oldest first, at least one
 * @param lingering closed rings with an open reservation
 * @param cleared rings that were live or lingering when the buffer was cleared, with an open
 *     reservation or unread events not dropped yet
 * @param past per CPU, the accounts of all others since the last clearing
 * @param gone per CPU, the accounts of all others before it
 * @param cutAt per CPU, the number of the first page after the last clearing
 */
record Rings(
    List<ReadSide> live,
    List<ReadSide> lingering,
    List<ReadSide> cleared,
    List<Counters> past,
    List<Counters> gone,
    long[] cutAt) {

  /**
   * How many rings that hold memory of a backend can be read at once, unless the ring allows more
   * of its kind: see {@link Ring#durableRings}.
   */
  static final int MAX_BACKENDS = 3;

  /** How many rings can be read at once: each take and each query goes through them. */
  private static final int MAX = 64;

  /** The first ring. */
  static Rings of(ReadSide first, int cpus) {
    List<Counters> nothing = Collections.nCopies(cpus, Counters.ZERO);
    return new Rings(List.of(first), List.of(), List.of(), nothing, nothing, new long[cpus]);
  }

  /** The state with another ring that is not written to yet. */
  Rings with(ReadSide fresh) {
    List<ReadSide> all = new ArrayList<>(live);
    all.add(fresh);
    return new Rings(List.copyOf(all), lingering, cleared, past, gone, cutAt);
  }

  /** The same after a live ring, not the last one, has become unreadable. */
  Rings retired(ReadSide ring) {
    List<ReadSide> closed = new ArrayList<>(lingering);
    closed.add(ring);
    return new Rings(without(live, ring), List.copyOf(closed), cleared, past, gone, cutAt);
  }

  /** The same after the account of a lingering or cleared ring is final. */
  Rings forgotten(ReadSide ring) {
    List<Counters> since = new ArrayList<>(past);
    List<Counters> before = new ArrayList<>(gone);
    for (int cpu = 0; cpu < past.size(); cpu++) {
      if (cleared.contains(ring)) {
        before.set(cpu, before.get(cpu).plus(ring.clearedCounters(cpu)));
      } else {
        since.set(cpu, since.get(cpu).plus(ring.counters(cpu)));
      }
    }
    return new Rings(
        live,
        without(lingering, ring),
        without(cleared, ring),
        List.copyOf(since),
        List.copyOf(before),
        cutAt);
  }

  /** The same after all rings but the last live one are cleared; that one begins at these pages. */
  Rings clearing(long[] pages) {
    List<ReadSide> old = new ArrayList<>(cleared);
    old.addAll(lingering);
    old.addAll(replaced());
    Counters[] before = new Counters[past.size()];
    Arrays.setAll(before, cpu -> gone.get(cpu).plus(past.get(cpu)));
    return new Rings(
        List.of(live.getLast()),
        List.of(),
        List.copyOf(old),
        Collections.nCopies(past.size(), Counters.ZERO),
        List.of(before),
        pages);
  }

  /** Whether more would make each take and each query slow. */
  boolean isFull() {
    return live.size() >= MAX;
  }

  /** The oldest ring that cannot stay as it is if another is added; null if all can. */
  ReadSide firstTooMany() {
    ReadSide oldest = null;
    int rings = 0;
    for (ReadSide ring : live.reversed()) {
      if (!ring.isKept() && ++rings >= Math.max(MAX_BACKENDS, ring.durableRings())) {
        oldest = ring;
      }
    }
    return oldest;
  }

  /** Per CPU: the number of the newest ring's first page. */
  long[] newest() {
    long[] pages = new long[past.size()];
    Arrays.setAll(pages, cpu -> ChainPages.base(live, live.size() - 1, cpu));
    return pages;
  }

  /** The live rings except the last: sealed, or about to be. */
  List<ReadSide> replaced() {
    return live.subList(0, live.size() - 1);
  }

  /** The account since the last clearing. */
  Counters counters(int cpu) {
    Counters sum = past.get(cpu);
    for (ReadSide ring : live) {
      sum = sum.plus(ring.counters(cpu));
    }
    for (ReadSide ring : lingering) {
      sum = sum.plus(ring.counters(cpu));
    }
    return sum;
  }

  /** The account of everything. */
  Counters totals(int cpu) {
    Counters sum = counters(cpu).plus(gone.get(cpu));
    for (ReadSide ring : cleared) {
      sum = sum.plus(ring.clearedCounters(cpu));
    }
    return sum;
  }

  private static List<ReadSide> without(List<ReadSide> rings, ReadSide gone) {
    return rings.stream().filter(ring -> ring != gone).toList();
  }
}
