package org.pagewheel.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pagewheel.analysis.TimeParts.Part;

/**
 * What one thread has done so far, by the scheduler's events.
 *
 * <p>Time is accounted for when something happens to the thread. What it did meanwhile is then its
 * state, unless scheduling events of a CPU were lost: a thread that is not on a CPU may have run
 * there, so the time from the first such gap to the end of the last one is unknown, and what comes
 * after is what the event proves.
 */
final class ThreadTime {
  /** What it does now. */
  enum State {
    /** Nothing is known of it yet, or no longer. */
    UNKNOWN,
    /** It was on a CPU whose events were lost; its next event proves what it does since. */
    UNSURE,
    RUNNING,
    RUNNABLE,
    BLOCKED,
    ENDED
  }

  private static final int MAX_BLOCKS = 512;
  private static final int FIRST_STEPS = 16;
  private static final int MAX_STEPS = 1 << 16;
  private static final int MIGRATED = 0x100;

  /** What all threads share. */
  static final class Shared {
    final Gaps gaps = new Gaps();
    final JvmPauses pauses;

    /** Whether steps are kept, for spans that are known only at their ends. */
    final boolean hasHistory;

    /** How many more steps may be kept. */
    private int room = 1 << 22;

    Shared(JvmPauses pauses, boolean hasHistory) {
      this.pauses = pauses;
      this.hasHistory = hasHistory;
    }
  }

  final int tid;
  private final Shared shared;
  private final TimeParts sums = new TimeParts();

  /** The same without pauses. */
  private final TimeParts plain = new TimeParts();

  /** The sums at the last restart. */
  private TimeParts base = new TimeParts();

  private TimeParts plainBase = base;

  private boolean isPartial;
  private State state = State.UNKNOWN;

  /** Up to when everything is in the sums. */
  private long since;

  /** The first gap that counts for the time since then. */
  private int gap;

  private int lastCpu = -1;

  /** The CPU's stream, while it runs. */
  private Object on;

  /** The one that goes on, or the last one. */
  private Block block;

  /** Those of which none that came later is longer, so the longest since a moment is at hand. */
  private final List<Block> blocks = new ArrayList<>();

  private int waker = Block.NOBODY;
  private boolean isInterrupt;

  /** The trace and type of its last event that is not the kernel's. */
  private int lastType = -1;

  /** Buffers in which it wrote, a bit each. */
  private long buffers;

  /** When it began what it did, and what that was: the newest ones, in a ring. */
  private long[] times = {};

  private short[] parts = {};
  private int steps;

  /** One of which nothing is known from a time on. */
  ThreadTime(int tid, Shared shared, long since) {
    this.tid = tid;
    this.shared = shared;
    this.since = since;
  }

  State state() {
    return state;
  }

  boolean runsOn(Object cpu) {
    return state == State.RUNNING && on == cpu;
  }

  /** What is in the sums up to now, after {@link #pass}. */
  TimeParts sums() {
    return sums;
  }

  long buffers() {
    return buffers;
  }

  long since() {
    return since;
  }

  private void add(Part part, long from, long to) {
    if (to <= from) {
      return;
    }
    step(part.ordinal(), from);
    plain.add(part, to - from);
    account(sums, part, from, to);
  }

  /** Adds a time, without what pauses of the JVM take of it. */
  private void account(TimeParts into, Part part, long from, long to) {
    if (part == Part.RUNNING || part == Part.UNKNOWN) {
      into.add(part, to - from);
      return;
    }
    long stopped = shared.pauses.stopped(from, to);
    long gc = stopped == 0 ? 0 : shared.pauses.gc(from, to);
    into.add(Part.GC, gc);
    into.add(Part.SAFEPOINT, stopped - gc);
    into.add(part, to - from - stopped);
  }

  private void off(Part part, long from, long to) {
    long before = sums.get(part);
    add(part, from, to);
    if (part != Part.RUNNABLE && block != null) {
      block.length += sums.get(part) - before;
    }
  }

