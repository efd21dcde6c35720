package org.pagewheel.tracedat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.pagewheel.event.EventField;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Labels;
import org.pagewheel.format.PageFormat;

/**
 * Prints the events of one format. Every offset and length is checked against the payload before it
 * is used: the format may belong to another event, and the payload may be anything.
 */
final class EventPrinter {
  private static final int MAX_ELEMENTS = 64;
  private static final String DAMAGED = "(damaged)";

  private static final Map<String, Integer> SIZES =
      Map.ofEntries(
          Map.entry("char", 1),
          Map.entry("s8", 1),
          Map.entry("u8", 1),
          Map.entry("bool", 1),
          Map.entry("short", 2),
          Map.entry("s16", 2),
          Map.entry("u16", 2),
          Map.entry("int", 4),
          Map.entry("s32", 4),
          Map.entry("u32", 4),
          Map.entry("pid_t", 4),
          Map.entry("s64", 8),
          Map.entry("u64", 8),
          Map.entry("double", 8),
          Map.entry("long long", 8));

  private static final Set<String> SIGNED_NAMES = Set.of("s8", "s16", "s32", "s64");

  private final PageFormat pages;
  private final String name;
  private final List<FormatField> fields;
  private final FormatField tail;
  private final Map<String, Labels> symbols;

  /**
   * The part of the text that says how to print; a {@code u64} split into bits there is a double.
   */
  private final String printFormat;

  /** Null if it contains anything unknown. */
  private final PrintFormat print;

  EventPrinter(EventFormat format, PageFormat pages, TreeMap<Long, String> functions) {
    this.pages = pages;
    this.name = printable(format.name());
    this.fields =
        FormatField.parse(format.text()).stream()
            .filter(field -> !field.name().startsWith("common_"))
            .toList();
    this.tail = FormatField.tail(fields);
    this.symbols = new HashMap<>();
    for (EventField field : format.fields()) {
      symbols.putIfAbsent(field.name(), field.labels());
    }
    int at = format.text().indexOf("print fmt:");
    this.printFormat = at < 0 ? "" : format.text().substring(at);
    this.print = PrintFormat.of(format, FormatField.parse(format.text()), functions);
  }

  static ValueLayout.OfShort shorts(PageFormat pages) {
    return ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(pages.order());
  }

  String name() {
    return name;
  }

  String print(MemorySegment payload) {
    StringBuilder line = new StringBuilder(name).append(':');
    for (FormatField field : fields) {
      line.append(' ').append(field.name()).append('=').append(value(payload, field));
    }
    return line.toString();
  }

  /** Prints as the format says, or field by field if that cannot be understood. */
  String report(MemorySegment payload) {
    String text = print == null ? null : print.print(payload, pages);
    return text == null ? print(payload) : name + ": " + text;
  }

  private String value(MemorySegment payload, FormatField field) {
    long there = payload.byteSize() - field.offset();
    if (field == tail && there >= 0 && there < field.size()) {
      int element = field.size() / field.elements();
      return array(payload.asSlice(field.offset(), there - there % element), field);
    }
    if (field.offset() + (long) field.size() > payload.byteSize()) {
      return DAMAGED;
    }
    if (field.isDynamic()) {
      return dynamic(payload, field);
    }
    if (field.isArray()) {
      // An array without a size is the rest of the event.
      long size = field.size() > 0 ? field.size() : payload.byteSize() - field.offset();
      return array(payload.asSlice(field.offset(), size), field);
    }
    return scalar(payload.asSlice(field.offset(), field.size()), field, field.name());
  }

  /** The field's word holds length and offset of its bytes, as {@code length << 16 | offset}. */
  private String dynamic(MemorySegment payload, FormatField field) {
    if (field.size() != Integer.BYTES) {
      return DAMAGED;
    }
    int word = payload.get(pages.intLayout(), field.offset());
    long from = word & 0xffff;
    long size = word >>> 16;
    if (field.type().startsWith("__rel_loc")) {
      from += field.offset() + (long) field.size();
    }
    if (from + size > payload.byteSize()) {
      return DAMAGED;
    }
    return array(payload.asSlice(from, size), field);
  }

