package org.pagewheel.tracedat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pagewheel.ClockScale;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.PageFormat;

/**
 * The content of a trace file other than the pages: the texts that describe page, record and
 * events, symbol names, thread names, options. What is read from a file is kept byte for byte, so
 * that a copy says the same. Immutable; another one is made with {@link #toBuilder}.
 */
public final class TraceMetadata {
  /** The events of one system, as bytes. */
  record EventSystem(String name, List<byte[]> formats) {}

  /** The system of the kernel's own events, which has a separate place in the file. */
  static final String FTRACE = "ftrace";

  private static final long NANOS_PER_MICRO = 1000;

  final PageFormat pageFormat;
  final int longSize;
  final int cpuCount;
  final byte[] headerPage;
  final byte[] headerEvent;
  final List<byte[]> ftraceFormats;
  final List<EventSystem> systems;
  final byte[] kallsyms;
  final byte[] printk;
  final byte[] commandLines;
  final List<TraceOption> options;
  final List<TraceSection> sections;

  TraceMetadata(TraceMetadataBuilder from) {
    pageFormat = from.pageFormat;
    longSize = from.longSize;
    cpuCount = from.cpuCount;
    headerPage = from.headerPage;
    headerEvent = from.headerEvent;
    ftraceFormats = List.copyOf(from.ftraceFormats);
    systems =
        from.systems.entrySet().stream()
            .map(each -> new EventSystem(each.getKey(), List.copyOf(each.getValue())))
            .toList();
    kallsyms = from.kallsyms;
    printk = from.printk;
    commandLines = from.commandLines.toByteArray();
    options = List.copyOf(from.options);
    sections = List.copyOf(from.sections);
  }

  /**
   * Begins the metadata of a new file.
   *
   * @param pageFormat how its pages are written
   * @return without events, threads and options
   */
  public static TraceMetadataBuilder builder(PageFormat pageFormat) {
    return new TraceMetadataBuilder(pageFormat);
  }

  /**
   * The metadata of a file with pages of Pagewheel's own.
   *
   * @param metadata event formats and thread names
   * @param pageSize the size of the pages
   * @return without options
   */
  public static TraceMetadata of(Metadata metadata, int pageSize) {
    return builder(PageFormat.of(pageSize)).add(metadata).build();
  }

  /**
   * A builder that holds all of this.
   *
   * @return a new builder
   */
  public TraceMetadataBuilder toBuilder() {
    return new TraceMetadataBuilder(this);
  }

  /**
   * How the pages are written; the page size is that of the top buffer.
   *
   * @return byte order, size of the commit word, page size
   */
  public PageFormat pageFormat() {
    return pageFormat;
  }

  /**
   * The size of a C long on the machine that recorded.
   *
   * @return 4 or 8
   */
  public int longSize() {
    return longSize;
  }

  /**
   * How many CPUs the machine had, if the file says so.
   *
   * @return a number of at least 0; 0 if unknown
   */
  public int cpuCount() {
    return cpuCount;
  }

  /**
   * The text that describes the page.
   *
   * @return the kernel's {@code events/header_page}
   */
  public String headerPage() {
    return text(headerPage);
  }

  /**
   * The text that describes a record.
   *
   * @return the kernel's {@code events/header_event}
   */
  public String headerEvent() {
    return text(headerEvent);
  }

  /**
   * The formats of all events, including the kernel's own ({@code ftrace}).
   *
   * @return a copy, in the order of the file; formats whose name or id cannot be read are left out
   */
  public List<EventFormat> formats() {
    List<EventFormat> formats = new ArrayList<>();
    ftraceFormats.forEach(bytes -> addFormat(formats, FTRACE, bytes));
    for (EventSystem system : systems) {
      system.formats().forEach(bytes -> addFormat(formats, system.name(), bytes));
    }
    return formats;
  }

  private static void addFormat(List<EventFormat> formats, String system, byte[] bytes) {
    String text = text(bytes);
    String name = line(text, "name:");
    String id = line(text, "ID:");
    if (name != null && id != null && id.matches("\\d{1,9}")) {
      formats.add(new EventFormat(Integer.parseInt(id), system, name, text));
    }
  }

  /** The text after a word at the beginning of a line, or null. */
  private static String line(String text, String word) {
    int from = text.startsWith(word) ? 0 : text.indexOf("\n" + word) + 1;
    if (from == 0 && !text.startsWith(word)) {
      return null;
    }
    int end = text.indexOf('\n', from);
    return text.substring(from + word.length(), end < 0 ? text.length() : end).strip();
  }

