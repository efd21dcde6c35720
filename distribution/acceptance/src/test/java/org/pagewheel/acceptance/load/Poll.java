package org.pagewheel.acceptance.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.pagewheel.Buffer;
import org.pagewheel.Counters;

/** Asks a buffer for its counters again and again: each but the unread ones may only rise. */
final class Poll {
  private static final long PAUSE_NANOS = 200_000;
  private static final int ENOUGH = 10;

  private final Buffer buffer;
  private final Counters[] last;
  private final List<String> fallen = new ArrayList<>();
  private volatile boolean stop;

  Poll(Buffer buffer) {
    this.buffer = buffer;
    this.last = new Counters[buffer.readers().cpus()];
    Thread.ofPlatform().name("load-poll").start(this::run);
  }

  private void run() {
    while (!stop && fallen.size() < ENOUGH) {
      look();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private synchronized void look() {
    for (int cpu = 0; cpu < last.length; cpu++) {
      Counters now = buffer.counters(cpu);
      Counters before = last[cpu] == null ? Counters.ZERO : last[cpu];
      boolean risesAlone =
          now.written() >= before.written()
              && now.read() >= before.read()
              && now.overrun() >= before.overrun()
              && now.pagesWritten() >= before.pagesWritten()
              && now.pagesRead() >= before.pagesRead()
              && now.pagesLost() >= before.pagesLost()
              && now.refused() >= before.refused();
      if (!risesAlone || now.unread() < 0 || now.bytes() < 0) {
        fallen.add("CPU " + cpu + ": " + before + " then " + now);
      }
      last[cpu] = now;
    }
  }

  synchronized List<String> fallen() {
    return List.copyOf(fallen);
  }

  /** Of all CPUs now: written, read, unread and overrun. */
  List<Long> counted() {
    Counters now = buffer.counters();
    return List.of(now.written(), now.read(), now.unread(), now.overrun());
  }

  void stop() {
    stop = true;
  }
}
