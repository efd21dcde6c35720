package org.pagewheel.shell.internal.recover;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.ring.Salvage;
import org.pagewheel.ringfile.LeftRings;
import org.pagewheel.ringfile.RingFile;
import org.pagewheel.ringfile.RingFileException;
import org.pagewheel.spi.FileKind;
import org.pagewheel.spi.OwnFiles;
import org.pagewheel.tracedat.TraceBuffer;
import org.pagewheel.tracedat.TraceFileWriter;
import org.pagewheel.tracedat.TraceMetadata;
import org.pagewheel.tracedat.TraceOption;
import org.pagewheel.tracedat.TraceVersion;

/** Makes a trace file from what a dead process left in the file of its ring. */
public final class Recovery {
  /** A damaged file of many CPUs must not fill the screen. */
  private static final int MAX_DETAILS = 100;

  private static final String MONO = "mono";

  private Recovery() {}

  /**
   * Recovers a file, which stays as it is.
   *
   * @param from the file of a ring
   * @param to the trace file, replaced in one step
   * @return a report in lines: what was recovered, what was discarded and why
   * @throws IOException if the file is not a ring's, a living process writes it, or the trace file
   *     cannot be written; nothing is written then
   */
  public static List<String> recover(Path from, Path to) throws IOException {
    if (Files.exists(to) && Files.exists(from) && Files.isSameFile(from, to)) {
      throw new RingFileException("the output " + to + " is the file to recover: name another one");
    }
    try (RingFile file = open(from)) {
      if (file.isBeingWritten()) {
        throw new RingFileException(
            ("file %s is being written by process %d:"
                    + " follow it, or save its buffer there; recover is for the dead")
                .formatted(from, file.pid()));
      }
      return write(file, from, to);
    }
  }

  /** The file of the ring; the right one may be next to it. */
  private static RingFile open(Path from) throws IOException {
    String problem;
    try {
      return RingFile.open(from);
    } catch (NoSuchFileException e) {
      problem = "there is no file " + e.getFile();
    } catch (AccessDeniedException e) {
      problem = "file " + e.getFile() + " cannot be read by this user";
    } catch (RingFileException e) {
      problem = e.getMessage();
    }
    throw new RingFileException(problem + left(from).map(line -> "; " + line).orElse(""));
  }

  /**
   * A process that dies while its ring is being replaced leaves the old one, with all its events,
   * under another name.
   */
  private static Optional<String> left(Path from) {
    try {
      List<Path> left = new ArrayList<>();
      for (Path path : LeftRings.newestFirst(from)) {
        if (OwnFiles.contains(path) || FileKind.of(path) != FileKind.UNFINISHED_RING) {
          left.add(path);
        }
      }
      if (left.isEmpty()) {
        return Optional.empty();
      }
      String more = left.size() == 1 ? "" : " (and " + (left.size() - 1) + " older, *.left)";
      return Optional.of("the earlier ring is in " + left.getFirst() + more + ": recover that too");
    } catch (IOException e) {
      return Optional.empty(); // that line is only a hint
    }
  }

  private static List<String> write(RingFile file, Path from, Path to) throws IOException {
    PageFormat format = PageFormat.of(file.pageSize());
    TraceBuffer buffer = new TraceBuffer("", file.clock(), file.pageSize(), file.cpus());
    List<String> details = new ArrayList<>();
    details.addAll(file.problems());
    Sums sums = new Sums();
    long damages = 0;
    try (TraceFileWriter writer =
        TraceFileWriter.create(to, TraceVersion.V6, format, List.of(buffer))) {
      for (int cpu = 0; cpu < file.cpus(); cpu++) {
        Salvage salvage = file.salvage(cpu);
        int stream = cpu;
        salvage.forEachPage(page -> writer.write(0, stream, page, 0));
        sums.add(salvage);
        for (String damage : salvage.damage()) {
          if (++damages <= MAX_DETAILS) {
            details.add("CPU " + cpu + ": discarded: " + damage);
          }
        }
      }
      if (damages > MAX_DETAILS) {
        details.add("and " + (damages - MAX_DETAILS) + " more like these");
      }
      writer.finish(metadata(file, format));
    }
    List<String> report = new ArrayList<>();
    report.add(
        "%s: buffer %s of process %d, begun %s, %s"
            .formatted(
                from,
                file.bufferName(),
                file.pid(),
                Instant.ofEpochSecond(0, file.start()),
                file.isClosed() ? "closed" : "not closed"));
    report.add(
        String.format(
            Locale.ROOT,
            "wrote %s: %,d events on %,d pages of %d CPUs; %,d half-written events were left out%s",
            to,
            sums.events,
            sums.pages,
            file.cpus(),
            sums.torn,
            details.isEmpty() ? "" : "; PARTIAL, see below"));
    report.add(sums.missing());
    report.addAll(details);
    left(from).ifPresent(report::add);
    return report;
  }

  /** Over all CPUs. */
  private static final class Sums {
    private long events;
    private long pages;
    private long torn;
    private long overwritten;
    private long taken;
    private long damaged;
    private long damagedPages;

    void add(Salvage salvage) {
      events += salvage.events();
      pages += salvage.pages();
      torn += salvage.torn();
      overwritten = PageLayout.sumOfMissed(overwritten, salvage.overwritten());
      taken = PageLayout.sumOfMissed(taken, salvage.taken());
      damaged = PageLayout.sumOfMissed(damaged, salvage.damagedEvents());
      damagedPages += salvage.damagedPages();
    }

    /** What is missing from the file, by cause. */
    String missing() {
      return "not in it: %s events overwritten, %s taken by readers, %s damaged%s"
          .formatted(
              overwritten < 0 ? "an unknown number of" : text(overwritten),
              text(taken),
              text(damaged),
              damagedPages == 0
                  ? ""
                  : " and an unknown number on " + text(damagedPages) + " pages");
    }

    private static String text(long number) {
      return number < 0 ? "an unknown number" : String.format(Locale.ROOT, "%,d", number);
    }
  }

  private static TraceMetadata metadata(RingFile file, PageFormat format) {
    return TraceMetadata.builder(format)
        .add(file.metadata())
        .cpuCount(file.cpus())
        .clock(file.clock(), file.scale())
        .option(TraceOption.uname())
        .option(TraceOption.version(file.pid(), file.wallOffset())) // that process's
        .build();
  }
}