  private Part part(State of) {
    return switch (of) {
      case RUNNING -> Part.RUNNING;
      case RUNNABLE -> Part.RUNNABLE;
      case BLOCKED -> TimeParts.blockedIn(block == null ? '?' : block.state);
      case UNKNOWN, UNSURE, ENDED -> Part.UNKNOWN;
    };
  }

  /**
   * Accounts for the time up to now.
   *
   * @param proven what an event proves that it did until now since the last gap; null for nothing
   */
  private void commit(long time, State proven) {
    long now = Math.max(time, since);
    long known = now;
    switch (state) {
      case RUNNING, UNKNOWN -> add(part(state), since, now);
      case RUNNABLE, BLOCKED -> {
        known = shared.gaps.first(gap, since, now);
        off(part(state), since, known);
      }
      case UNSURE -> known = since;
      case ENDED -> {
        // what is over has no time
      }
    }
    if (known < now) {
      long sure = proven == null ? now : shared.gaps.sure(known, now);
      add(Part.UNKNOWN, known, sure);
      if (proven == State.BLOCKED && sure < now && state != State.BLOCKED) {
        block = new Block(sure, '?', -1);
      }
      if (proven != null) {
        off(part(proven), sure, now);
      }
    }
    since = now;
    gap = shared.gaps.mark();
  }

  /** Accounts for the time up to now, in the middle of what it does. */
  void pass(long now) {
    boolean isLost = (state == State.RUNNABLE || state == State.BLOCKED) && isLost(now);
    commit(now, null);
    if (isLost) {
      state = State.UNSURE;
    }
  }

  /** It writes an event that is not the kernel's. */
  void writes(int type, int buffer) {
    lastType = type;
    buffers |= 1L << Math.min(Long.SIZE - 1, buffer);
  }

  /** The events of its CPU are lost from now on. */
  void lose(long now) {
    commit(now, null);
    state = State.UNSURE;
  }

  /** Nothing is known of it since its last event: it cannot have done what it seemed to do. */
  void forget(long now) {
    isPartial |= state != State.UNKNOWN && state != State.UNSURE;
    state = State.UNKNOWN;
    block = null;
    commit(now, null);
  }

  /** A CPU goes on with it; whether it waited for that is proven if all wakings are there. */
  void runs(Object cpu, int number, long now, boolean isProven) {
    boolean isWokenUnseen = isProven && state == State.BLOCKED && !isLost(now);
    if (state == State.RUNNING || isWokenUnseen) {
      forget(now);
    }
    commit(now, isProven ? State.RUNNABLE : null);
    if (state == State.BLOCKED) {
      endBlock();
    }
    if (lastCpu >= 0 && lastCpu != number) {
      sums.migrations++;
      plain.migrations++;
      step(Part.RUNNING.ordinal() | MIGRATED, now);
    }
    state = State.RUNNING;
    lastCpu = number;
    on = cpu;
    waker = Block.NOBODY;
    isInterrupt = false;
  }

  /** It is on a CPU, since when is not known. */
  void found(Object cpu, int number, long now) {
    if (state == State.ENDED || isLost(now)) {
      commit(now, null);
    } else {
      forget(now);
    }
    block = null;
    state = State.RUNNING;
    lastCpu = number;
    on = cpu;
  }

  /** It leaves a CPU. */
  void leaves(Object cpu, long now, char why) {
    boolean isOff = state == State.RUNNABLE || state == State.BLOCKED;
    if (state == State.RUNNING && !runsOn(cpu) || isOff && !isLost(now)) {
      forget(now); // it came there unseen
    } else {
      commit(now, null);
    }
    state = why == 'R' ? State.RUNNABLE : why == 'X' ? State.ENDED : State.BLOCKED;
    on = null;
    if (state == State.BLOCKED) {
      block = new Block(since, why, lastType);
    }
  }

  /** It is about to be woken; it may not even sleep yet. */
  void isWoken(long now, int by, boolean isByInterrupt) {
    waker = by;
    isInterrupt = isByInterrupt;
    if (maySleep(now)) {
      wakes(now, State.BLOCKED);
    }
  }

