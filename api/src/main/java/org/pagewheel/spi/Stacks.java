package org.pagewheel.spi;

import java.lang.StackWalker.StackFrame;
import java.util.List;

/**
 * The stack of the thread that runs, as an event {@code kernel_stack} whose addresses are those of
 * {@link Symbols}, so that {@code trace-cmd report} and KernelShark print Java methods with lines.
 *
 * <p>A stack costs microseconds, more if it is deep, where an event costs tens of nanoseconds.
 */
public final class Stacks {
  /** The most frames that a stack has. */
  public static final int MAX_DEPTH = 128;

  /** What records, so that no stack begins with it. */
  private static final List<String> RECORDER =
      List.of(
          "java.pagewheel.",
          "org.pagewheel.event.",
          "org.pagewheel.probes.",
          "org.pagewheel.runtime.internal.",
          "org.pagewheel.spi.");

  private static final StackWalker WALKER = StackWalker.getInstance();

  private Stacks() {}

  /** Makes the format known to trace files, before the first stack is written. */
  public static void define() {
    FunctionGraph.define();
  }

  /**
   * Writes the stack of the current thread, from the method on that called what records.
   *
   * @param buffer where to
   * @param depth how many frames at most, the innermost ones; 1 to {@link #MAX_DEPTH}
   * @return whether it was written; if not, the cause is counted
   */
  public static boolean write(WritableBuffer buffer, int depth) {
    long[] callers =
        WALKER.walk(
            frames ->
                frames
                    .dropWhile(frame -> isRecorder(frame.getClassName()))
                    .limit(depth)
                    .mapToLong(Stacks::address)
                    .toArray());
    return FunctionGraph.stack(buffer, callers);
  }

  private static boolean isRecorder(String className) {
    for (String begin : RECORDER) {
      if (className.startsWith(begin)) {
        return true;
      }
    }
    return className.endsWith("$EventType"); // made for a record, see EventType
  }

  private static long address(StackFrame frame) {
    int id = Symbols.define(frame.getClassName() + "." + frame.getMethodName());
    return Symbols.address(id, frame.getLineNumber());
  }
}