  /**
   * The names of threads by the number in {@code common_pid}.
   *
   * @return a copy, in the order of the file; of two names of one thread the first one
   */
  public Map<Integer, String> threadNames() {
    Map<Integer, String> names = new LinkedHashMap<>();
    for (String line : text(commandLines).split("\n")) {
      int blank = line.indexOf(' ');
      if (blank > 0 && line.substring(0, blank).matches("-?\\d{1,9}")) {
        names.putIfAbsent(Integer.valueOf(line.substring(0, blank)), line.substring(blank + 1));
      }
    }
    return names;
  }

  /**
   * The kernel's symbols.
   *
   * @return lines of address, type and name; may be empty
   */
  public String kallsyms() {
    return text(kallsyms);
  }

  /**
   * The kernel's format strings.
   *
   * @return lines of address and text; may be empty
   */
  public String printk() {
    return text(printk);
  }

  /**
   * All options except those that describe the file itself (buffers, number of CPUs, places).
   *
   * @return in the order of the file
   */
  public List<TraceOption> options() {
    return options;
  }

  /**
   * An option.
   *
   * @param id its number
   * @return the last one with that number, or empty
   */
  public Optional<TraceOption> option(int id) {
    return options.stream().filter(option -> option.id() == id).reduce((first, last) -> last);
  }

  /**
   * Sections that this library does not know.
   *
   * @return in the order of the file; may be empty
   */
  public List<TraceSection> sections() {
    return sections;
  }

  /**
   * The clock of the times, from the option TRACECLOCK.
   *
   * @return a name without brackets, or empty
   */
  public Optional<String> clock() {
    return option(TraceOption.TRACECLOCK).map(option -> bracketed(option.text()));
  }

  /**
   * A time as tools show it: ticks of the clock {@code x86-tsc} converted to nanoseconds, plus the
   * options DATE and OFFSET.
   *
   * @param time the time of an event, as it is on the page
   * @return nanoseconds, or the clock's own unit if the file does not say how to convert it
   */
  public long shownTime(long time) {
    Optional<ClockScale> scale = scale();
    long shown = scale.isPresent() ? scale.get().nanos(time) - scale.get().offset() : time;
    return shown + number(TraceOption.OFFSET) + number(TraceOption.DATE) * NANOS_PER_MICRO;
  }

  /**
   * How times of the clock {@code x86-tsc} become nanoseconds, from the option TSC2NSEC.
   *
   * @return as the file has it; empty if it does not say, or nonsense
   */
  public Optional<ClockScale> scale() {
    Optional<TraceOption> tsc = option(TraceOption.TSC2NSEC);
    if (tsc.isEmpty() || tsc.get().bytes().length < Long.BYTES) {
      return Optional.empty();
    }
    ByteBuffer numbers = ByteBuffer.wrap(tsc.get().bytes()).order(pageFormat.order());
    int multiplier = numbers.getInt();
    int shift = numbers.getInt();
    boolean isScale = multiplier != 0 && shift >= 0 && shift <= ClockScale.MAX_SHIFT;
    long offset = numbers.remaining() < Long.BYTES ? 0 : numbers.getLong();
    return isScale ? Optional.of(new ClockScale(multiplier, shift, offset)) : Optional.empty();
  }

  /**
   * Whether what is added to times makes them times of day. In a file with times of the clock
   * {@code x86-tsc} it may be no more than makes them those of the clock {@code mono}.
   *
   * @return whether tools show times of day
   */
  public boolean isTimeOfDay() {
    boolean isMoved = option(TraceOption.OFFSET).isPresent();
    long own = scale().map(ClockScale::offset).orElse(0L);
    boolean isMono = scale().isPresent() && isMoved && number(TraceOption.OFFSET) == own;
    return option(TraceOption.DATE).isPresent() || isMoved && !isMono;
  }

  /** The sum of the numbers in the options of one kind: tools add them all up. */
  private long number(int id) {
    long sum = 0;
    for (TraceOption option : options) {
      if (option.id() == id) {
        try {
          sum += Long.decode(option.text().strip());
        } catch (NumberFormatException e) {
          // like tools, takes what is not a number for 0
        }
      }
    }
    return sum;
  }

  /** The word in brackets, which is the chosen one of a list of clocks; else the whole text. */
  static String bracketed(String clocks) {
    int open = clocks.indexOf('[');
    int close = clocks.indexOf(']', open + 1);
    return open >= 0 && close > open ? clocks.substring(open + 1, close) : clocks.strip();
  }

  /**
   * Formats and names are ASCII or UTF-8; anything else is only displayed wrongly, and kept in
   * copies.
   */
  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