  private String array(MemorySegment bytes, FormatField field) {
    String element = field.elementType();
    if (element.equals("char")) {
      return string(bytes);
    }
    int size = elementSize(field, element);
    if (size == 0 || bytes.byteSize() % size != 0) {
      return hex(bytes);
    }
    boolean signed = field.signed() || SIGNED_NAMES.contains(element);
    FormatField one = new FormatField(element, field.name(), 0, size, signed);
    StringJoiner values = new StringJoiner(",", "[", "]");
    for (int i = 0; i < bytes.byteSize() / size; i++) {
      if (i == MAX_ELEMENTS) {
        values.add("…");
        break;
      }
      values.add(scalar(bytes.asSlice((long) i * size, size), one, field.name() + "[" + i + "]"));
    }
    return values.toString();
  }

  private int elementSize(FormatField field, String element) {
    if (!field.isDynamic() && field.elements() > 0 && field.size() % field.elements() == 0) {
      return field.size() / field.elements();
    }
    String plain = element.replaceFirst("^(un)?signed ", "").replaceFirst("^__", "");
    if (plain.equals("long") || plain.endsWith("*")) {
      return pages.longSize();
    }
    return SIZES.getOrDefault(plain, plain.equals("unsigned") ? Integer.BYTES : 0);
  }

  private String scalar(MemorySegment bytes, FormatField field, String expression) {
    long value;
    switch (field.size()) {
      case Byte.BYTES -> value = bytes.get(ValueLayout.JAVA_BYTE, 0);
      case Short.BYTES -> value = bytes.get(shorts(pages), 0);
      case Integer.BYTES -> value = bytes.get(pages.intLayout(), 0);
      case Long.BYTES -> value = bytes.get(pages.longLayout(), 0);
      default -> {
        return hex(bytes);
      }
    }
    if (isDouble(field, expression)) {
      return Double.toString(Double.longBitsToDouble(value));
    }
    long unsigned = field.size() == Long.BYTES ? value : value & (1L << 8 * field.size()) - 1;
    Labels table = symbols.get(field.name());
    String symbol = table == null ? null : table.name(unsigned).orElse(null);
    if (symbol != null) {
      return printable(symbol);
    }
    if (field.type().equals("bool")) {
      return unsigned == 0 ? "false" : "true";
    }
    if (field.type().endsWith("*") || field.type().equals("unsigned long") && value < 0) {
      return "0x" + Long.toHexString(unsigned);
    }
    return field.signed() ? Long.toString(value) : Long.toUnsignedString(unsigned);
  }

  private boolean isDouble(FormatField field, String expression) {
    return field.size() == Long.BYTES
        && (field.type().equals("double")
            || printFormat.contains("REC->" + expression + " >> 52) % 2048"));
  }

  private static String string(MemorySegment bytes) {
    byte[] all = bytes.toArray(ValueLayout.JAVA_BYTE);
    int end = 0;
    while (end < all.length && all[end] != 0) {
      end++;
    }
    return printable(new String(all, 0, end, StandardCharsets.UTF_8));
  }

  private static String hex(MemorySegment bytes) {
    long shown = Math.min(bytes.byteSize(), MAX_ELEMENTS);
    byte[] some = bytes.asSlice(0, shown).toArray(ValueLayout.JAVA_BYTE);
    return HexFormat.ofDelimiter(":").formatHex(some) + (shown < bytes.byteSize() ? ":…" : "");
  }

  /** Without characters that end the line or control a terminal. */
  static String printable(String text) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean bad = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
      if (bad && out == null) {
        out = new StringBuilder(text.substring(0, i));
      }
      if (out != null) {
        out.append(bad ? escape(c) : String.valueOf(c));
      }
    }
    return out == null ? text : out.toString();
  }

  private static String escape(char c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> "\\u%04x".formatted((int) c);
    };
  }
}
