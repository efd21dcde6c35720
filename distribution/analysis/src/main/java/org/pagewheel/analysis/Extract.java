package org.pagewheel.analysis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.CpuList;
import org.pagewheel.spi.Nearest;
import org.pagewheel.tracedat.EventAppender;
import org.pagewheel.tracedat.TraceBuffer;
import org.pagewheel.tracedat.TraceFile;
import org.pagewheel.tracedat.TraceFileWriter;
import org.pagewheel.tracedat.TraceMetadata;

/**
 * A part of a trace.dat file as a trace.dat file: all its buffers with the events that are meant,
 * and all that is known of them. What was lost before such an event is lost before it there, too.
 * Memory is taken for metadata and a page.
 */
public final class Extract {
  /** What the buffer is called that has no name. */
  private static final String TOP = "top";

  private final FileTrace trace;
  private final Problems problems = new Problems();
  private final Set<String> buffers = new HashSet<>();
  private Matching where;
  private IntPredicate cpus = cpu -> true;
  private Interval span = Interval.ALL;
  private boolean isPart;
  private long events;

  /**
   * Prepares one.
   *
   * @param trace stays open
   * @throws IllegalArgumentException if it is no trace.dat file
   */
  public Extract(Trace trace) {
    if (!(trace instanceof FileTrace file)) {
      throw new IllegalArgumentException(
          trace.name() + " is the file of a ring: recover FILE -o OUT.dat makes a trace of it");
    }
    this.trace = file;
  }

  /**
   * Only some events.
   *
   * @param condition says which
   * @return this extract
   */
  public Extract where(Condition condition) {
    where = condition.in(List.of(trace));
    isPart = true;
    return this;
  }

  /**
   * Only events of a span of time.
   *
   * @param first when it begins, as a query's
   * @param last when it ends
   * @return this extract
   * @throws IOException if the file cannot be read
   */
  public Extract between(String first, String last) throws IOException {
    span = Interval.of(List.of(trace), first, last);
    isPart = true;
    return this;
  }

  /**
   * Only some CPUs.
   *
   * @param list such as {@code 0-3,7}
   * @return this extract
   * @throws IllegalArgumentException if it is not a list, or names a CPU that the file does not
   *     have
   */
  public Extract cpus(String list) {
    int count = trace.file().buffers().stream().mapToInt(TraceBuffer::cpus).max().orElse(1);
    cpus = CpuList.of("--cpu", list, count)::get;
    return this;
  }

  /**
   * Only this buffer, or several if it is called again.
   *
   * @param name an instance's; {@code top} for the buffer without a name
   * @return this extract
   */
  public Extract buffer(String name) {
    List<String> known =
        trace.file().buffers().stream()
            .map(TraceBuffer::name)
            .map(each -> each.isEmpty() ? TOP : each)
            .toList();
    if (!known.contains(name)) {
      throw new IllegalArgumentException(
          trace.name() + " has no buffer " + name + ", " + Nearest.hint(name, known));
    }
    buffers.add(name);
    return this;
  }

  private boolean isMeant(String buffer) {
    return buffers.isEmpty() || buffers.contains(buffer.isEmpty() ? TOP : buffer);
  }

  /**
   * Writes the file, which appears when it is whole.
   *
   * @param target its name, not that of the file that is read
   * @return what could not be read, one line each
   * @throws IOException if it cannot be written
   */
  public List<String> write(Path target) throws IOException {
    TraceFile file = trace.file();
    if (Files.exists(target) && Files.isSameFile(target, file.path())) {
      throw new IOException(target + " is the file that is read; name another");
    }
    List<TraceBuffer> kept = new ArrayList<>();
    file.buffers().stream().filter(each -> isMeant(each.name())).forEach(kept::add);
    TraceMetadata metadata =
        file.metadata().toBuilder()
            .keepAccounts((buffer, cpu) -> !isPart && isMeant(buffer) && cpus.test(cpu))
            .build();
    PageFormat format = metadata.pageFormat();
    try (TraceFileWriter writer = TraceFileWriter.create(target, file.version(), format, kept)) {
      for (Lane lane : trace.lanes()) {
        if (isMeant(lane.buffer()) && cpus.test(lane.cpu())) {
          int number = 0;
          while (!kept.get(number).name().equals(lane.buffer())) {
            number++;
          }
          int pageSize = kept.get(number).pageSize();
          PageFormat own = new PageFormat(format.order(), format.longSize(), pageSize);
          copy(lane, new EventAppender(writer, number, lane.cpu(), own));
        }
      }
      trace.warnings().forEach(problems::add);
      writer.finish(metadata);
    }
    return problems.lines();
  }

  private void copy(Lane lane, EventAppender into) throws IOException {
    LaneEvents all = new LaneEvents(0, trace, lane, problems);
    long missed = 0;
    while (all.next()) {
      if (all.time() < span.from()) {
        continue; // what was lost before it was lost before the span
      }
      if (all.time() > span.to()) {
        break;
      }
      missed = PageLayout.sumOfMissed(missed, all.missed());
      if (where == null || where.test(all)) {
        into.add(all.rawTime(), missed, all.memory(), all.offset(), all.length());
        missed = 0;
        events++;
      }
    }
    into.flush();
  }

  /**
   * How many events were written.
   *
   * @return 0 before {@link #write}
   */
  public long events() {
    return events;
  }
}
