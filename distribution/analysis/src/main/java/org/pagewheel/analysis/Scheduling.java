package org.pagewheel.analysis;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pagewheel.analysis.SchedStreams.Stream;
import org.pagewheel.analysis.SchedTypes.Kind;

/**
 * What each thread does, by the scheduler's events among those of some traces, which come in the
 * order of their times.
 */
final class Scheduling {
  /** A kernel has 32,768 threads unless its pid_max is raised. */
  private static final int MAX_THREADS = 1 << 17;

  /** The kernel keeps at most so many frames, unless a format says more. */
  private static final int MAX_STACK = 1024;

  private final SchedTypes types;
  private final SchedStreams streams;
  private final Map<Integer, ThreadTime> threads = new HashMap<>();
  private final ThreadTime.Shared shared;
  private final List<String> notes = new ArrayList<>();

  private Stream last;
  private long now = Long.MIN_VALUE;

  /** From when on threads are accounted for. */
  private long start = Long.MIN_VALUE;

  private boolean areTooMany;
  private boolean areSwitchesThere;
  private boolean areWakingsThere;

  /**
   * Prepares.
   *
   * @param events of these traces, none of which has been taken yet
   * @param hasHistory whether {@link ThreadTime#since(long)} is needed
   */
  Scheduling(List<Trace> traces, Merged events, JvmPauses pauses, boolean hasHistory)
      throws IOException {
    this.types = new SchedTypes(traces);
    this.shared = new ThreadTime.Shared(pauses, hasHistory);
    this.streams = new SchedStreams(types, events, shared.gaps);
  }

  /** Whether there may be any: a buffer has some among its first events. */
  boolean isThere() {
    return streams.areThere();
  }

  /** Takes the next event, after {@link Merged#next}. */
  void take(LaneEvents at) {
    if (last != null && last.isScheduler && !last.isLost) {
      loses(last);
    }
    Stream stream = streams.get(at);
    now = Math.max(now, at.time());
    if (start == Long.MIN_VALUE) {
      start = now;
    }
    last = stream;
    Kind kind = types.kind(at);
    boolean isOurs = kind == null || kind == Kind.STACK;
    if (!stream.isScheduler && !isOurs) {
      stream.isScheduler = true;
      streams.isScheduler(stream.buffer);
    }
    if (!stream.isScheduler) {
      writes(at, stream.buffer);
      return;
    }
    if (stream.isLost) {
      stream.isLost = false;
      shared.gaps.end(now);
    }
    if (kind != Kind.SWITCH && !stream.isKnown) {
      find(stream, at.tid());
    }
    if (kind != null) {
      look(stream, at, kind);
    }
  }

  /** What was lost after the event before. */
  private void loses(Stream stream) {
    boolean isOver = stream.lane.missedAtEnd() != 0 && stream.lane.missed() == 0;
    if (stream.lane.missed() == 0 && !isOver) {
      return;
    }
    shared.gaps.begin(now);
    stream.isLost = true;
    stream.isKnown = false;
    if (stream.current != null && stream.current.runsOn(stream)) {
      stream.current.lose(now);
    }
    stream.current = null;
    stream.left = null;
  }

  private void writes(LaneEvents at, int buffer) {
    int tid = at.tid();
    if (tid > 0) {
      thread(tid, start).writes(at.traceIndex << Character.SIZE | at.type() & 0xffff, buffer);
    }
  }

  /** Whoever writes an event is on the CPU. */
  private void find(Stream stream, int tid) {
    stream.isKnown = true;
    stream.current = null;
    if (tid > 0) {
      ThreadTime thread = thread(tid, start);
      if (thread.state() != ThreadTime.State.RUNNING) {
        thread.found(stream, stream.lane.lane.cpu(), now);
        stream.current = thread;
      }
    }
  }

  private void look(Stream stream, LaneEvents at, Kind kind) {
    if (kind == Kind.SWITCH) {
      changes(stream, at);
      return;
    }
    if (kind == Kind.STACK) {
      if (stream.left != null && stream.left.tid == at.tid() && at.length() <= MAX_STACK) {
        byte[] stack = new byte[at.length()];
        MemorySegment.copy(at.memory(), ValueLayout.JAVA_BYTE, at.offset(), stack, 0, stack.length);
        stream.left.stack(at.traceIndex, stack);
      }
      return;
    }
    areWakingsThere |= kind == Kind.WAKING;
    int pid = types.pid(at);
    if (pid > 0) {
      ThreadTime thread = thread(pid, kind == Kind.NEW ? now : start);
      boolean isInterrupt = SchedTypes.isInterrupt(at);
      switch (kind) {
        case WAKING -> thread.isWoken(now, at.tid(), isInterrupt);
        case WAKEUP -> thread.isAwake(now, at.tid(), isInterrupt, areWakingsThere);
        default -> thread.isNew(now);
      }
    }
  }

  private void changes(Stream stream, LaneEvents at) {
    areSwitchesThere = true;
    int leaves = types.pid(at);
    int comes = types.next(at);
    ThreadTime current = stream.current;
    if (current != null && current.tid != leaves && current.runsOn(stream)) {
      current.forget(now);
    }
    stream.isKnown = true;
    stream.left = null;
    if (leaves > 0) {
      stream.left = thread(leaves, start);
      stream.left.leaves(stream, now, types.state(at));
    }
    stream.current = null;
    if (comes > 0) {
      stream.current = thread(comes, start);
      stream.current.runs(stream, stream.lane.lane.cpu(), now, areWakingsThere);
    }
  }

  private ThreadTime thread(int tid, long since) {
    ThreadTime thread = threads.get(tid);
    if (thread == null) {
      thread = new ThreadTime(tid, shared, since);
      if (threads.size() < MAX_THREADS) {
        threads.put(tid, thread);
      } else {
        areTooMany = true;
      }
    }
    return thread;
  }

  /** A thread that writes an event now, accounted for until now. */
  ThreadTime at(int tid) {
    ThreadTime thread = thread(tid, start);
    thread.pass(now);
    return thread;
  }

  /** All threads, accounted for until a time, which is not before the last event. */
  Collection<ThreadTime> all(long until) {
    threads.values().forEach(each -> each.pass(until));
    return threads.values();
  }

  /** Makes the account of all threads begin at a time, which is not before the last event. */
  void restart(long from) {
    start = from;
    all(from).forEach(ThreadTime::restart);
  }

  /** The time from which threads are accounted for; meaningless before the first event. */
  long start() {
    return start;
  }

  /** The time of the last event. */
  long now() {
    return now;
  }

  boolean areSwitchesThere() {
    return areSwitchesThere;
  }

  /** Whether a thread has written an event that is not the kernel's. */
  boolean isOfJava(ThreadTime thread) {
    return streams.areOthers(thread.buffers());
  }

  /** What to know of the answer, one line each. */
  List<String> notes() {
    if (areSwitchesThere && !areWakingsThere) {
      notes.add(
          "there is no event sched_waking: who wakes a thread is not known, and blocked includes"
              + " its wait for a CPU; record all of sched");
    }
    if (shared.pauses.areOfSeveral()) {
      notes.add("pauses are of several JVMs, and count for the threads of all");
    }
    if (areTooMany) {
      notes.add("more than %,d threads: nothing is known of the later ones".formatted(MAX_THREADS));
    }
    return notes;
  }

  /** Scheduling events that are lost; −1 for an unknown number. */
  long lost() {
    return streams.lost();
  }
}
