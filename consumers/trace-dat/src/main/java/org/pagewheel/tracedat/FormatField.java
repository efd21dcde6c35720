package org.pagewheel.tracedat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A field as a format text describes it. The offsets are whatever the text says: the user checks
 * them against the bytes at hand.
 *
 * @param type its C type, with {@code []} or {@code [n]} if it is an array
 * @param name its name
 * @param offset where it begins in the payload
 * @param size how many bytes it takes there
 * @param signed whether it is a signed number
 */
record FormatField(String type, String name, int offset, int size, boolean signed) {
  /** The kernel's are below 200; the time of the patterns below grows with its square. */
  private static final int MAX_LINE = 1000;

  private static final Pattern LINE =
      Pattern.compile(
          "\\s*field:([^;]*);\\s*offset:(\\d{1,9});\\s*size:(\\d{1,9});(?:\\s*signed:(\\d);)?.*");

  /** The name, followed by the dimension of an array: {@code char comm[16]}. */
  private static final Pattern DECLARATION =
      Pattern.compile("(.*?)([A-Za-z_][A-Za-z0-9_]*)\\s*(\\[[^\\]]*\\])?\\s*");

  /** The fields in the order of the text; other lines are skipped. */
  static List<FormatField> parse(String text) {
    List<FormatField> fields = new ArrayList<>();
    for (String line : text.split("\n")) {
      if (line.startsWith("print fmt:")) {
        break;
      }
      Matcher matcher = LINE.matcher(line);
      if (line.length() > MAX_LINE || !matcher.matches()) {
        continue;
      }
      Matcher declaration = DECLARATION.matcher(matcher.group(1));
      if (declaration.matches()) {
        String dimension = declaration.group(3) == null ? "" : declaration.group(3);
        fields.add(
            new FormatField(
                declaration.group(1).strip() + dimension,
                declaration.group(2),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)),
                "1".equals(matcher.group(4))));
      }
    }
    return fields;
  }

  /**
   * The array that ends an event, if the format gives it a length: an event holds as many elements
   * as it has room for. An example is {@code caller[8]} of the kernel's stacks. Null if there is
   * none.
   */
  static FormatField tail(List<FormatField> fields) {
    FormatField last =
        fields.stream().max(Comparator.comparingInt(FormatField::offset)).orElse(null);
    return last != null
            && last.isArray()
            && !last.isDynamic()
            && last.elements() > 0
            && last.size() % last.elements() == 0
            && !last.elementType().equals("char")
        ? last
        : null;
  }

  /** Whether the field is a word that says where in the payload its bytes are. */
  boolean isDynamic() {
    return type.startsWith("__data_loc") || type.startsWith("__rel_loc");
  }

  boolean isArray() {
    return type.endsWith("]");
  }

  /** The type of an array's elements, or the type. */
  String elementType() {
    String element = type.replaceFirst("^__(data|rel)_loc\\s*", "");
    int bracket = element.indexOf('[');
    return bracket < 0 ? element : element.substring(0, bracket).strip();
  }

  /** How many elements a fixed array has; 0 if the text does not say. */
  int elements() {
    String number = type.substring(type.indexOf('[') + 1).replace("]", "").strip();
    return number.matches("\\d{1,6}") ? Integer.parseInt(number) : 0;
  }
}
