package org.pagewheel.tck;

import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.pagewheel.CpuNumber;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;

/**
 * One writer of a {@link StressRun}, and its book. It moves between CPUs, reserves up to three
 * events before it commits them in any order, takes some back, and stops anywhere for a while.
 */
final class StressWriter {
  /** Writers of this number and above write what is taken back, which nobody may ever read. */
  static final int TAKEN_BACK = 2048;

  private static final int DEEPEST = 3;
  private static final int STALLED_LENGTH = 100;

  /** Which CPU the calling thread is on: the one its writer says, so that its book can be exact. */
  static final CpuNumber CPU = () -> StressWriter.CURRENT.get().cpu;

  private static final ThreadLocal<StressWriter> CURRENT = new ThreadLocal<>();

  final long[] committed;

  /** Of them, those that had been open for so long that a ring of mode discard may go without. */
  final long[] old;

  final long[] discarded;
  final long[][] refused;
  private final int number;
  private final Ring ring;
  private final int cpus;
  private final Random random;
  private final int longest;
  private final long[] open = new long[DEEPEST];
  private final long[] ids = new long[DEEPEST];
  private final int[] on = new int[DEEPEST];
  private final long[] since = new long[DEEPEST];
  private int cpu;
  private int serial;

  StressWriter(int number, Ring ring, long seed) {
    this.number = number;
    this.ring = ring;
    this.cpus = ring.cpus();
    this.random = new Random(seed + number);
    this.longest = ring.pageSize() / 4;
    committed = new long[cpus];
    old = new long[cpus];
    discarded = new long[cpus];
    refused = new long[cpus][(int) -Refusal.SEALED + 1];
  }

  void runUntilStopped(Team team) {
    CURRENT.set(this);
    while (!team.isStopped()) {
      writeSome();
    }
  }

  /**
   * Reserves one event on each CPU, and commits them after a while, or when everything else has
   * stopped.
   */
  void stall(Team team, long millis) throws InterruptedException {
    CURRENT.set(this);
    long[] stalled = new long[cpus];
    while (!team.isStopped()) {
      int first = serial;
      long begin = System.nanoTime();
      for (cpu = 0; cpu < cpus; cpu++) {
        stalled[cpu] = reserve(STALLED_LENGTH);
        serial++;
      }
      team.work(millis);
      for (cpu = 0; cpu < cpus; cpu++) {
        if (stalled[cpu] >= 0) {
          write(stalled[cpu], EventBytes.id(number, STALLED_LENGTH, first + cpu), begin);
        }
      }
    }
  }

  /** One more event on each CPU, so that whatever was lost before is told. */
  void writeLast() {
    CURRENT.set(this);
    for (cpu = 0; cpu < cpus; cpu++) {
      long begin = System.nanoTime();
      long at = reserve(EventBytes.MIN);
      if (at >= 0) {
        write(at, EventBytes.id(number, EventBytes.MIN, serial++), begin);
      }
    }
  }

  private void write(long at, long id, long begin) {
    EventBytes.put(ring.memory(at), Reservation.offset(at), id);
    commit(at, cpu, begin);
  }

  private void commit(long at, int on, long begin) {
    ring.commit(at);
    committed[on]++;
    old[on] += System.nanoTime() - begin >= StallPromises.OLD_NANOS ? 1 : 0;
  }

  private long reserve(int length) {
    long at = ring.reserve(length);
    if (at < 0) {
      refused[cpu][(int) -at]++;
    }
    return at;
  }

  private void writeSome() {
    int depth = random.nextInt(8) == 0 ? 1 + random.nextInt(DEEPEST) : 1;
    int count = 0;
    for (int i = 0; i < depth; i++) {
      cpu = random.nextInt(16) == 0 ? random.nextInt(cpus) : cpu;
      int length = EventBytes.MIN + random.nextInt(random.nextInt(8) == 0 ? longest : 64);
      long begin = System.nanoTime();
      long at = reserve(length);
      if (at >= 0) {
        since[count] = begin;
        boolean back = random.nextInt(16) == 0;
        open[count] = at;
        on[count] = cpu;
        ids[count] = EventBytes.id(back ? number + TAKEN_BACK : number, length, serial);
        count++;
      }
      serial++;
    }
    for (int i = 0; i < count; i++) {
      EventBytes.putFirst(ring.memory(open[i]), Reservation.offset(open[i]), ids[i]);
    }
    stall();
    while (count > 0) {
      int i = random.nextInt(count);
      EventBytes.putRest(ring.memory(open[i]), Reservation.offset(open[i]), ids[i]);
      if (EventBytes.writer(ids[i]) >= TAKEN_BACK) {
        ring.discard(open[i]);
        discarded[on[i]]++;
      } else {
        commit(open[i], on[i], since[i]);
      }
      count--;
      open[i] = open[count];
      ids[i] = ids[count];
      on[i] = on[count];
      since[i] = since[count];
    }
  }

  /** Mostly not at all, sometimes for a moment, rarely for so long that others lap the ring. */
  private void stall() {
    int dice = random.nextInt(1000);
    if (dice < 2) {
      LockSupport.parkNanos(5_000_000L * (1 + dice));
    } else if (dice < 10) {
      LockSupport.parkNanos(100_000L * dice);
    } else if (dice < 50) {
      Thread.yield();
    }
  }
}
