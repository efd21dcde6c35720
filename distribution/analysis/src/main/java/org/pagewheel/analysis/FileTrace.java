package org.pagewheel.analysis;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageFormat;
import org.pagewheel.tracedat.PageStream;
import org.pagewheel.tracedat.TraceBuffer;
import org.pagewheel.tracedat.TraceFile;
import org.pagewheel.tracedat.TraceMetadata;
import org.pagewheel.tracedat.TraceOption;

/** A trace.dat file. */
final class FileTrace implements Trace {
  /** A line of the kernel's account of a CPU; what a reader took is not a loss. */
  private static final Pattern LOSS =
      Pattern.compile("(?m)^(overrun|commit overrun|dropped events): (\\d{1,18})$");

  private static final String OVERRUN = "overrun";

  private static final Map<String, String> CAUSES =
      Map.of(
          OVERRUN,
          "overwritten",
          "commit overrun",
          "refused by a ring that wrapped",
          "dropped events",
          "refused by a full ring");

  /** The owner of the account; an instance is named only with its first CPU. */
  private static final Pattern BUFFER = Pattern.compile("(?m)^Buffer: (.*)$");

  private static final Pattern CPU = Pattern.compile("(?m)^CPU: (\\d{1,6})$");

  private final TraceFile file;
  private final TraceMetadata metadata;
  private final String clock;
  private final List<EventFormat> formats;
  private final Map<Integer, String> threadNames;
  private final List<Lane> lanes = new ArrayList<>();

  /** What is added to each time; times of the clock x86-tsc need more than that. */
  private final long offset;

  private final boolean isTicks;

  FileTrace(Path path) throws IOException {
    file = TraceFile.open(path);
    metadata = file.metadata();
    formats = metadata.formats();
    threadNames = metadata.threadNames();
    isTicks = metadata.scale().isPresent();
    offset = metadata.shownTime(0);
    List<TraceBuffer> buffers = file.buffers();
    clock = buffers.isEmpty() ? "" : buffers.getFirst().clock();
    for (int buffer = 0; buffer < buffers.size(); buffer++) {
      for (int cpu = 0; cpu < buffers.get(buffer).cpus(); cpu++) {
        if (file.size(buffer, cpu) > 0) {
          lanes.add(lane(buffer, buffers.get(buffer).name(), cpu));
        }
      }
    }
  }

  TraceFile file() {
    return file;
  }

  private Lane lane(int buffer, String name, int cpu) {
    return new Lane(name, cpu, () -> pages(file.pages(buffer, cpu)));
  }

  private static Pages pages(PageStream stream) {
    return new Pages() {
      @Override
      public MemorySegment next() throws IOException {
        return stream.next();
      }

      @Override
      public long offset() {
        return stream.offset();
      }

      @Override
      public PageFormat format() {
        return stream.format();
      }
    };
  }

  @Override
  public String name() {
    return file.path().toString();
  }

  @Override
  public List<Lane> lanes() {
    return lanes;
  }

  @Override
  public Collection<EventFormat> formats() {
    return formats;
  }

  @Override
  public Map<Integer, String> threadNames() {
    return threadNames;
  }

  @Override
  public PageFormat pageFormat() {
    return metadata.pageFormat();
  }

  @Override
  public String kallsyms() {
    return metadata.kallsyms();
  }

  @Override
  public String clock() {
    return clock;
  }

  @Override
  public boolean isNanos() {
    return isTicks || Trace.super.isNanos();
  }

  @Override
  public long shownTime(long time) {
    return isTicks ? metadata.shownTime(time) : time + offset;
  }

  @Override
  public OptionalLong wallOffset() {
    if (metadata.isTimeOfDay()) {
      return OptionalLong.of(0);
    }
    boolean isMono = clock.isEmpty() || clock.equals("mono") || isTicks && offset != 0;
    return isMono
        ? metadata
            .option(TraceOption.VERSION)
            .map(TraceOption::wallOffset)
            .orElse(OptionalLong.empty())
        : OptionalLong.empty();
  }

  @Override
  public OptionalInt process() {
    return metadata
        .option(TraceOption.VERSION)
        .map(TraceOption::process)
        .orElse(OptionalInt.empty());
  }

  /** {@code trace-cmd} writes system, host, release and machine; we leave the host out. */
  @Override
  public Optional<String> host() {
    return metadata
        .option(TraceOption.UNAME)
        .map(option -> option.text().split(" "))
        .filter(words -> words.length == 4)
        .map(words -> words[1]);
  }

  @Override
  public List<Lost> losses() {
    List<Lost> losses = new ArrayList<>();
    String buffer = "";
    for (TraceOption option : metadata.options()) {
      if (option.id() != TraceOption.CPUSTAT) {
        continue;
      }
      String account = option.text();
      Matcher named = BUFFER.matcher(account);
      Matcher number = CPU.matcher(account);
      int cpu = number.find() ? Integer.parseInt(number.group(1)) : 0;
      buffer = named.find() ? named.group(1) : cpu == 0 ? "" : buffer;
      Matcher line = LOSS.matcher(account);
      while (line.find()) {
        long events = Long.parseLong(line.group(2));
        String cause = line.group(1);
        if (events > 0) {
          losses.add(new Lost(buffer, cpu, CAUSES.get(cause), events, !cause.equals(OVERRUN)));
        }
      }
    }
    return losses;
  }

  @Override
  public List<String> warnings() {
    return file.warnings();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
