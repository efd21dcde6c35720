package org.pagewheel.tracedat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.osgi.annotation.versioning.ProviderType;
import org.pagewheel.Clock;
import org.pagewheel.ClockScale;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.PageFormat;
import org.pagewheel.spi.Symbols;

/** Builds {@link TraceMetadata}. For one thread. */
@ProviderType
public final class TraceMetadataBuilder {
  /** The kernel's {@code print} says which function wrote it; in a mark of ours that is 0. */
  private static final String MARK_SYMBOL = "0000000000000000 t mark\n";

  PageFormat pageFormat;
  int longSize;
  int cpuCount;
  byte[] headerPage;
  byte[] headerEvent = FileLayout.HEADER_EVENT_TEXT.getBytes(StandardCharsets.US_ASCII);
  byte[] kallsyms = {};
  byte[] printk = {};
  final List<byte[]> ftraceFormats = new ArrayList<>();
  final Map<String, List<byte[]>> systems = new LinkedHashMap<>();
  final ByteArrayOutputStream commandLines = new ByteArrayOutputStream();
  final List<TraceOption> options = new ArrayList<>();
  final List<TraceSection> sections = new ArrayList<>();

  TraceMetadataBuilder(PageFormat pageFormat) {
    pageFormat(pageFormat);
    longSize = pageFormat.longSize();
  }

  TraceMetadataBuilder(TraceMetadata from) {
    pageFormat = from.pageFormat;
    longSize = from.longSize;
    cpuCount = from.cpuCount;
    headerPage = from.headerPage;
    headerEvent = from.headerEvent;
    kallsyms = from.kallsyms;
    printk = from.printk;
    ftraceFormats.addAll(from.ftraceFormats);
    from.systems.forEach(each -> systems.put(each.name(), new ArrayList<>(each.formats())));
    commandLines.writeBytes(from.commandLines);
    options.addAll(from.options);
    sections.addAll(from.sections);
  }

  /**
   * Says how the pages are written, and rewrites the text that describes them.
   *
   * @param format byte order, size of the commit word, page size
   * @return this builder
   */
  public TraceMetadataBuilder pageFormat(PageFormat format) {
    pageFormat = format;
    headerPage =
        FileLayout.headerPageText(format.longSize(), format.pageSize())
            .getBytes(StandardCharsets.US_ASCII);
    return this;
  }

  /**
   * Adds the formats, thread names and symbols of a process, and, unless the file has kernel
   * symbols, one for address 0, so that the marks of the process are shown as {@code print: mark:
   * text}.
   *
   * @param metadata event formats, thread names and symbols
   * @return this builder
   */
  public TraceMetadataBuilder add(Metadata metadata) {
    metadata.formats().forEach(this::format);
    metadata.threadNames().forEach(this::threadName);
    if (kallsyms.length == 0) {
      kallsyms = MARK_SYMBOL.getBytes(StandardCharsets.US_ASCII);
    }
    symbols(metadata.symbols());
    return this;
  }

  /**
   * Goes after the existing symbols, whose order tools ignore. The two around them keep addresses
   * that are not ours from being named after a method: tools take the nearest symbol below, at any
   * distance.
   */
  private void symbols(Map<Long, String> symbols) {
    if (symbols.isEmpty()) {
      return;
    }
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    lines.writeBytes(kallsyms);
    if (kallsyms.length > 0 && kallsyms[kallsyms.length - 1] != '\n') {
      lines.write('\n');
    }
    TreeMap<Long, String> all = new TreeMap<>(symbols);
    all.put(Symbols.BASE, "[java]");
    all.put(Symbols.address(Symbols.id(all.lastKey()) + 1), "[end-of-java]");
    all.forEach(
        (address, name) ->
            lines.writeBytes(
                "%016x t %s\n".formatted(address, name).getBytes(StandardCharsets.UTF_8)));
    kallsyms = lines.toByteArray();
  }

  /**
   * Adds an event's format, unless the same text is there already. Of two formats of one id tools
   * use the later one.
   *
   * @param format the format; the kernel's own events have the system {@code ftrace}
   * @return this builder
   */
  public TraceMetadataBuilder format(EventFormat format) {
    return format(format.system(), format.text().getBytes(StandardCharsets.UTF_8));
  }

  private TraceMetadataBuilder format(String system, byte[] text) {
    List<byte[]> formats =
        system.equals(TraceMetadata.FTRACE)
            ? ftraceFormats
            : systems.computeIfAbsent(system, key -> new ArrayList<>());
    if (formats.stream().noneMatch(format -> Arrays.equals(format, text))) {
      formats.add(text);
    }
    return this;
  }

  /**
   * Adds a thread's name. Of two names of one thread tools show the first one.
   *
   * @param pid the number in {@code common_pid}
   * @param name its name; control characters become question marks
   * @return this builder
   */
  public TraceMetadataBuilder threadName(int pid, String name) {
    String line = pid + " " + name.replaceAll("\\p{Cntrl}", "?") + "\n";
    commandLines.writeBytes(line.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /**
   * Says how many CPUs the machine has.
   *
   * @param cpus a number of at least 0; 0 if unknown
   * @return this builder
   */
  public TraceMetadataBuilder cpuCount(int cpus) {
    cpuCount = cpus;
    return this;
  }

  /**
   * Adds an option.
   *
   * @param option the option
   * @return this builder
   */
  public TraceMetadataBuilder option(TraceOption option) {
    options.add(option);
    return this;
  }

  /**
   * Adds what the times are: the clock's name and, if it counts no nanoseconds, how they become
   * those of the clock {@code mono}, which tools then show.
   *
   * @param name the clock's name
   * @param scale empty for a clock that counts nanoseconds, or nothing that becomes some
   * @return this
   */
  public TraceMetadataBuilder clock(String name, Optional<ClockScale> scale) {
    option(TraceOption.clock(name));
    if (scale.isPresent()) {
      option(TraceOption.tsc2nsec(scale.get(), pageFormat.order()));
      option(TraceOption.offset(scale.get().offset()));
    }
    return this;
  }

  /**
   * Adds what the times of a clock are, as it is now.
   *
   * @param clock the clock
   * @return this
   */
  public TraceMetadataBuilder clock(Clock clock) {
    return clock(clock.timeline(), clock.scale());
  }

  /**
   * Removes options.
   *
   * @param id the number of those to remove
   * @return this builder
   */
  public TraceMetadataBuilder withoutOption(int id) {
    options.removeIf(option -> option.id() == id);
    return this;
  }

  /**
   * Takes away the accounts of CPUs whose events are not in the file.
   *
   * @param isKept whether that of a buffer's CPU stays; the top buffer has an empty name
   * @return this builder
   */
  public TraceMetadataBuilder keepAccounts(BiPredicate<String, Integer> isKept) {
    List<CpuAccount> accounts = CpuAccount.of(options);
    withoutOption(TraceOption.CPUSTAT);
    accounts.stream()
        .filter(each -> isKept.test(each.buffer(), each.cpu()))
        .forEach(each -> option(each.option(each.buffer())));
    return this;
  }

  /**
   * Sets the kernel's symbols.
   *
   * @param lines lines of address, type and name
   * @return this builder
   */
  public TraceMetadataBuilder kallsyms(String lines) {
    kallsyms = lines.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  /**
   * Builds the metadata.
   *
   * @return a copy of what is here
   */
  public TraceMetadata build() {
    return new TraceMetadata(this);
  }
}
