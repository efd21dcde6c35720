package org.pagewheel.tracedat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pagewheel.ClockScale;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;

/**
 * Makes one trace.dat file of several, on one clock: a kernel's with those of applications.
 *
 * <p>The kernel's file is the base; without one it is the first. Its buffers, options and numbers
 * of event types stay as they are, byte for byte. The buffers of the others become instances, named
 * after their files; types get other numbers where theirs are taken, and names of their threads
 * stand before the kernel's. The new file has version 6 if all of it fits there.
 *
 * <p>Pages go through one at a time, each of them checked, so that memory is taken for metadata
 * alone. For one thread.
 */
public final class TraceMerge {
  private static final Pattern PROCESS = Pattern.compile(", process \\d+");
  private static final String UNKNOWN_CLOCK = "unknown";
  private static final String MONO = "mono";
  private static final String COUNTS = "x86-tsc";

  /** A buffer of the new file, and where its pages come from. */
  private record Source(
      TraceFile file, int number, TraceBuffer buffer, PageRewriter.Changes changes) {}

  private final List<TraceFile> files;
  private final TraceFile base;
  private final List<Source> sources = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<Integer, String> threadNames = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private Map<Integer, Integer> threads = Map.of();
  private Optional<Long> offset = Optional.empty();

  /**
   * Prepares a merge.
   *
   * @param files at least one; they stay the caller's to close
   * @throws IllegalArgumentException if there is none
   */
  public TraceMerge(List<TraceFile> files) {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("there is no file to merge");
    }
    this.files = List.copyOf(files);
    this.base =
        files.stream()
            .filter(each -> FormatMerge.isKernels(each.metadata()))
            .findFirst()
            .orElse(files.getFirst());
  }

  /**
   * The file whose clock and numbers stay.
   *
   * @return one of the files
   */
  public TraceFile base() {
    return base;
  }

  /**
   * What lies between the clocks, so that they may differ.
   *
   * @param nanos what is added to the times of all files but the base, in nanoseconds
   * @return this merge
   */
  public TraceMerge offset(long nanos) {
    offset = Optional.of(nanos);
    return this;
  }

  /**
   * The numbers that threads in a PID namespace have outside of it, for all files but the base. A
   * thread that is not among them gets one above all that a kernel gives.
   *
   * @param outside by the number inside; empty if the files have the base's numbers
   * @return this merge
   */
  public TraceMerge threads(Map<Integer, Integer> outside) {
    threads = Map.copyOf(outside);
    return this;
  }

  /**
   * The clock of a file.
   *
   * @param file the file
   * @return its name, or {@code unknown}; a file of ours that says nothing has {@code mono}
   */
  public static String clock(TraceFile file) {
    return file.buffers().stream()
        .map(TraceBuffer::clock)
        .filter(clock -> !clock.isEmpty())
        .findFirst()
        .or(() -> file.metadata().clock())
        .orElse(FormatMerge.isKernels(file.metadata()) ? UNKNOWN_CLOCK : MONO);
  }

  /**
   * Writes the file, which appears when it is whole.
   *
   * @param target its name; none of the files that are read
   * @return what to know of it, one line each
   * @throws IllegalArgumentException if the files cannot be one, with the reason
   * @throws TraceFormatException if one is damaged, with the place; nothing is written then
   * @throws IOException if reading or writing fails; nothing is written then
   */
  public List<String> write(Path target) throws IOException {
    for (TraceFile file : files) {
      if (Files.exists(target) && Files.isSameFile(target, file.path())) {
        throw new IllegalArgumentException(target + " is one of the files to merge; name another");
      }
    }
    checkFiles();
    checkForm();
    TraceMetadata metadata = metadata();
    PageFormat format = metadata.pageFormat();
    List<TraceBuffer> buffers = sources.stream().map(Source::buffer).toList();
    try (TraceFileWriter writer =
        TraceFileWriter.create(target, version(metadata, buffers), format, buffers)) {
      for (int i = 0; i < sources.size(); i++) {
        copy(sources.get(i), writer, i);
      }
      writer.finish(metadata);
    }
    return List.copyOf(notes);
  }

  private static TraceVersion version(TraceMetadata metadata, List<TraceBuffer> buffers) {
    int pageSize = metadata.pageFormat().pageSize();
    boolean isOld =
        metadata.sections().isEmpty()
            && buffers.stream().allMatch(each -> each.pageSize() == pageSize);
    return isOld ? TraceVersion.V6 : TraceVersion.V7;
  }

  private void copy(Source from, TraceFileWriter writer, int number) throws IOException {
    for (int cpu = 0; cpu < from.buffer().cpus(); cpu++) {
      PageStream pages = from.file().pages(from.number(), cpu);
      PageRewriter rewriter = new PageRewriter(pages.format(), from.changes());
      for (MemorySegment page = pages.next(); page != null; page = pages.next()) {
        try {
          rewriter.rewrite(page);
        } catch (DamagedPageException e) {
          throw new TraceFormatException(
              from.file().path(), pages.offset(), "CPU " + cpu + ": " + e.getMessage());
        } catch (PageRewriter.BeforeZeroException e) {
          throw beforeZero(from);
        }
        writer.write(number, cpu, page, 0);
      }
    }
  }

  /** The message names an offset with which the first event of each CPU stays at 0 or later. */
  private IllegalArgumentException beforeZero(Source from) throws IOException {
    long first = Long.MAX_VALUE;
    for (int cpu = 0; cpu < from.buffer().cpus(); cpu++) {
      PageStream pages = from.file().pages(from.number(), cpu);
      MemorySegment page = pages.next();
      if (page != null) {
        long time =
            page.get(
                ValueLayout.JAVA_LONG_UNALIGNED.withOrder(pages.format().order()), PageLayout.TIME);
        first = Math.min(first, Math.max(0, time));
      }
    }
    String what = "%s begins at %dns".formatted(from.file().path(), first);
    long shift = from.changes().shift();
    if (offset.isEmpty()) {
      return new IllegalArgumentException(
          "%s, and what the files say of their clocks moves it by %dns: that is before 0"
              .formatted(what, shift));
    }
    return new IllegalArgumentException(
        "%s, and --offset moves it by %dns: that is before 0, at least %dns would be right"
            .formatted(what, shift, offset.get() - shift - first));
  }

  /** One that is named twice would have each event twice. */
  private void checkFiles() throws IOException {
    for (int i = 0; i < files.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (Files.isSameFile(files.get(i).path(), files.get(j).path())) {
          throw new IllegalArgumentException(
              files.get(i).path() + " is named twice: name each file once");
        }
      }
    }
  }

  /** What nothing can be done about. */
  private void checkForm() {
    TraceMetadata first = base.metadata();
    for (TraceFile file : files) {
      TraceMetadata other = file.metadata();
      boolean isSame =
          other.pageFormat().order() == first.pageFormat().order()
              && other.pageFormat().longSize() == first.pageFormat().longSize();
      if (!isSame) {
        throw new IllegalArgumentException(
            "%s has %s, %s %s: they are of machines that write numbers otherwise"
                .formatted(file.path(), form(other), base.path(), form(first)));
      }
      if (files.size() > 1 && !FormatMerge.hasUsualFields(other)) {
        throw new IllegalArgumentException(
            file.path() + ": its events begin with other fields than type, flags and thread");
      }
      checkClock(file);
    }
  }

  private static String form(TraceMetadata metadata) {
    boolean isLittle = metadata.pageFormat().order() == ByteOrder.LITTLE_ENDIAN;
    return "%d-bit words in %s-endian order"
        .formatted(metadata.pageFormat().longSize() * Byte.SIZE, isLittle ? "little" : "big");
  }

  private void checkClock(TraceFile file) {
    String mine = clock(base);
    String other = clock(file);
    boolean hasTicks = ticks(base).isPresent() || ticks(file).isPresent();
    boolean isSameUnit = ticks(base).equals(ticks(file)) || areCounts(file);
    if (hasTicks && !isSameUnit) {
      throw new IllegalArgumentException(
          "%s has the clock %s and %s has %s, which count in other units: record both with mono"
              .formatted(base.path(), mine, file.path(), other));
    }
    if (!mine.equals(other) && offset.isEmpty()) {
      throw new IllegalArgumentException(
          ("%s has the clock %s, but %s has %s: record both with mono (trace-cmd record -C mono),"
                  + " or say with --offset what lies between them")
              .formatted(base.path(), mine, file.path(), other));
    }
  }

  /** Whether a file and the base have the counts of the processor's counter, as it has them. */
  private boolean areCounts(TraceFile file) {
    return clock(base).equals(COUNTS) && clock(file).equals(COUNTS);
  }

  /** How the ticks of a processor's counter become nanoseconds. */
  private static Optional<String> ticks(TraceFile file) {
    return file.metadata()
        .option(TraceOption.TSC2NSEC)
        .map(option -> Arrays.toString(option.bytes()));
  }

  /**
   * What is added to the times on a file's pages, so that they stand right among those of the base:
   * what was asked for. Where all files say what is to be added to their times for tools to show
   * them, that counts, too; where only some do, it is the time of day, and times of one clock need
   * nothing. Nor do the counts of one processor: what is added to them places them on the clock
   * mono, as exactly as that was known when each file was made.
   */
  private long shift(TraceFile file) {
    if (areCounts(file)) {
      long nanos = offset.orElse(0L);
      return nanos == 0 ? 0 : scale().map(scale -> scale.counts(nanos)).orElse(nanos);
    }
    boolean areAllMoved = files.stream().allMatch(TraceMerge::isMoved);
    long own = areAllMoved ? added(file) - added(base) : 0;
    return own + offset.orElse(0L);
  }

  /** Of the new file: the base's, else that of the first that has one. */
  private Optional<ClockScale> scale() {
    return Stream.concat(Stream.of(base), files.stream())
        .flatMap(file -> file.metadata().scale().stream())
        .findFirst();
  }

  /** The kernel's counts become nanoseconds as ours do. */
  private void scale(TraceMetadataBuilder into) {
    boolean isMissing = base.metadata().scale().isEmpty() && !isMoved(base);
    if (isMissing && clock(base).equals(COUNTS)) {
      scale()
          .ifPresent(
              scale ->
                  into.withoutOption(TraceOption.TRACECLOCK).clock(COUNTS, Optional.of(scale)));
    }
  }

  private static boolean isMoved(TraceFile file) {
    return file.metadata().option(TraceOption.DATE).isPresent()
        || file.metadata().option(TraceOption.OFFSET).isPresent();
  }

  private static long added(TraceFile file) {
    return file.metadata().shownTime(0);
  }

  private TraceMetadata metadata() {
    TraceMetadata first = base.metadata();
    TraceMetadataBuilder into = first.toBuilder();
    FormatMerge formats = new FormatMerge(into);
    SymbolMerge symbols = new SymbolMerge(first.kallsyms);
    into.commandLines.reset();
    addBuffers(base, identity());
    for (TraceFile file : files) {
      if (file != base) {
        add(file, into, formats, symbols);
      }
    }
    scale(into);
    // Once each: which of two names of a thread tools show is by chance where there are many.
    first.threadNames().forEach(threadNames::putIfAbsent);
    threadNames.forEach(into::threadName);
    into.kallsyms = symbols.bytes();
    if (formats.renumbered() > 0) {
      notes.add(formats.renumbered() + " event types have other numbers than in their files");
    }
    int cpus = sources.stream().mapToInt(each -> each.buffer().cpus()).max().orElse(0);
    return into.cpuCount(Math.max(first.cpuCount(), cpus)).build();
  }

  private static PageRewriter.Changes identity() {
    char[] types = new char[1 << Character.SIZE];
    for (int i = 0; i < types.length; i++) {
      types[i] = (char) i;
    }
    return new PageRewriter.Changes(types, Map.of(), 0, 0, 0);
  }

  private void add(
      TraceFile file, TraceMetadataBuilder into, FormatMerge formats, SymbolMerge symbols) {
    TraceMetadata metadata = file.metadata();
    boolean isKernels = FormatMerge.isKernels(metadata);
    int renumbered = formats.renumbered();
    char[] types = formats.add(metadata);
    if (isKernels && formats.renumbered() > renumbered) {
      throw new IllegalArgumentException(
          "%s and %s are of different kernels: the numbers of their event types clash"
              .formatted(base.path(), file.path()));
    }
    if (!symbols.add(metadata.kallsyms)) {
      throw new IllegalArgumentException(
          file.path()
              + " has Java methods at the addresses of another file's: merge only one of them");
    }
    Map<Integer, Integer> outside = isKernels ? Map.of() : threads;
    metadata
        .threadNames()
        .forEach((tid, name) -> threadNames.putIfAbsent(PageRewriter.thread(outside, tid), name));
    if (into.printk.length == 0) {
      into.printk = metadata.printk;
    }
    int print = number(metadata, "print");
    long shift = shift(file);
    long mark = isKernels ? 0 : symbols.mark();
    Map<String, String> renamed =
        addBuffers(file, new PageRewriter.Changes(types, outside, shift, print, mark));
    options(metadata, into, renamed, shift);
  }

  private static int number(TraceMetadata metadata, String name) {
    return metadata.formats().stream()
        .filter(each -> each.system().equals(TraceMetadata.FTRACE) && each.name().equals(name))
        .findFirst()
        .map(each -> each.id())
        .orElse(-1);
  }

  /** Adds a file's buffers, and returns what each of them is called now. */
  private Map<String, String> addBuffers(TraceFile file, PageRewriter.Changes changes) {
    Map<String, String> renamed = new HashMap<>();
    for (int i = 0; i < file.buffers().size(); i++) {
      TraceBuffer buffer = file.buffers().get(i);
      String name = file == base ? buffer.name() : free(buffer.name(), file);
      int number = i;
      boolean hasPages =
          Stream.iterate(0, cpu -> cpu < buffer.cpus(), cpu -> cpu + 1)
              .anyMatch(cpu -> file.size(number, cpu) > 0);
      if (file == base || hasPages) {
        names.add(name);
        renamed.put(buffer.name(), name);
        String clock =
            file == base || base.buffers().isEmpty()
                ? buffer.clock()
                : base.buffers().getFirst().clock();
        sources.add(
            new Source(
                file, i, new TraceBuffer(name, clock, buffer.pageSize(), buffer.cpus()), changes));
      }
    }
    return renamed;
  }

  /** A name for an instance: its own, or for a top buffer that of the file without its ending. */
  private String free(String own, TraceFile file) {
    String stem = file.path().getFileName().toString().replaceFirst("(?<=.)\\.[^.]*$", "");
    String wanted = own.isEmpty() ? stem : own;
    String name = wanted;
    for (int i = 2; names.contains(name); i++) {
      name = wanted + "-" + i;
    }
    return name;
  }

  /**
   * The accounts of a file's buffers, under their new names, and what time of day it is. The
   * process is left out: threads of others are in the file, too.
   */
  private static void options(
      TraceMetadata from, TraceMetadataBuilder into, Map<String, String> renamed, long shift) {
    from.options().stream()
        .filter(each -> shift == 0 && each.wallOffset().isPresent())
        .map(each -> PROCESS.matcher(each.text()).replaceFirst(""))
        .forEach(text -> into.option(TraceOption.text(TraceOption.VERSION, text)));
    CpuAccount.of(from.options()).stream()
        .filter(each -> renamed.containsKey(each.buffer()))
        .forEach(each -> into.option(each.option(renamed.get(each.buffer()))));
  }
}
