package org.pagewheel.event;

import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The names of the threads that have written events. A living thread's name is read when it is
 * asked for; of a thread that is gone the last name seen is kept.
 *
 * <p>Bounded: of platform and of virtual threads the {@value #LIMIT} newest each. They are kept
 * apart, so that a flood of virtual threads does not wash the names of the pools away.
 */
final class ThreadNames {
  static final int LIMIT = 16_384;

  static final ThreadNames PROCESS = new ThreadNames();

  private static final class Named extends WeakReference<Thread> {
    private final long threadId;
    private String name;

    Named(Thread thread) {
      super(thread);
      threadId = thread.threadId();
      name = nameOf(thread);
    }

    /** A thread that is known by its name alone. */
    Named(String name) {
      super(null);
      threadId = -1;
      this.name = name;
    }

    String name() {
      Thread thread = get();
      if (thread != null) {
        name = nameOf(thread);
      }
      return name;
    }
  }

  /** Forgets its eldest entry when it is full. */
  private static final class Newest extends LinkedHashMap<Integer, Named> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, Named> eldest) {
      return size() > LIMIT;
    }
  }

  private final Newest platform = new Newest();
  private final Newest virtual = new Newest();

  /** Takes note of a thread; of two threads that get the same number the later one has it. */
  synchronized void add(int pid, Thread thread) {
    Newest map = thread.isVirtual() ? virtual : platform;
    Named known = map.get(pid);
    if (known == null || known.threadId != thread.threadId()) {
      map.remove(pid);
      map.put(pid, new Named(thread));
    }
  }

  /** Takes note of a thread by its name alone; a living thread that is known says its own. */
  synchronized void add(int pid, String name) {
    Named known = platform.get(pid);
    if (known == null || known.get() == null) {
      platform.put(pid, new Named(clean(name)));
    }
  }

  /** A copy: number in {@code common_pid} to name. */
  synchronized Map<Integer, String> names() {
    Map<Integer, String> names = new TreeMap<>();
    virtual.forEach((pid, entry) -> names.put(pid, entry.name()));
    platform.forEach((pid, entry) -> names.put(pid, entry.name()));
    return names;
  }

  private static String clean(String name) {
    return name.replaceAll("\\p{Cntrl}", " ").strip();
  }

  /** Virtual threads mostly have no name; control characters would break the file's lines. */
  private static String nameOf(Thread thread) {
    String name = clean(thread.getName());
    return name.isEmpty()
        ? (thread.isVirtual() ? "virtual-" : "thread-") + thread.threadId()
        : name;
  }
}