  private boolean maySleep(long now) {
    return state == State.BLOCKED
        || state == State.UNSURE
        || state == State.RUNNABLE && isLost(now);
  }

  /** Whether there has been a gap since it left a CPU. */
  private boolean isLost(long now) {
    return shared.gaps.first(gap, since, Math.max(since, now)) < now;
  }

  /** It waits for a CPU; by whose doing is known if wakings are recorded. */
  void isAwake(long now, int by, boolean isByInterrupt, boolean areWakingsThere) {
    if (maySleep(now)) {
      if (!areWakingsThere) {
        waker = by;
        isInterrupt = isByInterrupt;
      }
      wakes(now, areWakingsThere ? null : State.BLOCKED);
    }
  }

  private void wakes(long now, State proven) {
    if (state != State.BLOCKED) {
      block = null;
    }
    commit(now, proven);
    endBlock();
    state = State.RUNNABLE;
  }

  /** It is new. */
  void isNew(long now) {
    commit(now, null);
    state = State.RUNNABLE;
  }

  /** The kernel's stack when it was blocked. */
  void stack(int trace, byte[] event) {
    if (state == State.BLOCKED && block != null) {
      block.stackTrace = trace;
      block.stack = event;
    }
  }

  private void endBlock() {
    if (block != null) {
      block.waker = waker;
      block.isInterrupt = isInterrupt;
      keepBlock();
      block = null;
    }
  }

  private void keepBlock() {
    while (!blocks.isEmpty() && blocks.getLast().length <= block.length) {
      blocks.removeLast();
    }
    if (block.length > 0 && blocks.size() < MAX_BLOCKS) {
      blocks.add(block);
    }
  }

  /** The longest time that it was blocked since a moment; null if it was not. */
  Block longest(long from) {
    int low = 0;
    int high = blocks.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (blocks.get(middle).begin < from) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    Block kept = low < blocks.size() ? blocks.get(low) : null;
    boolean isOpen = state == State.BLOCKED && block != null && block.length > 0;
    return isOpen && (kept == null || block.length > kept.length) ? block : kept;
  }

  /** What it has done since the last restart; pauses hold only threads of Java. */
  TimeParts whole(boolean isOfJava) {
    return isOfJava ? sums.since(base) : plain.since(plainBase);
  }

  /** Whether what it seemed to do cannot be all that it did, though no event is lost. */
  boolean isPartial() {
    return isPartial;
  }

  /** Begins its account and its blocks anew. */
  void restart() {
    base = sums.copy();
    plainBase = plain.copy();
    blocks.clear();
    if (state == State.BLOCKED && block != null) {
      block = new Block(since, block.state, block.after);
    }
  }

  private void step(int part, long time) {
    if (!shared.hasHistory) {
      return;
    }
    if (steps == times.length && steps < MAX_STEPS) {
      int more = Math.max(FIRST_STEPS, steps);
      if (shared.room >= more) {
        shared.room -= more;
        times = Arrays.copyOf(times, steps + more);
        parts = Arrays.copyOf(parts, steps + more);
      }
    }
    if (times.length > 0) {
      times[steps % times.length] = time;
      parts[steps % times.length] = (short) part;
      steps++;
    }
  }

  /**
   * What it did since a moment before {@link #since}, which may be longer ago than is kept.
   *
   * @return the parts, together just as long
   */
  TimeParts since(long from) {
    TimeParts since = new TimeParts();
    long to = this.since;
    int oldest = Math.max(0, steps - times.length);
    for (int i = steps - 1; i >= oldest && to > from; i--) {
      long begin = Math.max(from, times[i % times.length]);
      short code = parts[i % times.length];
      if ((code & MIGRATED) != 0) {
        since.migrations += begin > from ? 1 : 0;
      } else if (begin < to) {
        account(since, Part.values()[code], begin, to);
        to = begin;
      }
    }
    since.add(Part.UNKNOWN, Math.max(0, to - from));
    return since;
  }
}
