package org.pagewheel.event;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pagewheel.event.EventField.Kind;

/**
 * Reads the fields of a format text, which may be from a file that anybody wrote: lines that are no
 * field are passed over, and the time it takes grows with the length of the text alone.
 *
 * <p>How it tells kinds: by the declared type, and by the tables of names in {@code print fmt}. A
 * {@code u64} whose bits {@code print fmt} takes apart as those of a double is one, too: so they
 * were declared before {@code double} was.
 */
final class FormatParser {
  private static final String PRINT = "print fmt:";

  /** The kernel's are below 200. */
  private static final int MAX_LINE = 1000;

  private static final Pattern LINE =
      Pattern.compile(
          "\\s*field:([^;]*);\\s*offset:(\\d{1,9});\\s*size:(\\d{1,9});(?:\\s*signed:(\\d);)?.*");

  /** A field in the string of {@code print fmt}. */
  private static final Pattern SHOWN = Pattern.compile("(?:^| )([A-Za-z_][A-Za-z0-9_]{0,99})=");

  /** How a value is shown, and its unit. */
  private static final Pattern VALUE =
      Pattern.compile("(0x%\\w{1,4}|\\{[^{}]*\\}|%s%s%llu\\.%06llu|%\\w{1,4})(?: |(?=%%))(.+)");

  private static final Pattern BITS =
      Pattern.compile("REC->([A-Za-z_]\\w{0,99})[^ ]{0,12} >> 52\\) % 2048");

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
          Map.entry("unsigned", 4),
          Map.entry("s64", 8),
          Map.entry("u64", 8),
          Map.entry("double", 8),
          Map.entry("long long", 8));

  private final Map<String, Labels> labels;
  private final Map<String, String> shown = new HashMap<>();
  private final Map<String, Boolean> reals = new HashMap<>();

  private FormatParser(String print) {
    labels = LabelScanner.scan(print);
    Matcher bits = BITS.matcher(print);
    while (bits.find()) {
      reals.put(bits.group(1), true);
    }
    int begin = print.indexOf('"') + 1;
    int end = print.indexOf('"', begin);
    if (begin > 0 && end > begin) {
      values(print.substring(begin, end));
    }
  }

  /** What the string says after each {@code name=}. */
  private void values(String string) {
    Matcher field = SHOWN.matcher(string);
    String name = null;
    int from = 0;
    while (field.find()) {
      if (name != null) {
        shown.putIfAbsent(name, string.substring(from, field.start()));
      }
      name = field.group(1);
      from = field.end();
    }
    if (name != null) {
      shown.putIfAbsent(name, string.substring(from));
    }
  }

  /** The fields in the order of the text, common ones first. */
  static List<EventField> parse(String text) {
    int print = text.indexOf("\n" + PRINT) + 1;
    String head = print == 0 ? text : text.substring(0, print);
    FormatParser parser =
        new FormatParser(print == 0 ? "" : text.substring(print + PRINT.length()));
    List<EventField> fields = new ArrayList<>();
    head.lines()
        .filter(line -> line.length() <= MAX_LINE)
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(line -> parser.add(line, fields));
    return fields;
  }

  private void add(Matcher line, List<EventField> fields) {
    // char comm[16]: the name is between the type and the dimension.
    String declaration = line.group(1).strip();
    int dimension = declaration.endsWith("]") ? declaration.indexOf('[') : declaration.length();
    String before = declaration.substring(0, Math.max(0, dimension)).strip();
    String name = lastWord(before);
    if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
      return;
    }
    String type =
        before.substring(0, before.length() - name.length()).strip()
            + declaration.substring(dimension);
    int size = Integer.parseInt(line.group(3));
    int bracket = type.indexOf('[');
    String element = EventField.Role.without(bracket < 0 ? type : type.substring(0, bracket));
    element = element.replaceFirst("^__(data|rel)_loc\\s*", "").strip();
    boolean isArray = type.endsWith("]");
    boolean isLocated = type.startsWith("__data_loc") || type.startsWith("__rel_loc");
    int width = isArray || isLocated ? elementSize(element, type, size, isLocated) : size;
    boolean signed = "1".equals(line.group(4)) || element.matches("(__)?s\\d+");
    Labels names =
        isArray || isLocated ? Labels.NONE : labels.getOrDefault(name, Labels.NONE).of(width);
    String value = shown.getOrDefault(name, "");
    fields.add(
        new EventField(
            name,
            type,
            kind(element, name, width, isArray || isLocated, names),
            isArray || isLocated,
            Integer.parseInt(line.group(2)),
            size,
            width,
            signed,
            value.matches("\\{?0x%.*"),
            unit(value),
            names));
  }

  /** The letters, digits and underscores at the end. */
  private static String lastWord(String text) {
    int begin = text.length();
    while (begin > 0 && isOfWord(text.charAt(begin - 1))) {
      begin--;
    }
    return text.substring(begin);
  }

  private static boolean isOfWord(char c) {
    return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private static String unit(String value) {
    Matcher shown = VALUE.matcher(value);
    String unit = value.length() <= MAX_LINE && shown.matches() ? shown.group(2) : "";
    return unit.replace("%%", "").indexOf('%') >= 0 ? "" : unit.replace("%%", "%");
  }

  private Kind kind(String element, String name, int width, boolean isArray, Labels names) {
    if (element.equals("char") && isArray) {
      return Kind.STRING;
    }
    if (width != 1 && width != 2 && width != 4 && width != 8) {
      return Kind.BYTES;
    }
    if (!names.entries().isEmpty()) {
      return names.separator().isEmpty() ? Kind.ENUM : Kind.FLAGS;
    }
    if (width == Long.BYTES && (element.equals("double") || reals.containsKey(name))) {
      return Kind.REAL;
    }
    return element.equals("bool") && width == 1 ? Kind.BOOLEAN : Kind.INTEGER;
  }

  /** Bytes of an element; 0 if the text does not say. */
  private static int elementSize(String element, String type, int size, boolean isLocated) {
    String number = type.substring(type.indexOf('[') + 1).replace("]", "").strip();
    int elements = number.matches("\\d{1,6}") ? Integer.parseInt(number) : 0;
    if (!isLocated && elements > 0 && size % elements == 0) {
      return size / elements;
    }
    String plain = element.replaceFirst("^(un)?signed ", "").replaceFirst("^__", "");
    if (plain.equals("long") || plain.endsWith("*")) {
      return Long.BYTES;
    }
    return SIZES.getOrDefault(plain, 0);
  }
}
