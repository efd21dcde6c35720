package org.pagewheel.shell.internal.analysis;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.pagewheel.ClockScale;
import org.pagewheel.Page;
import org.pagewheel.Readers;
import org.pagewheel.analysis.Lane;
import org.pagewheel.analysis.Pages;
import org.pagewheel.analysis.Trace;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageFormat;
import org.pagewheel.ring.Salvage;
import org.pagewheel.ringfile.RingFile;
import org.pagewheel.spi.OwnedReaders;
import org.pagewheel.spi.Wakeup;
import org.pagewheel.tracedat.TraceMetadata;

/**
 * The ring of another process in its file. The ring of a living process is copied, CPU by CPU, each
 * time a lane is opened; from that of a dead process everything consistent is saved.
 */
final class RingTrace implements Trace {
  /** A copy takes as much memory as it copies. */
  private static final long MAX_COPIED = 256L << 20;

  private final Path path;
  private final RingFile file;
  private final PageFormat format;
  private final Optional<ClockScale> scale;
  private final List<Lane> lanes = new ArrayList<>();
  private final List<String> warnings;

  RingTrace(Path path) throws IOException {
    this.path = path;
    this.file = RingFile.open(path);
    try {
      format = PageFormat.of(file.pageSize());
      scale = file.scale();
      warnings = new ArrayList<>(file.problems().stream().map(line -> path + ": " + line).toList());
      boolean lives = file.isBeingWritten();
      Readers readers = lives ? readers() : null;
      for (int cpu = 0; cpu < file.cpus(); cpu++) {
        lanes.add(lives ? living(readers, cpu) : dead(cpu));
      }
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private Readers readers() throws IOException {
    var source = file.follow();
    long bytes = (long) source.cpus() * source.pages() * source.pageSize();
    if (bytes > MAX_COPIED) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: a ring of %,d bytes in use by process %d is too large to copy: "
                  + "save its buffer there and ask the file",
              path,
              bytes,
              file.pid()));
    }
    return new OwnedReaders(source, new Wakeup(), file.metadata()).view();
  }

  private Lane living(Readers readers, int cpu) {
    return new Lane(
        "",
        cpu,
        () -> {
          Iterator<Page> pages = readers.snapshot(cpu).iterator();
          return new RingPages() {
            @Override
            public MemorySegment next() {
              count++;
              return pages.hasNext() ? pages.next().memory() : null;
            }
          };
        });
  }

  private Lane dead(int cpu) {
    return new Lane(
        "",
        cpu,
        () -> {
          Salvage salvage = file.salvage(cpu);
          for (String damage : salvage.damage()) {
            String line = path + ": CPU " + cpu + ": left out: " + damage;
            if (!warnings.contains(line)) {
              warnings.add(line);
            }
          }
          return new RingPages() {
            @Override
            public MemorySegment next() throws IOException {
              return count < salvage.pages() ? salvage.page(count++) : null;
            }
          };
        });
  }

  /** Pages in memory: their place is their number. */
  private abstract class RingPages implements Pages {
    int count;

    @Override
    public long offset() {
      return Math.max(0, count - 1L) * format.pageSize();
    }

    @Override
    public PageFormat format() {
      return format;
    }
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public List<Lane> lanes() {
    return lanes;
  }

  @Override
  public Collection<EventFormat> formats() {
    return file.metadata().formats();
  }

  @Override
  public Map<Integer, String> threadNames() {
    return file.metadata().threadNames();
  }

  @Override
  public PageFormat pageFormat() {
    return format;
  }

  @Override
  public String kallsyms() {
    return TraceMetadata.builder(format).add(file.metadata()).build().kallsyms();
  }

  @Override
  public String clock() {
    return file.clock();
  }

  @Override
  public boolean isNanos() {
    return scale.isPresent() || Trace.super.isNanos();
  }

  @Override
  public long shownTime(long time) {
    return scale.isPresent() ? scale.get().nanos(time) : time;
  }

  @Override
  public OptionalInt process() {
    return OptionalInt.of((int) file.pid());
  }

  @Override
  public OptionalLong wallOffset() {
    return OptionalLong.of(file.wallOffset());
  }

  @Override
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
