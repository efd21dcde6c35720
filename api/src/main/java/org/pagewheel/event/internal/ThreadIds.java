package org.pagewheel.event.internal;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The number in {@code common_pid}: the Linux thread id of a platform thread, and for a virtual
 * thread {@value #VIRTUAL} plus its Java thread id, which no Linux thread can have. Without {@code
 * /proc}, the Java thread id in both cases.
 *
 * <p>How it works: the Linux thread id is in the target of the link {@code /proc/thread-self},
 * which takes 5 µs and is read once per thread. Afterwards it is in a table indexed by the low bits
 * of the Java thread id; Java thread ids are never reused, so an entry that carries the thread's
 * own id is never stale and needs no clean-up.
 *
 * <pre>
 *  63                                    22 21                    0
 * +----------------------------------------+-----------------------+
 * | Java thread id                         | Linux thread id, or 0 |
 * +----------------------------------------+-----------------------+
 *   0: the number follows from the Java thread id
 * </pre>
 *
 * Two threads that write at the same time and share a slot take it from each other; a platform
 * thread then finds its id in a thread-local. Rejected: a thread-local for every event (a virtual
 * thread would allocate its map for it), native {@code gettid} (native access may be refused).
 */
public final class ThreadIds {
  /** The largest {@code pid_max} of Linux; every thread id is below it. */
  static final int VIRTUAL = 1 << 22;

  /** Of the table; a power of two. */
  static final int PLACES = 1 << 14;

  private static final int PID_BITS = 22;
  private static final long NOTHING = -1;

  private static final VarHandle ENTRIES = MethodHandles.arrayElementVarHandle(long[].class);

  /** Of constant length, so that there are no bounds checks. */
  private static final long[] TABLE = new long[PLACES];

  private static final ThreadLocal<Integer> LINUX_ID = new ThreadLocal<>();
  private static final Path THREAD_SELF = Path.of("/proc/thread-self");

  static {
    Arrays.fill(TABLE, NOTHING);
  }

  private ThreadIds() {}

  /** The calling thread's number; a few loads after the first call on a thread. */
  public static int current() {
    Thread thread = Thread.currentThread();
    long id = thread.threadId();
    long entry = (long) ENTRIES.getOpaque(TABLE, (int) id & PLACES - 1);
    if (entry >>> PID_BITS == id) {
      int linux = (int) entry & (1 << PID_BITS) - 1;
      return linux != 0 ? linux : derived(thread, id);
    }
    return remember(thread, id);
  }

  private static int remember(Thread thread, long id) {
    int linux = 0;
    if (!thread.isVirtual()) {
      Integer known = LINUX_ID.get();
      if (known == null) {
        known = readLink();
        LINUX_ID.set(known);
      }
      linux = known;
    }
    int pid = linux != 0 ? linux : derived(thread, id);
    ThreadNames.PROCESS.add(pid, thread);
    ENTRIES.setOpaque(TABLE, (int) id & PLACES - 1, id << PID_BITS | linux);
    return pid;
  }

  /** The number of a thread without a Linux id; always positive. */
  private static int derived(Thread thread, long id) {
    return thread.isVirtual() ? ofVirtual(id) : (int) (id & Integer.MAX_VALUE);
  }

  /** The number of a virtual thread. */
  public static int ofVirtual(long id) {
    return VIRTUAL + (int) (id % (Integer.MAX_VALUE - VIRTUAL));
  }

  /** The last part of {@code <pid>/task/<tid>}, or 0 if there is none. */
  private static int readLink() {
    try {
      int linux = Integer.parseInt(Files.readSymbolicLink(THREAD_SELF).getFileName().toString());
      return linux < VIRTUAL ? linux : 0;
    } catch (IOException | RuntimeException e) {
      return 0; // not Linux, or no /proc
    }
  }
}
