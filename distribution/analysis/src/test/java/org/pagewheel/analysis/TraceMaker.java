package org.pagewheel.analysis;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;
import org.pagewheel.tracedat.TraceBuffer;
import org.pagewheel.tracedat.TraceFileWriter;
import org.pagewheel.tracedat.TraceMetadata;
import org.pagewheel.tracedat.TraceOption;
import org.pagewheel.tracedat.TraceVersion;

/** Writes trace files whose answers are known, since every event is one that a test wrote. */
final class TraceMaker {
  static final int PAGE = 4096;

  private static final String COMMON =
      """
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      """;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** A page of one CPU while it is filled. */
  private final class Stream {
    final MemorySegment page = MemorySegment.ofArray(new long[PAGE / Long.BYTES]);
    int at = PageLayout.DATA;
    long last;
    long missed;

    void flush(int cpu) throws IOException {
      if (at > PageLayout.DATA) {
        PageEncoder.finish(page, 0, PAGE, at - PageLayout.DATA, missed, false);
        writer.write(cpu / cpus, cpu % cpus, page, 0);
      }
      page.fill((byte) 0);
      at = PageLayout.DATA;
      missed = 0;
    }
  }

  private final int cpus;
  private final TraceFileWriter writer;
  private final Stream[] streams;
  private final Map<String, Integer> ids = new LinkedHashMap<>();

  /** Types with fields of four bytes. */
  private final Set<String> narrow = new HashSet<>();

  private final List<EventFormat> formats = new ArrayList<>();
  private final Map<Integer, String> threads = new LinkedHashMap<>();
  private final List<TraceOption> options = new ArrayList<>();

  TraceMaker(Path file, int cpus) throws IOException {
    this(file, cpus, List.of());
  }

  /** With instances, each of as many CPUs, whose streams follow those of the top buffer. */
  TraceMaker(Path file, int cpus, List<String> instances) throws IOException {
    this.cpus = cpus;
    List<TraceBuffer> buffers = new ArrayList<>();
    buffers.add(new TraceBuffer("", "mono", PAGE, cpus));
    instances.forEach(each -> buffers.add(new TraceBuffer(each, "mono", PAGE, cpus)));
    writer = TraceFileWriter.create(file, TraceVersion.V6, PageFormat.of(PAGE), buffers);
    streams = new Stream[cpus * buffers.size()];
    for (int i = 0; i < streams.length; i++) {
      streams[i] = new Stream();
    }
  }

  /** A trace of a real kernel among the resources of the module that reads files. */
  static Path kernel(String name) {
    return Path.of("..", "..", "consumers", "trace-dat", "src", "test", "resources", "kernel")
        .resolve(name + ".dat");
  }

  /**
   * A type of system {@code shop} whose fields are numbers of eight bytes: s64 unless another type
   * stands before the name.
   */
  TraceMaker type(String name, String... fields) {
    return system("shop", name, fields);
  }

  /** The same of another system. */
  TraceMaker system(String system, String name, String... fields) {
    int id = 1000 + ids.size();
    ids.put(name, id);
    StringBuilder text = new StringBuilder("name: " + name + "\nID: " + id + "\nformat:\n");
    text.append(COMMON);
    StringBuilder print = new StringBuilder();
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < fields.length; i++) {
      int space = fields[i].lastIndexOf(' ');
      String field = fields[i].substring(space + 1);
      String type = space < 0 ? "s64" : fields[i].substring(0, space);
      boolean isSigned = type.endsWith("s64");
      text.append(
          "\tfield:%s %s;\toffset:%d;\tsize:8;\tsigned:%d;\n"
              .formatted(type, field, 8 + 8 * i, isSigned ? 1 : 0));
      print.append(i == 0 ? "" : " ").append(field).append(isSigned ? "=%lld" : "=%llu");
      values.append(", REC->").append(field);
    }
    text.append("\nprint fmt: \"").append(print).append('"').append(values).append('\n');
    formats.add(new EventFormat(id, system, name, text.toString()));
    return this;
  }

  /** A type of a kernel's, whose fields are numbers of four bytes: s32. */
  TraceMaker kernels(String system, String name, String... fields) {
    int id = 300 + ids.size();
    ids.put(name, id);
    narrow.add(name);
    StringBuilder text = new StringBuilder("name: " + name + "\nID: " + id + "\nformat:\n");
    text.append(COMMON);
    for (int i = 0; i < fields.length; i++) {
      text.append(
          "\tfield:int %s;\toffset:%d;\tsize:4;\tsigned:1;\n".formatted(fields[i], 8 + 4 * i));
    }
    text.append("\nprint fmt: \"\"\n");
    formats.add(new EventFormat(id, system, name, text.toString()));
    return this;
  }

  TraceMaker thread(int tid, String name) {
    threads.put(tid, name);
    return this;
  }

  TraceMaker option(TraceOption option) {
    options.add(option);
    return this;
  }

  /** An event; of one CPU they come in the order of time. */
  TraceMaker event(int cpu, long time, int tid, String type, long... values) throws IOException {
    Stream to = streams[cpu];
    int width = narrow.contains(type) ? Integer.BYTES : Long.BYTES;
    int length = 8 + width * values.length;
    int room = RecordLayout.EXTEND_SIZE + RecordLayout.size(length);
    if (!PageLayout.fits(PAGE, to.at - PageLayout.DATA, room)) {
      to.flush(cpu);
    }
    if (to.at == PageLayout.DATA) {
      PageEncoder.open(to.page, 0, time);
      to.last = time;
    }
    long delta = time - to.last;
    if (delta > RecordLayout.MAX_DELTA) {
      to.at = PageEncoder.putExtend(to.page, 0, to.at, delta);
      delta = 0;
    }
    int at = PageEncoder.putData(to.page, 0, to.at, (int) delta, length);
    to.page.set(INT, at, ids.get(type));
    to.page.set(INT, at + 4L, tid);
    for (int i = 0; i < values.length; i++) {
      if (width == Integer.BYTES) {
        to.page.set(INT, at + 8L + 4L * i, (int) values[i]);
      } else {
        to.page.set(LONG, at + 8L + 8L * i, values[i]);
      }
    }
    to.at = to.at + RecordLayout.size(length);
    to.last = time;
    return this;
  }

  /** The next event of a CPU comes after a loss. */
  TraceMaker lose(int cpu, long events) throws IOException {
    streams[cpu].flush(cpu);
    streams[cpu].missed = events;
    return this;
  }

  void finish() throws IOException {
    for (int cpu = 0; cpu < streams.length; cpu++) {
      streams[cpu].flush(cpu);
    }
    var metadata = TraceMetadata.builder(PageFormat.of(PAGE)).cpuCount(cpus);
    formats.forEach(metadata::format);
    threads.forEach(metadata::threadName);
    metadata.option(TraceOption.clock("mono"));
    options.forEach(metadata::option);
    writer.finish(metadata.build());
  }
}
