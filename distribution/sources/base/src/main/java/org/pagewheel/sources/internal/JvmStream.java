package org.pagewheel.sources.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedClassLoader;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingStream;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Buffers;
import org.pagewheel.Clock;
import org.pagewheel.event.EventType;
import org.pagewheel.spi.Log;
import org.pagewheel.spi.Reason;

/**
 * The JFR stream of source {@code jvm} and the buffer it writes to.
 *
 * <p>How it works: JFR delivers all events on one thread, in the order of their ends within a
 * flush. The buffer's clock is a field of this object that this thread sets to an event's end
 * before it writes the event. If an event comes after one that ended later, as may happen from one
 * flush to the next, the clock stays where it is: a ring's time never runs backwards, and {@code
 * began} and {@code duration} are still right.
 */
final class JvmStream implements AutoCloseable {
  /** Loading a class takes some 50 µs; below this JFR writes nothing, and there are thousands. */
  private static final Duration CLASS_LOAD_THRESHOLD = Duration.ofMillis(1);

  private static final Duration KEPT_BY_JFR = Duration.ofSeconds(10);

  /** The runtime starts sources when it starts; main's backend may come a moment later. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final long LOOK_MILLIS = 100;

  /** How long {@link #close} waits for the threads; less than the runtime waits by itself. */
  private static final Duration LAST_CHANCE = Duration.ofSeconds(4);

  private final Buffers buffers;
  private final DiskRoom room;
  private final JvmTime times = new JvmTime();

  /** Written only by the stream's thread; other threads see some past time. */
  private volatile long now = System.nanoTime();

  /** Set before the stream starts, hence seen by its thread. */
  private Buffer buffer;

  /** Whether the log says that events are lost; used only by the stream's thread. */
  private boolean isReported;

  /** Null before it has started, and while it pauses; guarded by this, as are the next. */
  private RecordingStream stream;

  /** Whether the disk is too full for it. */
  private boolean paused;

  private boolean closed;

  /** The threads that run our code, and must end with the application. */
  private final List<Thread> threads = new ArrayList<>();

  JvmStream(Buffers buffers) {
    this(buffers, new DiskRoom());
  }

  JvmStream(Buffers buffers, DiskRoom room) {
    this.buffers = buffers;
    this.room = room;
  }

  /**
   * Starts on a separate thread, which then is the stream's: JFR's own would keep the process
   * alive. JFR starts threads that outlive the stream, and they inherit from this thread, whose
   * application may be unloaded: so it has the system's class loader and inherits no thread locals.
   */
  JvmStream start() {
    begin("pagewheel-jvm", this::open);
    return this;
  }

  /** Does nothing once this is closed, so that {@link #close} knows all threads. */
  private synchronized void begin(String name, Runnable task) {
    if (closed) {
      return;
    }
    Thread thread = thread(name, task);
    threads.removeIf(each -> !each.isAlive());
    threads.add(thread);
    thread.start();
  }

  private static Thread thread(String name, Runnable task) {
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .inheritInheritableThreadLocals(false)
            .unstarted(task);
    thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    return thread;
  }

  private void open() {
    try {
      BufferConfig config = config();
      synchronized (this) {
        if (closed) {
          return;
        }
        buffer = buffers.create(config);
      }
      do {
        if (awaitRoom()) {
          stream();
        }
      } while (isPaused());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) { // out of memory, for example
      failed(e);
    }
  }

  private void stream() {
    try (RecordingStream opened = record()) {
      if (take(opened)) {
        begin("pagewheel-jvm-room", () -> watch(opened));
        opened.start(); // until it is closed
      }
    }
  }

  private synchronized boolean take(RecordingStream opened) {
    paused = false;
    if (!closed) {
      stream = opened;
    }
    return !closed;
  }

  synchronized boolean isPaused() {
    return paused && !closed;
  }

  /** Whether the stream may start; false once this is closed. */
  private synchronized boolean awaitRoom() throws InterruptedException {
    while (!closed) {
      String problem = room.problem(paused);
      if (problem == null) {
        if (paused) {
          Log.info("source jvm goes on");
        }
        return true;
      }
      pause(problem);
      wait(LOOK_MILLIS);
    }
    return false;
  }

  /** Logs it once. Called with this held. */
  private void pause(String problem) {
    if (!paused) {
      paused = true;
      Log.warning("source jvm pauses: " + problem);
    }
  }

