package org.pagewheel.shell.internal.replay;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;
import org.pagewheel.tracedat.TraceBuffer;
import org.pagewheel.tracedat.TraceFileWriter;
import org.pagewheel.tracedat.TraceMetadata;
import org.pagewheel.tracedat.TraceOption;
import org.pagewheel.tracedat.TraceVersion;

/**
 * Makes trace files with everything that a page may hold: events of 0 bytes of text up to the whole
 * page, gaps of nanoseconds and of seconds, discarded events, time extends and absolute stamps,
 * losses with and without a number before each kind of record and before pages without any event;
 * in each byte order and word size.
 */
final class OddTrace {
  private static final int ID = 1001;
  private static final int FIXED = 16;
  private static final String FORMAT =
      """
      name: hello
      ID: 1001
      format:
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      \tfield:int n;\toffset:8;\tsize:4;\tsigned:1;
      \tfield:__data_loc char[] s;\toffset:12;\tsize:4;\tsigned:0;

      print fmt: "n=%d s=%s", REC->n, __get_str(s)
      """;

  /** −2: nothing was lost. */
  private static final long[] LOSSES = {-2, -2, -2, -1, 0, 1, 5, 123_456_789};

  private static final long[] GAPS = {0, 1, 250, 5000, 1_000_000, 200_000_000, 10_000_000_000L};

  private final PageFormat format;
  private final SplittableRandom random;
  private final MemorySegment page;
  private int at;
  private int end;
  private long time;
  private int number;

  private OddTrace(PageFormat format, long seed) {
    this.format = format;
    this.random = new SplittableRandom(seed);
    this.page = Arena.ofAuto().allocate(format.pageSize(), Long.BYTES);
  }

  /** Writes a file; the same seed makes the same file. */
  static void write(
      Path file, TraceVersion version, PageFormat format, int cpus, long seed, String... instances)
      throws IOException {
    List<TraceBuffer> buffers = new ArrayList<>();
    buffers.add(new TraceBuffer("", "mono", format.pageSize(), cpus));
    for (String instance : instances) {
      buffers.add(new TraceBuffer(instance, "mono", format.pageSize(), cpus));
    }
    OddTrace maker = new OddTrace(format, seed);
    try (TraceFileWriter writer = TraceFileWriter.create(file, version, format, buffers)) {
      for (int buffer = 0; buffer < buffers.size(); buffer++) {
        for (int cpu = 0; cpu < cpus; cpu++) {
          maker.time = 1_000_000_000L * (cpu + 1);
          int pages = maker.random.nextInt(12);
          for (int i = 0; i < pages; i++) {
            maker.fill();
            writer.write(buffer, cpu, maker.page, 0);
          }
        }
      }
      writer.finish(
          TraceMetadata.builder(format)
              .format(new EventFormat(ID, "demo", "hello", FORMAT))
              .threadName(4251, "alpha")
              .option(TraceOption.clock("mono"))
              .build());
    }
  }

  private void fill() {
    page.fill((byte) 0);
    at = format.data();
    long lost = LOSSES[random.nextInt(LOSSES.length)];
    end = format.pageSize() - (lost >= 0 ? format.longSize() : 0);
    time += random.nextInt(100_000);
    page.set(format.longLayout(), PageLayout.TIME, time);
    if (random.nextInt(10) > 0) {
      putFirst();
      int records = random.nextInt(60);
      for (int i = 0; i < records; i++) {
        putNext();
      }
    }
    int commit = at - format.data();
    if (lost >= -1) {
      commit |= PageLayout.MISSED_EVENTS;
    }
    if (lost >= 0) {
      commit |= PageLayout.MISSED_STORED;
      if (format.longSize() == Long.BYTES) {
        page.set(format.longLayout(), at, lost);
      } else {
        page.set(format.intLayout(), at, (int) lost);
      }
    }
    page.set(format.intLayout(), format.commit(), commit);
  }

  private void putFirst() {
    switch (random.nextInt(6)) {
      case 0 -> putDiscarded();
      case 1 -> putTime(RecordLayout.TIME_EXTEND, random.nextInt(2) * 777L);
      case 2 -> putTime(RecordLayout.TIME_STAMP, 1000);
      default -> {}
    }
    putEvent(0);
  }

  private void putNext() {
    if (random.nextInt(10) == 0) {
      putDiscarded();
    }
    long gap = GAPS[random.nextInt(GAPS.length)];
    if (gap > RecordLayout.MAX_DELTA) {
      putTime(random.nextBoolean() ? RecordLayout.TIME_EXTEND : RecordLayout.TIME_STAMP, gap);
      gap = 0;
    }
    putEvent((int) gap);
  }

  /** Large ones too, but none that the page has no room for. */
  private void putEvent(int gap) {
    int room = end - at - 2 * RecordLayout.WORD - FIXED - 1;
    int text =
        switch (random.nextInt(20)) {
          case 0 -> room;
          case 1 -> random.nextInt(Math.max(1, room));
          default -> random.nextInt(200);
        };
    if (room < 0 || text > room) {
      return;
    }
    int length = RecordLayout.roundUp(FIXED + text + 1);
    boolean small = length <= RecordLayout.MAX_SMALL;
    putWord(small ? length / RecordLayout.WORD : 0, gap);
    if (!small) {
      page.set(format.intLayout(), at, length + RecordLayout.WORD);
      at += RecordLayout.WORD;
    }
    time += gap;
    var shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(format.order());
    page.set(shorts, at, (short) ID);
    page.set(format.intLayout(), at + 4, 4251);
    page.set(format.intLayout(), at + 8, number++);
    page.set(format.intLayout(), at + 12, text + 1 << 16 | FIXED);
    for (int i = 0; i < text; i++) {
      page.set(ValueLayout.JAVA_BYTE, at + FIXED + i, (byte) ('a' + i % 26));
    }
    page.asSlice(at + FIXED + text, length - FIXED - text).fill((byte) 0);
    at += length;
  }

  private void putDiscarded() {
    if (end - at >= 16) {
      putWord(RecordLayout.PADDING, 3);
      page.set(format.intLayout(), at, 12);
      page.asSlice(at + 4, 8).fill((byte) 0xdd);
      at += 12;
      time += 3;
    }
  }

  private void putTime(int type, long gap) {
    if (end - at >= RecordLayout.EXTEND_SIZE) {
      time += gap;
      long value = type == RecordLayout.TIME_STAMP ? time : gap;
      putWord(type, (int) value & RecordLayout.MAX_DELTA);
      page.set(format.intLayout(), at, (int) (value >>> RecordLayout.DELTA_BITS));
      at += RecordLayout.WORD;
    }
  }

  private void putWord(int type, int delta) {
    page.set(format.intLayout(), at, format.word(type, delta));
    at += RecordLayout.WORD;
  }

  /** A format from its parts, in few letters. */
  static PageFormat format(boolean big, int longSize, int pageSize) {
    ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return new PageFormat(order, longSize, pageSize);
  }
}
