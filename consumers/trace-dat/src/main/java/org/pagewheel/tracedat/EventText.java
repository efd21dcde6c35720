package org.pagewheel.tracedat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageFormat;

/**
 * Prints events, of the kernel or of this process, as text: the event's name and then each field
 * with its value, as {@code trace-cmd report -R} does, but with the names of symbols and flags
 * where the event's format gives them.
 *
 * <pre>{@code
 * order_filled: id=17 side=BUY venue=XETR levels=[1,2,3]
 * }</pre>
 *
 * <p>Whatever the bytes are, what is printed is one line, and nothing outside the payload is read.
 * Safe for use by several threads.
 */
public final class EventText {
  /** The place of the common fields in every kernel. */
  private static final int TYPE = 0;

  private static final int PID = 4;
  private static final int COMMON_SIZE = 8;
  private static final int MAX_HEX = 64;

  /** A line of {@code kallsyms}. */
  private static final Pattern SYMBOL = Pattern.compile("([0-9a-fA-F]{1,16}) \\S (\\S+).*");

  private final PageFormat pages;
  private final Map<Integer, EventPrinter> printers = new HashMap<>();

  /**
   * Reads format texts.
   *
   * @param formats the formats; of two with the same id the later one counts
   * @param pages how the pages with the events are written
   */
  public EventText(Collection<EventFormat> formats, PageFormat pages) {
    this(formats, pages, "");
  }

  /**
   * Reads format texts.
   *
   * @param formats the formats; of two with the same id the later one counts
   * @param pages how the pages with the events are written
   * @param kallsyms the names of addresses, as {@link TraceMetadata#kallsyms}
   */
  public EventText(Collection<EventFormat> formats, PageFormat pages, String kallsyms) {
    this.pages = pages;
    TreeMap<Long, String> functions = functions(kallsyms);
    for (EventFormat format : formats) {
      printers.put(format.id(), new EventPrinter(format, pages, functions));
    }
  }

  private static TreeMap<Long, String> functions(String kallsyms) {
    TreeMap<Long, String> functions = new TreeMap<>(Long::compareUnsigned);
    kallsyms
        .lines()
        .map(SYMBOL::matcher)
        .filter(Matcher::matches)
        .forEach(line -> functions.put(Long.parseUnsignedLong(line.group(1), 16), line.group(2)));
    return functions;
  }

  /**
   * The event's id.
   *
   * @param memory the memory that holds the payload
   * @param offset where it begins
   * @param length bytes of payload
   * @return from 0 to 65535, or −1 if the payload is too short
   */
  public int id(MemorySegment memory, long offset, int length) {
    if (length < Short.BYTES) {
      return -1;
    }
    return memory.get(EventPrinter.shorts(pages), offset + TYPE) & 0xffff;
  }

  /**
   * The thread that wrote the event.
   *
   * @param memory the memory that holds the payload
   * @param offset where it begins
   * @param length bytes of payload
   * @return the value of {@code common_pid}, or −1 if the payload is too short
   */
  public int pid(MemorySegment memory, long offset, int length) {
    return length < COMMON_SIZE ? -1 : memory.get(pages.intLayout(), offset + PID);
  }

  /**
   * The event's name.
   *
   * @param id the event's id
   * @return the name, or null if no format has this id
   */
  public String name(int id) {
    EventPrinter printer = printers.get(id);
    return printer == null ? null : printer.name();
  }

  /**
   * Prints an event.
   *
   * @param memory the memory that holds the payload
   * @param offset where it begins
   * @param length bytes of payload
   * @return one line without its end; an event without a format is shown as bytes
   */
  public String text(MemorySegment memory, long offset, int length) {
    EventPrinter printer = printers.get(id(memory, offset, length));
    return printer == null
        ? unknown(memory, offset, length)
        : printer.print(memory.asSlice(offset, length));
  }

  /**
   * Prints an event as its format says, as {@code trace-cmd report} does: including units, the
   * order of fields and its own texts. If the format contains what only a kernel knows, the event
   * is printed as by {@link #text}.
   *
   * @param memory the memory that holds the payload
   * @param offset where it begins
   * @param length bytes of payload
   * @return one line without its end; an event without a format is shown as bytes
   */
  public String report(MemorySegment memory, long offset, int length) {
    EventPrinter printer = printers.get(id(memory, offset, length));
    return printer == null
        ? unknown(memory, offset, length)
        : printer.report(memory.asSlice(offset, length));
  }

  private String unknown(MemorySegment memory, long offset, int length) {
    int id = id(memory, offset, length);
    MemorySegment payload = memory.asSlice(offset, length);
    long shown = Math.min(length, MAX_HEX);
    byte[] bytes = payload.asSlice(0, shown).toArray(ValueLayout.JAVA_BYTE);
    return "unknown event %d: %s%s"
        .formatted(id, HexFormat.ofDelimiter(" ").formatHex(bytes), shown < length ? " …" : "");
  }
}