  /** Ends a stream before the disk is full. */
  private void watch(RecordingStream opened) {
    while (true) {
      String problem = room.problem(false);
      synchronized (this) {
        if (closed || stream != opened) {
          return;
        }
        if (problem != null) {
          stream = null;
          pause(problem);
          break;
        }
        try {
          wait(LOOK_MILLIS);
        } catch (InterruptedException e) {
          // whatever interrupted it, the room is checked once more
        }
      }
    }
    opened.close();
  }

  private synchronized void failed(Throwable e) {
    if (!closed && !isEnding()) { // else the reason is that everything stops
      String what = stream == null ? "did not start: " : "has ended: ";
      Log.warning("source jvm " + what + reason(e));
    }
  }

  /** Whether the JVM is on its way out: then it refuses to start JFR, and hooks. */
  private static boolean isEnding() {
    try {
      Runtime.getRuntime().removeShutdownHook(new Thread()); // one that was never added
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  /**
   * Reports that an event could not be written. That may be so for each, so only the first is
   * logged.
   */
  void lost(Throwable e) {
    if (!isReported) {
      isReported = true;
      Log.warning("source jvm loses events: " + reason(e));
    }
  }

  private static String reason(Throwable e) {
    return Reason.of(e);
  }

  /** Like an existing buffer of this name, else like buffer main; with one stream. */
  private BufferConfig config() throws InterruptedException {
    awaitBackend();
    Optional<Buffer> configured = buffers.find(JvmSource.BUFFER);
    BufferConfig like =
        configured
            .or(() -> buffers.find(FrameworkSource.BUFFER))
            .map(Buffer::config)
            .orElseGet(() -> BufferConfig.of(JvmSource.BUFFER, "lockfree"));
    configured.ifPresent(before -> buffers.destroy(JvmSource.BUFFER));
    return BufferConfig.of(JvmSource.BUFFER, like.backend())
        .withPages(like.pages(), like.pageSize())
        .withMode(like.mode())
        .withClock(1, Clock.of("mono", () -> now), () -> 0);
  }

  private void awaitBackend() throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (buffers.find(FrameworkSource.BUFFER).filter(main -> !main.isOn()).isPresent()
        && Instant.now().isBefore(end)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private RecordingStream record() {
    RecordingStream opened = new RecordingStream();
    opened.setMaxAge(KEPT_BY_JFR);
    opened.onEvent("jdk.GarbageCollection", this::gc);
    opened.onEvent("jdk.GCPhasePause", this::gcPause);
    opened.onEvent("jdk.SafepointBegin", this::safepointBegin);
    opened.onEvent("jdk.SafepointEnd", this::safepointEnd);
    opened.onEvent("jdk.ExecuteVMOperation", this::vmOperation);
    opened.onEvent("jdk.ClassLoad", this::classLoad);
    opened.onEvent("jdk.ThreadStart", this::threadStart);
    opened.onEvent("jdk.ThreadEnd", this::threadEnd);
    opened.enable("jdk.GarbageCollection").withoutThreshold();
    opened.enable("jdk.GCPhasePause").withoutThreshold();
    opened.enable("jdk.SafepointBegin").withoutThreshold();
    opened.enable("jdk.SafepointEnd").withoutThreshold();
    opened.enable("jdk.ExecuteVMOperation").withoutThreshold();
    opened.enable("jdk.ClassLoad").withThreshold(CLASS_LOAD_THRESHOLD).withoutStackTrace();
    opened.enable("jdk.ThreadStart").withoutStackTrace();
    opened.enable("jdk.ThreadEnd");
    opened.onError(this::lost);
    return opened;
  }

  private void gc(RecordedEvent event) {
    write(
        JvmEvents.GC,
        event,
        new JvmEvents.Gc(
            event.getInt("gcId"),
            text(event, "name"),
            text(event, "cause"),
            began(event),
            duration(event),
            event.getDuration("sumOfPauses").toNanos(),
            event.getDuration("longestPause").toNanos()));
  }

  private void gcPause(RecordedEvent event) {
    write(
        JvmEvents.GC_PAUSE,
        event,
        new JvmEvents.GcPause(
            event.getInt("gcId"), text(event, "name"), began(event), duration(event)));
  }

  private void safepointBegin(RecordedEvent event) {
    write(
        JvmEvents.SAFEPOINT_BEGIN,
        event,
        new JvmEvents.SafepointBegin(
            event.getLong("safepointId"),
            event.getInt("totalThreadCount"),
            began(event),
            duration(event)));
  }

  private void safepointEnd(RecordedEvent event) {
    write(
        JvmEvents.SAFEPOINT_END,
        event,
        new JvmEvents.SafepointEnd(event.getLong("safepointId"), began(event), duration(event)));
  }

  private void vmOperation(RecordedEvent event) {
    if (event.getBoolean("safepoint")) {
      write(
          JvmEvents.VM_OPERATION,
          event,
          new JvmEvents.VmOperation(
              event.getLong("safepointId"),
              text(event, "operation"),
              began(event),
              duration(event)));
    }
  }

  private void classLoad(RecordedEvent event) {
    RecordedClass loaded = event.getClass("loadedClass");
    RecordedClassLoader loader = event.getValue("definingClassLoader");
    write(
        JvmEvents.CLASS_LOAD,
        event,
        new JvmEvents.ClassLoad(
            loaded == null ? "" : loaded.getName(),
            loader == null || loader.getType() == null ? "boot" : loader.getType().getName(),
            began(event),
            duration(event)));
  }

  private void threadStart(RecordedEvent event) {
    RecordedThread thread = event.getThread("thread");
    RecordedThread parent = event.getThread("parentThread");
    write(
        JvmEvents.THREAD_START,
        event,
        new JvmEvents.ThreadStart(
            thread == null ? 0 : thread.getJavaThreadId(),
            nameOf(thread),
            nameOf(parent),
            began(event)));
  }

  private void threadEnd(RecordedEvent event) {
    RecordedThread thread = event.getThread("thread");
    write(
        JvmEvents.THREAD_END,
        event,
        new JvmEvents.ThreadEnd(
            thread == null ? 0 : thread.getJavaThreadId(), nameOf(thread), began(event)));
  }

  private <R extends Record> void write(EventType<R> type, RecordedEvent event, R record) {
    now = Math.max(now, times.mono(event.getEndTime()));
    RecordedThread thread = event.getThread();
    if (thread != null && thread.getOSThreadId() > 0) {
      type.recordAs(buffer, (int) thread.getOSThreadId(), nameOf(thread), record);
    } else if (thread != null && thread.isVirtual()) {
      int pid = EventType.pidOfVirtual(thread.getJavaThreadId());
      String name = nameOf(thread);
      type.recordAs(buffer, pid, name.isEmpty() ? null : name, record);
    } else {
      type.record(buffer, record);
    }
  }

  private long began(RecordedEvent event) {
    return times.mono(event.getStartTime());
  }

  private static long duration(RecordedEvent event) {
    return event.getDuration().toNanos();
  }

  private static String text(RecordedEvent event, String field) {
    String text = event.getString(field);
    return text == null ? "" : text;
  }

  private static String nameOf(RecordedThread thread) {
    if (thread == null) {
      return "";
    }
    String java = thread.getJavaName();
    String name = java == null || java.isEmpty() ? thread.getOSName() : java;
    return name == null ? "" : name;
  }

  /**
   * Ends the stream and waits for its threads, then closes its buffer unless another has taken its
   * name.
   */
  @Override
  public void close() {
    RecordingStream open;
    Buffer made;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      notifyAll();
      open = stream;
      made = buffer;
    }
    if (open != null) {
      open.close();
    }
    awaitThreads();
    if (made != null && buffers.find(JvmSource.BUFFER).filter(there -> there == made).isPresent()) {
      try {
        buffers.destroy(JvmSource.BUFFER);
      } catch (IllegalArgumentException e) {
        // Another thread has just done so.
      }
    }
  }

  /** JFR takes a second to notice a close; a JVM that ends takes its threads with it. */
  private void awaitThreads() {
    if (isEnding()) {
      return;
    }
    List<Thread> open;
    synchronized (this) {
      open = List.copyOf(threads);
    }
    long end = System.nanoTime() + LAST_CHANCE.toNanos();
    boolean interrupted = false;
    for (Thread thread : open) {
      while (thread != Thread.currentThread() && thread.isAlive() && end - System.nanoTime() > 0) {
        try {
          thread.join(Duration.ofNanos(end - System.nanoTime()));
        } catch (InterruptedException e) {
          interrupted = true; // kept for the caller
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
