package org.pagewheel.event.internal;

import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The names of the threads that have written events. A living thread's name is read on request; for
 * a thread that has ended the last name seen is kept.
 *
 * <p>Bounded to the {@value #LIMIT} newest platform threads and as many virtual threads. They are
 * kept apart, so that a flood of virtual threads does not displace the names of the pools.
 */
public final class ThreadNames {
  static final int LIMIT = 16_384;

  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f-\\x9f]");

  /** Those of this process. */
  public static final ThreadNames PROCESS = new ThreadNames();

  private static final class Named extends WeakReference<Thread> {
    private final long threadId;

    /** The last one seen; a later look writes the same or a newer one. */
    private volatile String name;

    Named(Thread thread) {
      super(thread);
      threadId = thread.threadId();
      name = nameOf(thread);
    }

    /** A thread known only by its name. */
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

  /** Drops its eldest entry when it is full. */
  private static final class Newest extends LinkedHashMap<Integer, Named> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, Named> eldest) {
      return size() > LIMIT;
    }
  }

  private final Newest platform = new Newest();
  private final Newest virtual = new Newest();

  /** Notes a thread; if two threads get the same number, the later one has it. */
  void add(int pid, Thread thread) {
    Named added = new Named(thread);
    synchronized (this) {
      Newest map = thread.isVirtual() ? virtual : platform;
      Named known = map.get(pid);
      if (known != null && known.threadId == thread.threadId()) {
        return;
      }
      map.remove(pid);
      map.put(pid, added);
    }
    ProcessMetadata.INSTANCE.tell(pid, added.name);
  }

  /** Notes a thread by its name alone; a known living thread reports its own. */
  public void add(int pid, String name) {
    Named added = new Named(clean(name));
    synchronized (this) {
      Named known = platform.get(pid);
      if (known != null && (known.get() != null || known.name.equals(added.name))) {
        return;
      }
      platform.put(pid, added);
    }
    ProcessMetadata.INSTANCE.tell(pid, added.name);
  }

  /** A copy, from the number in {@code common_pid} to the name. */
  Map<Integer, String> names() {
    Map<Integer, Named> threads;
    synchronized (this) { // no longer than needed: new threads wait here with their first event
      threads = new TreeMap<>(virtual);
      threads.putAll(platform);
    }
    Map<Integer, String> names = new TreeMap<>();
    threads.forEach((pid, thread) -> names.put(pid, thread.name()));
    return names;
  }

  private static String clean(String name) {
    boolean plain = name.chars().noneMatch(Character::isISOControl);
    return (plain ? name : CONTROL.matcher(name).replaceAll(" ")).strip();
  }

  /** Virtual threads mostly have no name; control characters would break the file's lines. */
  private static String nameOf(Thread thread) {
    String name = clean(thread.getName());
    return name.isEmpty()
        ? (thread.isVirtual() ? "virtual-" : "thread-") + thread.threadId()
        : name;
  }
}
