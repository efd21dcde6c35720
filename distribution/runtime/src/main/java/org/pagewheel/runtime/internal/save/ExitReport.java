package org.pagewheel.runtime.internal.save;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.Buffer;
import org.pagewheel.analysis.Style;
import org.pagewheel.analysis.Summary;
import org.pagewheel.analysis.Trace;
import org.pagewheel.analysis.Traces;
import org.pagewheel.runtime.internal.lifecycle.Threads;
import org.pagewheel.spi.Reason;

/**
 * Prints what buffers hold at the end, each as a screen of {@code summary}: to the error stream, as
 * the log may be closed by then and is for lines. In time: a buffer that takes too long is left
 * out, with a line that says so. Takes as much memory again as the rings of one buffer have.
 */
final class ExitReport {
  private ExitReport() {}

  /** Prints. */
  static void print(List<Buffer> buffers, Duration timeout, PrintStream to) {
    long end = System.nanoTime() + timeout.toNanos();
    for (Buffer buffer : buffers) {
      List<String> lines = new ArrayList<>();
      Thread apart = Threads.start("pagewheel-report", () -> summarize(buffer, lines));
      boolean isDone = Threads.join(apart, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
      to.println("pagewheel: " + buffer + " at the end:");
      if (isDone) {
        lines.forEach(to::println); // whose thread has ended
      } else {
        to.println("  not summarized in time, stop-timeout is " + timeout.toMillis() + " ms");
      }
    }
    to.flush();
  }

  private static void summarize(Buffer buffer, List<String> lines) {
    try (Trace trace = Traces.of(buffer)) {
      Summary summary = Summary.of(List.of(trace));
      lines.addAll(summary.text(new Style(Style.PLAIN.columns(), false, isAscii())));
      lines.addAll(summary.problems());
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      lines.add("  cannot be summarized: " + Reason.of(e));
    }
  }

  private static boolean isAscii() {
    return !System.getProperty("native.encoding", "").startsWith("UTF");
  }
}
