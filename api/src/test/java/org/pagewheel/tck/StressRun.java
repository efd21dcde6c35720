package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * Many threads on one ring for a while: writers that stall, one that stalls until the end, a reader
 * that takes, holds and flushes, one that copies. Every event that is read is checked byte by byte
 * and for its order; at the end the ring's counters are compared with what the threads have counted
 * themselves, and the events that were read with both.
 */
public final class StressRun {
  private static final int MAX_HELD = 3;

  private final StressPlan plan;
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final List<StressWriter> writers = new ArrayList<>();
  private final Team team = new Team();
  private final Ring ring;
  private final PageCheck[] checks;
  private final long[] read;
  private final long[][] nextSerial;
  private long copied;

  private StressRun(StressPlan plan) throws IOException {
    this.plan = plan;
    BufferConfig config =
        BufferConfig.of("stress", plan.backend().name())
            .withBackend(plan.backend().name(), plan.settings())
            .withMode(plan.mode())
            .withPages(plan.pages(), plan.pageSize())
            .withClock(plan.cpus(), Clock.MONO, StressWriter.CPU);
    this.ring = plan.backend().open(new RingConfig(config, () -> {}, faults::add));
    this.checks = new PageCheck[plan.cpus()];
    this.read = new long[plan.cpus()];
    this.nextSerial = new long[plan.cpus()][plan.threads() + 2];
    for (int cpu = 0; cpu < checks.length; cpu++) {
      checks[cpu] = new PageCheck(cpu, plan.pageSize());
    }
  }

  /**
   * Does it.
   *
   * @param plan what
   * @return one line that says what happened
   * @throws IOException if the ring cannot be made
   * @throws InterruptedException if the calling thread was interrupted
   * @throws AssertionError if a promise was broken; the message says which
   */
  public static String run(StressPlan plan) throws IOException, InterruptedException {
    StressRun run = new StressRun(plan);
    try {
      return run.run();
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; in " + plan, e);
    } finally {
      run.ring.close();
    }
  }

  private String run() throws InterruptedException {
    for (int i = 0; i < plan.threads(); i++) {
      StressWriter writer = new StressWriter(i, ring, plan.seed());
      writers.add(writer);
      team.start("writer " + i, plan.virtual(), () -> writer.runUntilStopped(team));
    }
    StressWriter stalled = new StressWriter(plan.threads(), ring, plan.seed());
    writers.add(stalled);
    // In mode discard whoever stalls for ever may stop his CPU; so he goes on after a while.
    long stall = plan.mode() == Mode.DISCARD ? 15 : Long.MAX_VALUE / 1_000_000;
    team.start("stalled writer", () -> stalled.stall(team, stall));
    if (plan.readers()) {
      team.start("taker", () -> takeUntilStopped(new Random(plan.seed() + 10_000)));
      team.start("copier", this::copyUntilStopped);
    }
    team.work(plan.millis());
    team.stop();
    team.join();
    finish();
    return account();
  }

  private void takeUntilStopped(Random random) {
    ArrayDeque<Page> held = new ArrayDeque<>();
    ArrayDeque<byte[]> bytes = new ArrayDeque<>();
    while (!team.isStopped()) {
      int cpu = random.nextInt(plan.cpus());
      if (random.nextInt(50) == 0) {
        ring.flush(cpu);
      }
      Page page = held.size() == MAX_HELD ? null : ring.take(cpu, random.nextInt(4) == 0);
      if (page != null) {
        accept(page);
        held.add(page);
        bytes.add(page.memory().toArray(ValueLayout.JAVA_BYTE));
      } else {
        Thread.yield();
      }
      if (!held.isEmpty() && (held.size() == MAX_HELD || random.nextBoolean())) {
        release(held.remove(), bytes.remove());
      }
    }
    while (!held.isEmpty()) {
      release(held.remove(), bytes.remove());
    }
  }

  private static void release(Page page, byte[] bytes) {
    assertTrue(
        Arrays.equals(bytes, page.memory().toArray(ValueLayout.JAVA_BYTE)),
        () -> page + " changed while it was held");
    page.release();
  }

  private void accept(Page page) {
    int cpu = page.cpu();
    checks[cpu].accept(page, event -> accept(cpu, event));
  }

  private void accept(int cpu, ReadEvent event) {
    int writer = EventBytes.writer(event.id());
    if (writer >= nextSerial[cpu].length) {
      fail(EventBytes.describe(event.id()) + " was taken back, or written by nobody, and is read");
    }
    if (event.serial() < nextSerial[cpu][writer]) {
      fail(EventBytes.describe(event.id()) + " comes twice or too late on CPU " + cpu);
    }
    nextSerial[cpu][writer] = event.serial() + 1L;
    read[cpu]++;
  }

