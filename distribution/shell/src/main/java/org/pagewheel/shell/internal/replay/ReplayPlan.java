package org.pagewheel.shell.internal.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pagewheel.BufferConfig;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.tracedat.TraceBuffer;
import org.pagewheel.tracedat.TraceFile;
import org.pagewheel.tracedat.TraceVersion;

/**
 * The sizes that a replay works with.
 *
 * @param format how the pages of the output are written
 * @param buffers the buffers of the output
 * @param surveys the contents of the input's buffers
 */
record ReplayPlan(PageFormat format, List<TraceBuffer> buffers, List<Survey> surveys) {
  /** The memory of a ring by default, all CPUs together; the rings of a replay need not be long. */
  private static final long MEMORY = 64L << 20;

  /** As many as a buffer may be configured with. */
  private static final int MAX_CPUS = 4096;

  /**
   * Makes a plan: each ring's pages are as large as wished, at least as large as the input's, and
   * always large enough for the longest event.
   *
   * @param wished bytes per page that all buffers are to have at least, or 0
   */
  static ReplayPlan of(TraceFile input, List<Survey> surveys, int wished) throws ReplayException {
    List<TraceBuffer> from = input.buffers();
    int[] sizes = new int[from.size()];
    int largest = wished;
    for (int i = 0; i < sizes.length; i++) {
      checkCpus(input, from.get(i));
      sizes[i] = pageSize(input, from.get(i), surveys.get(i), wished);
      largest = Math.max(largest, sizes[i]);
    }
    PageFormat format = input.metadata().pageFormat();
    int fileSize = Math.max(format.pageSize(), wished);
    List<TraceBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      TraceBuffer buffer = from.get(i);
      // Version 6 has one size of page for all.
      int size = input.version() == TraceVersion.V6 ? largest : sizes[i];
      if (buffer.name().isEmpty() || input.version() == TraceVersion.V6) {
        fileSize = size;
      }
      buffers.add(new TraceBuffer(buffer.name(), buffer.clock(), size, buffer.cpus()));
    }
    return new ReplayPlan(
        new PageFormat(format.order(), format.longSize(), fileSize), buffers, surveys);
  }

  private static void checkCpus(TraceFile input, TraceBuffer buffer) throws ReplayException {
    if (buffer.cpus() > MAX_CPUS) {
      throw new ReplayException(
          String.format(
              Locale.ROOT,
              "%s has %,d CPUs and cannot be replayed: a ring has at most %,d",
              input.path(),
              buffer.cpus(),
              MAX_CPUS));
    }
  }

  private static int pageSize(TraceFile input, TraceBuffer buffer, Survey survey, int wished)
      throws ReplayException {
    int size = Math.max(buffer.pageSize(), wished);
    while (PageLayout.maxEventSize(size) < survey.longest()) {
      size *= 2;
      if (size > PageLayout.MAX_PAGE_SIZE) {
        throw new ReplayException(
            input.path()
                + " has an event of "
                + survey.longest()
                + " bytes, more than a page can hold");
      }
    }
    return size;
  }

  /** How many pages a CPU's ring has: no more than wished, and within the memory for a replay. */
  int pages(int buffer, BufferConfig like) {
    long perCpu =
        MEMORY / Math.max(1, surveys.get(buffer).busyCpus()) / buffers.get(buffer).pageSize();
    return (int) Math.max(2, Math.min(like.pages(), perCpu));
  }
}
