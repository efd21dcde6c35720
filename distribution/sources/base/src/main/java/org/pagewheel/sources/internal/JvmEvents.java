package org.pagewheel.sources.internal;

import java.lang.invoke.MethodHandles;
import org.pagewheel.event.EventType;
import org.pagewheel.event.Unit;

/**
 * The events of system {@code jvm}. An event's own time is that of its end; {@code began} is when
 * it began, by the clock mono, and {@code duration} how long it took, both in nanoseconds.
 */
final class JvmEvents {
  static final String SYSTEM = "jvm";

  static final EventType<Gc> GC = type(Gc.class);
  static final EventType<GcPause> GC_PAUSE = type(GcPause.class);
  static final EventType<SafepointBegin> SAFEPOINT_BEGIN = type(SafepointBegin.class);
  static final EventType<SafepointEnd> SAFEPOINT_END = type(SafepointEnd.class);
  static final EventType<VmOperation> VM_OPERATION = type(VmOperation.class);
  static final EventType<ClassLoad> CLASS_LOAD = type(ClassLoad.class);
  static final EventType<ThreadStart> THREAD_START = type(ThreadStart.class);
  static final EventType<ThreadEnd> THREAD_END = type(ThreadEnd.class);

  private JvmEvents() {}

  private static <R extends Record> EventType<R> type(Class<R> record) {
    return EventType.of(SYSTEM, record, MethodHandles.lookup());
  }

  /** A garbage collection; a concurrent one lasts longer than its pauses. */
  record Gc(
      int gcId,
      String name,
      String cause,
      @Unit("ns") long began,
      @Unit("ns") long duration,
      @Unit("ns") long sumOfPauses,
      @Unit("ns") long longestPause) {}

  /** A pause of all threads for a garbage collection. */
  record GcPause(int gcId, String name, @Unit("ns") long began, @Unit("ns") long duration) {}

  /** All threads have been brought to a safepoint, which took {@code duration}. */
  record SafepointBegin(
      long safepoint, int threads, @Unit("ns") long began, @Unit("ns") long duration) {}

  /** Threads run again. */
  record SafepointEnd(long safepoint, @Unit("ns") long began, @Unit("ns") long duration) {}

  /** An operation at a safepoint. */
  record VmOperation(
      long safepoint, String operation, @Unit("ns") long began, @Unit("ns") long duration) {}

  /** A class whose loading took long. */
  record ClassLoad(String name, String loader, @Unit("ns") long began, @Unit("ns") long duration) {}

  /** A Java thread began; {@code thread} is its Java thread id. */
  record ThreadStart(long thread, String name, String parent, @Unit("ns") long began) {}

  /** A Java thread ended. */
  record ThreadEnd(long thread, String name, @Unit("ns") long began) {}
}