  private void copyUntilStopped() throws InterruptedException {
    MemorySegment into = MemorySegment.ofArray(new long[plan.pageSize() / Long.BYTES]);
    while (!team.isStopped()) {
      Thread.sleep(1);
      for (int cpu = 0; cpu < plan.cpus(); cpu++) {
        assertEquals(plan.pages(), ring.view(cpu).pages().size(), "pages in the view");
        assertTrue(ring.unreadPages(cpu) >= 0, "unread pages");
        assertTrue(ring.counters(cpu).written() >= 0, "written");
        PageCheck check = new PageCheck(cpu, plan.pageSize());
        long from = 0;
        Page page = ring.copy(cpu, from, into);
        for (int i = 0; page != null && i < 2 * plan.pages(); i++) {
          assertTrue(page.sequence() >= from, "a copy older than asked for");
          check.acceptCopy(page, event -> copied++);
          from = page.sequence() + 1;
          page = ring.copy(cpu, from, into);
        }
      }
    }
  }

  /** Everything still in the ring is read; before that nothing is being written any more. */
  private void finish() throws InterruptedException {
    StressWriter last = new StressWriter(plan.threads() + 1, ring, plan.seed());
    writers.add(last);
    Team lastTeam = new Team();
    lastTeam.start("last writer", last::writeLast);
    lastTeam.join();
    ring.seal();
    assertTrue(ring.isQuiet(), "sealed, all writers have ended, and the ring is not quiet");
    for (int cpu = 0; cpu < plan.cpus(); cpu++) {
      Counters before = ring.counters(cpu);
      long readBefore = read[cpu];
      for (Page page = ring.take(cpu, false); page != null; page = ring.take(cpu, false)) {
        accept(page);
        page.release();
      }
      assertEquals(
          before.unread(), read[cpu] - readBefore, () -> "unread, and read then, in " + before);
    }
    assertEquals(List.of(), faults, "faults that the ring found in itself");
  }

  /**
   * What the writers and the taker have counted on all CPUs: who is wrong shows beside the rest.
   */
  private String seen() {
    StringJoiner seen = new StringJoiner(", ");
    for (int cpu = 0; cpu < plan.cpus(); cpu++) {
      List<Long> committed = new ArrayList<>();
      for (StressWriter writer : writers) {
        committed.add(writer.committed[cpu]);
      }
      seen.add("CPU " + cpu + ": committed by writers " + committed + ", read " + read[cpu]);
    }
    return seen.toString();
  }

  private String account() {
    Counters all = Counters.ZERO;
    String seen = seen();
    for (int cpu = 0; cpu < plan.cpus(); cpu++) {
      Counters c = ring.counters(cpu);
      String where = " on CPU " + cpu + ", in " + c + "; " + seen;
      long committed = 0;
      long discarded = 0;
      long old = 0;
      long[] refused = new long[(int) -Refusal.SEALED + 1];
      for (StressWriter writer : writers) {
        committed += writer.committed[cpu];
        discarded += writer.discarded[cpu];
        old += writer.old[cpu];
        for (int i = 0; i < refused.length; i++) {
          refused[i] += writer.refused[cpu][i];
        }
      }
      assertEquals(committed, c.written(), "written" + where);
      assertEquals(discarded, c.discarded(), "discarded" + where);
      assertEquals(read[cpu], c.read(), "read" + where);
      assertEquals(committed, read[cpu] + c.overrun(), "read + overrun, all committed" + where);
      assertEquals(refused[(int) -Refusal.DROPPED], c.dropped(), "dropped" + where);
      assertEquals(
          refused[(int) -Refusal.COMMIT_OVERRUN], c.commitOverrun(), "commit overrun" + where);
      assertEquals(0, c.disabled() + c.tooLong() + c.recursion(), "other refusals" + where);
      assertEquals(c.overrun(), checks[cpu].told(), "lost events told in the pages" + where);
      if (plan.mode() == Mode.DISCARD) {
        assertTrue(c.overrun() <= old, "only old events may be left out in mode discard" + where);
      }
      all = all.plus(c);
    }
    assertTrue(all.written() > 10, "hardly anything was written");
    return plan.threads()
        + (plan.virtual() ? " virtual threads, " : " threads, ")
        + plan.mode()
        + ": "
        + all.written()
        + " written, "
        + all.read()
        + " read, "
        + all.overrun()
        + " overrun, "
        + all.refused()
        + " refused, "
        + all.discarded()
        + " taken back, "
        + copied
        + " copied";
  }
}
