package org.pagewheel.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.format.PageLayout;

/**
 * The events of all lanes of some traces, merged by time; at equal times the first lane comes
 * first, as in {@code trace-cmd}.
 */
final class Merged {
  /** Each lane holds a window of its file. */
  private static final int MAX_LANES = 4096;

  /** A heap: none is earlier than the one at half its number. */
  private LaneEvents[] heap;

  private int[] order;
  private int size;
  private LaneEvents current;
  private final List<LaneEvents> all = new ArrayList<>();

  Merged(List<Trace> traces, Problems problems) throws IOException {
    int lanes = traces.stream().mapToInt(trace -> trace.lanes().size()).sum();
    if (lanes > MAX_LANES) {
      throw new IOException(
          lanes + " CPUs are too many to merge, at most " + MAX_LANES + " can be");
    }
    heap = new LaneEvents[lanes];
    order = new int[lanes];
    int number = 0;
    for (int i = 0; i < traces.size(); i++) {
      for (Lane lane : traces.get(i).lanes()) {
        LaneEvents events = new LaneEvents(i, traces.get(i), lane, problems);
        all.add(events);
        if (events.next()) {
          heap[size] = events;
          order[size] = number;
          up(size++);
        }
        number++;
      }
      traces.get(i).warnings().forEach(problems::add);
    }
  }

  /** Goes to the next event; null after the last one. */
  LaneEvents next() {
    if (current != null && !current.next()) {
      size--;
      swap(0, size);
      heap[size] = null;
    }
    if (size == 0) {
      current = null;
      return null;
    }
    down();
    current = heap[0];
    return current;
  }

  /** All lanes, including those without an event. */
  List<LaneEvents> lanes() {
    return all;
  }

  /** What all lanes have lost so far, including those without an event. */
  long lost() {
    return all.stream().mapToLong(LaneEvents::lost).reduce(0, PageLayout::sumOfMissed);
  }

  private boolean isBefore(int a, int b) {
    int times = Long.compareUnsigned(heap[a].time(), heap[b].time());
    return times < 0 || times == 0 && order[a] < order[b];
  }

  private void up(int from) {
    int at = from;
    while (at > 0 && isBefore(at, (at - 1) / 2)) {
      swap(at, (at - 1) / 2);
      at = (at - 1) / 2;
    }
  }

  private void down() {
    int at = 0;
    while (true) {
      int left = 2 * at + 1;
      if (left >= size) {
        return;
      }
      int least = left + 1 < size && isBefore(left + 1, left) ? left + 1 : left;
      if (!isBefore(least, at)) {
        return;
      }
      swap(at, least);
      at = least;
    }
  }

  private void swap(int a, int b) {
    LaneEvents events = heap[a];
    heap[a] = heap[b];
    heap[b] = events;
    int number = order[a];
    order[a] = order[b];
    order[b] = number;
  }
}
