package org.pagewheel.analysis;

/**
 * Begins that wait for their ends, by key, each with its time, thread and CPU. Of a fixed size: the
 * oldest makes room for the newest. Allocates nothing for an event.
 *
 * <p>How it works: entries are in arrays. Those with the same hash are chained; all are in a ring
 * by age, through entry 0, which is not used.
 */
final class Pending {
  private final int[] heads;
  private final int[] chain;
  private final int[] older;
  private final int[] newer;
  private final long[] firstWords;
  private final long[] secondWords;
  private final long[] times;
  private final int[] tids;
  private final int[] cpus;
  private final int most;
  private int free;
  private int size;

  Pending(int most) {
    this.most = most;
    int entries = most + 1;
    heads = new int[Integer.highestOneBit(Math.max(16, most)) * 2];
    chain = new int[entries];
    older = new int[entries];
    newer = new int[entries];
    firstWords = new long[entries];
    secondWords = new long[entries];
    times = new long[entries];
    tids = new int[entries];
    cpus = new int[entries];
    free = 1;
    for (int i = 1; i < most; i++) {
      chain[i] = i + 1;
    }
  }

  private int slot(long first, long second) {
    long hash = (first ^ second * 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
    return (int) (hash >>> 32) & heads.length - 1;
  }

  /** The entry of a key, or 0. */
  int find(long first, long second) {
    int entry = heads[slot(first, second)];
    while (entry != 0 && (firstWords[entry] != first || secondWords[entry] != second)) {
      entry = chain[entry];
    }
    return entry;
  }

  /** The oldest entry, or 0. */
  int oldest() {
    return newer[0];
  }

  boolean isFull() {
    return size == most;
  }

  int size() {
    return size;
  }

  /** Adds a new key and returns its entry; there must be room. */
  int add(long first, long second, long time, int tid, int cpu) {
    int entry = free;
    free = chain[entry];
    firstWords[entry] = first;
    secondWords[entry] = second;
    times[entry] = time;
    tids[entry] = tid;
    cpus[entry] = cpu;
    int slot = slot(first, second);
    chain[entry] = heads[slot];
    heads[slot] = entry;
    older[entry] = older[0];
    newer[older[0]] = entry;
    newer[entry] = 0;
    older[0] = entry;
    size++;
    return entry;
  }

  void remove(int entry) {
    int slot = slot(firstWords[entry], secondWords[entry]);
    if (heads[slot] == entry) {
      heads[slot] = chain[entry];
    } else {
      int before = heads[slot];
      while (chain[before] != entry) {
        before = chain[before];
      }
      chain[before] = chain[entry];
    }
    newer[older[entry]] = newer[entry];
    older[newer[entry]] = older[entry];
    chain[entry] = free;
    free = entry;
    size--;
  }

  /** The first word of an entry's key. */
  long first(int entry) {
    return firstWords[entry];
  }

  long time(int entry) {
    return times[entry];
  }

  int tid(int entry) {
    return tids[entry];
  }

  int cpu(int entry) {
    return cpus[entry];
  }
}
