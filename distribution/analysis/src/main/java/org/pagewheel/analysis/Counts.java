package org.pagewheel.analysis;

/** Counts by a number, such as a thread's. Allocates only when it grows, up to a limit. */
final class Counts {
  private static final int FIRST = 64;

  /** A hostile file may have a thread for each event. */
  private static final int MAX = 1 << 16;

  private int[] keys = new int[FIRST];
  private long[] counts = new long[FIRST];
  private int size;
  private long others;

  /** The same key again, as is usual. */
  private int last;

  void add(int key) {
    if (counts[last] > 0 && keys[last] == key) {
      counts[last]++;
      return;
    }
    int at = find(key);
    if (counts[at] == 0) {
      if (size >= MAX) {
        others++;
        return;
      }
      if (++size > counts.length / 2) {
        grow();
        at = find(key);
      }
      keys[at] = key;
    }
    counts[at]++;
    last = at;
  }

  private int find(int key) {
    int mask = keys.length - 1;
    int at = (key * 0x9e3779b9 >>> 8) & mask;
    while (counts[at] != 0 && keys[at] != key) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    int[] oldKeys = keys;
    long[] oldCounts = counts;
    keys = new int[oldKeys.length * 2];
    counts = new long[oldKeys.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldCounts[i] != 0) {
        int at = find(oldKeys[i]);
        keys[at] = oldKeys[i];
        counts[at] = oldCounts[i];
      }
    }
    last = 0;
  }

  /** Takes a key and its count. */
  @FunctionalInterface
  interface Visitor {
    void visit(int key, long count);
  }

  void forEach(Visitor visitor) {
    for (int i = 0; i < keys.length; i++) {
      if (counts[i] != 0) {
        visitor.visit(keys[i], counts[i]);
      }
    }
  }

  int size() {
    return size;
  }

  /** The count of keys without room. */
  long others() {
    return others;
  }
}
