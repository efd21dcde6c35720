package org.pagewheel.tracedat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageFormat;

/** Prints the events of one format as its {@code print fmt} says, as {@code trace-cmd} does. */
final class PrintFormat {
  private static final String BEGIN = "print fmt:";
  private static final int MAX_WIDTH = 200;

  private static final Pattern CONVERSION =
      Pattern.compile(
          "%([-+ #0]*)(\\d{0,4})(?:\\.(\\d{1,4}))?(hh|h|ll|l|z|L)?([%diuxXcsp])([sSfF]?)");

  /** A text, or an argument and its conversion; one of them is null. */
  private record Part(String text, Conversion conversion, PrintExpression argument) {}

  private record Conversion(String flags, int width, int precision, String length, char kind) {}

  private final List<Part> parts = new ArrayList<>();
  private final TreeMap<Long, String> functions;

  private PrintFormat(PrintParser parser, TreeMap<Long, String> functions) {
    this.functions = functions;
    String format = parser.format();
    List<PrintExpression> arguments = parser.arguments();
    Matcher matcher = CONVERSION.matcher(format);
    int from = 0;
    int used = 0;
    while (matcher.find()) {
      text(format.substring(from, matcher.start()));
      from = matcher.end();
      char kind = matcher.group(5).charAt(0);
      boolean isFunction = kind == 'p' && !matcher.group(6).isEmpty();
      if (kind != 'p') {
        from -= matcher.group(6).length(); // a letter that belongs to the text
      }
      if (kind == '%') {
        parts.add(new Part("%", null, null));
      } else if (used == arguments.size()) {
        throw new UnknownFormatException("too few arguments");
      } else {
        parts.add(
            new Part(null, conversion(matcher, isFunction ? 'f' : kind), arguments.get(used++)));
      }
    }
    text(format.substring(from));
    if (used < arguments.size()) {
      throw new UnknownFormatException("too many arguments");
    }
  }

  /** Reads one; null if it contains anything unknown. */
  static PrintFormat of(
      EventFormat format, List<FormatField> fields, TreeMap<Long, String> functions) {
    int print = format.text().indexOf(BEGIN);
    if (print < 0) {
      return null;
    }
    try {
      String text = format.text().substring(print + BEGIN.length());
      return new PrintFormat(new PrintParser(text, fields), functions);
    } catch (UnknownFormatException | NumberFormatException unknown) {
      return null;
    }
  }

  private void text(String text) {
    if (text.indexOf('%') >= 0) {
      throw new UnknownFormatException(text);
    }
    if (!text.isEmpty()) {
      parts.add(new Part(text, null, null));
    }
  }

  private static Conversion conversion(Matcher matcher, char kind) {
    String width = matcher.group(2);
    String precision = matcher.group(3);
    return new Conversion(
        matcher.group(1),
        width.isEmpty() ? 0 : Math.min(MAX_WIDTH, Integer.parseInt(width)),
        precision == null ? -1 : Integer.parseInt(precision),
        matcher.group(4) == null ? "" : matcher.group(4),
        kind);
  }

  /** The event as text, or null if the payload is too short. */
  String print(MemorySegment memory, PageFormat pages) {
    PrintExpression.Payload payload = new PrintExpression.Payload(memory, pages);
    StringBuilder line = new StringBuilder();
    int end = 0; // of the output of the last argument
    try {
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        if (part.text() != null) {
          line.append(part.text());
        } else if (!part.argument().isBeyond(payload)) {
          line.append(shown(part, payload));
          end = line.length();
        } else if (isBeyond(i, payload)) {
          line.setLength(end);
          break;
        } else {
          return null;
        }
      }
    } catch (IndexOutOfBoundsException damaged) {
      return null;
    }
    return EventPrinter.printable(line.toString().stripTrailing());
  }

  /** Whether the event ends before all arguments from a part on. */
  private boolean isBeyond(int from, PrintExpression.Payload payload) {
    return parts.stream()
        .skip(from)
        .allMatch(part -> part.text() != null || part.argument().isBeyond(payload));
  }

  private String shown(Part part, PrintExpression.Payload payload) {
    Conversion to = part.conversion();
    String text =
        switch (to.kind()) {
          case 's' -> {
            String whole = part.argument().text(payload);
            yield to.precision() >= 0 && to.precision() < whole.length()
                ? whole.substring(0, to.precision())
                : whole;
          }
          case 'c' -> String.valueOf((char) (part.argument().number(payload) & 0xff));
          case 'f' -> function(part.argument().number(payload));
          default -> number(to, part.argument().number(payload));
        };
    int missing = to.width() - text.length();
    if (missing <= 0) {
      return text;
    }
    if (to.flags().indexOf('-') >= 0) {
      return text + " ".repeat(missing);
    }
    boolean zeros = to.flags().indexOf('0') >= 0 && to.kind() != 's' && to.precision() < 0;
    int sign = text.startsWith("-") ? 1 : text.startsWith("0x") ? 2 : 0;
    return zeros
        ? text.substring(0, sign) + "0".repeat(missing) + text.substring(sign)
        : " ".repeat(missing) + text;
  }

  private static String number(Conversion to, long value) {
    boolean isSigned = to.kind() == 'd' || to.kind() == 'i';
    int bits =
        switch (to.length()) {
          case "hh" -> Byte.SIZE;
          case "h" -> Short.SIZE;
          case "" -> to.kind() == 'p' ? Long.SIZE : Integer.SIZE;
          default -> Long.SIZE;
        };
    long cut = value << Long.SIZE - bits;
    long number = isSigned ? cut >> Long.SIZE - bits : cut >>> Long.SIZE - bits;
    String digits =
        switch (to.kind()) {
          case 'd', 'i' -> Long.toString(number);
          case 'u' -> Long.toUnsignedString(number);
          case 'X' -> Long.toHexString(number).toUpperCase(Locale.ROOT);
          default -> Long.toHexString(number);
        };
    int sign = digits.startsWith("-") ? 1 : 0;
    String zeros =
        "0".repeat(Math.max(0, Math.min(MAX_WIDTH, to.precision()) - digits.length() + sign));
    digits = digits.substring(0, sign) + zeros + digits.substring(sign);
    boolean prefix = to.kind() == 'p' || to.flags().indexOf('#') >= 0 && number != 0 && !isSigned;
    return (prefix ? "0x" : "") + digits;
  }

  /** The function that contains an address; where the last one ends is unknown. */
  private String function(long address) {
    Map.Entry<Long, String> function = functions.floorEntry(address);
    boolean isOpen = function != null && functions.higherKey(address) == null;
    return function == null || isOpen && function.getKey() != address
        ? "0x" + Long.toHexString(address)
        : function.getValue();
  }
}
