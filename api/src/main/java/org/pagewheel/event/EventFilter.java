package org.pagewheel.event;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pagewheel.event.EventField.Kind;
import org.pagewheel.internal.NearestWord;

/**
 * A condition on an event's fields, in the kernel's language of event filters: {@code price > 100
 * && (side == BUY || !(venue ~ "X*"))}. Numbers are compared with {@code == != < <= > >= &}, texts
 * with {@code == !=} and, by a pattern in which {@code *} matches anything, {@code ~}; enums also
 * by the names of their constants.
 *
 * <p>It is read without knowing an event, and {@linkplain #compile(EventFormat) compiled} for each
 * type. Immutable.
 */
public final class EventFilter {
  /** A condition for the events of one type. */
  @FunctionalInterface
  public interface Check {
    /**
     * Whether an event passes. Reads nothing outside the memory, and may throw what that throws.
     *
     * @param memory the memory that holds the payload
     * @param offset where it begins
     * @return whether all holds that the filter asks
     */
    boolean test(MemorySegment memory, long offset);
  }

  /** An event's name, its fields by theirs, and the order of its bytes. */
  private record Shape(String name, Map<String, EventField> fields, boolean isLittle) {}

  sealed interface Node {}

  record All(List<Node> nodes) implements Node {}

  record Any(List<Node> nodes) implements Node {}

  record Not(Node node) implements Node {}

  record Comparison(String field, String operator, String value, boolean quoted) implements Node {}

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(&&|\\|\\||==|!=|<=|>=|[<>&~!()]|\"[^\"]*\"|'[^']*'|[^\\s&|=!<>~()\"']+)");

  private static final List<String> OPERATORS = List.of("==", "!=", "<", "<=", ">", ">=", "&", "~");
  private static final String RIGHT = "FIELD == VALUE would be right, or != < <= > >= & ~";
  private static final int MAX_DEPTH = 50;
  static final int LONGEST_TEXT = 4096;

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private final String text;
  private final List<String> tokens = new ArrayList<>();
  private int next;
  private final Node root;

  private EventFilter(String text) {
    this.text = text.strip();
    Matcher matcher = TOKEN.matcher(this.text);
    int end = 0;
    while (end < this.text.length() && matcher.find(end) && matcher.start() == end) {
      tokens.add(matcher.group(1));
      end = matcher.end();
    }
    if (end < this.text.length()) {
      throw wrong("'" + this.text.substring(end) + "' is not understood");
    }
    this.root = any(0);
    if (next < tokens.size()) {
      throw wrong("'" + tokens.get(next) + "' is where && or || should be");
    }
  }

  private EventFilter(String text, Node root) {
    this.text = text;
    this.root = root;
  }

  /**
   * Reads a filter.
   *
   * @param text the filter
   * @return the filter
   * @throws IllegalArgumentException if it is none, in one line
   */
  public static EventFilter of(String text) {
    return new EventFilter(text);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EventFilter filter
        && filter.text.equals(text)
        && filter.root.equals(root);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /**
   * The filter.
   *
   * @return as it was written
   */
  public String text() {
    return text;
  }

  /**
   * The fields that it compares.
   *
   * @return their names
   */
  public Set<String> fields() {
    Set<String> names = new TreeSet<>();
    collect(root, names);
    return names;
  }

  /**
   * The same filter of fields that have other names.
   *
   * @param names gives the new name of each field
   * @return another filter, with the same text
   */
  public EventFilter renamed(UnaryOperator<String> names) {
    return new EventFilter(text, renamed(root, names));
  }

  private static Node renamed(Node node, UnaryOperator<String> names) {
    return switch (node) {
      case All all -> new All(all.nodes.stream().map(each -> renamed(each, names)).toList());
      case Any any -> new Any(any.nodes.stream().map(each -> renamed(each, names)).toList());
      case Not not -> new Not(renamed(not.node, names));
      case Comparison is -> new Comparison(names.apply(is.field), is.operator, is.value, is.quoted);
    };
  }

  private static void collect(Node node, Set<String> names) {
    switch (node) {
      case All all -> all.nodes.forEach(each -> collect(each, names));
      case Any any -> any.nodes.forEach(each -> collect(each, names));
      case Not not -> collect(not.node, names);
      case Comparison comparison -> names.add(comparison.field);
    }
  }

  private Node any(int depth) {
    List<Node> nodes = new ArrayList<>(List.of(all(depth)));
    while (is("||")) {
      nodes.add(all(depth));
    }
    return nodes.size() == 1 ? nodes.getFirst() : new Any(nodes);
  }

  private Node all(int depth) {
    List<Node> nodes = new ArrayList<>(List.of(one(depth)));
    while (is("&&")) {
      nodes.add(one(depth));
    }
    return nodes.size() == 1 ? nodes.getFirst() : new All(nodes);
  }

  private Node one(int depth) {
    if (depth > MAX_DEPTH) {
      throw wrong("it is nested too deep");
    }
    if (is("!")) {
      return new Not(one(depth + 1));
    }
    if (is("(")) {
      Node node = any(depth + 1);
      if (!is(")")) {
        throw wrong("a ) is missing");
      }
      return node;
    }
    String field = word("a field");
    String operator = next < tokens.size() ? tokens.get(next++) : "";
    if (!OPERATORS.contains(operator)) {
      throw wrong("after " + field + " comes '" + operator + "': " + RIGHT);
    }
    String value = word("a value");
    boolean quoted = value.charAt(0) == '"' || value.charAt(0) == '\'';
    return new Comparison(
        field, operator, quoted ? value.substring(1, value.length() - 1) : value, quoted);
  }

  private boolean is(String token) {
    boolean is = next < tokens.size() && tokens.get(next).equals(token);
    next += is ? 1 : 0;
    return is;
  }

  private String word(String what) {
    if (next < tokens.size() && (tokens.get(next).matches("[\"'].*|[^&|=!<>~()]+"))) {
      return tokens.get(next++);
    }
    String found = next < tokens.size() ? "'" + tokens.get(next) + "'" : "the end";
    throw wrong(found + " is where " + what + " should be: " + RIGHT);
  }

  IllegalArgumentException wrong(String problem) {
    return new IllegalArgumentException("filter '" + text + "': " + problem);
  }

  /**
   * Makes a check of it, for events that this machine writes.
   *
   * @param format the events' format
   * @return the check
   * @throws IllegalArgumentException if the event has no such field, or one that cannot be compared
   *     so
   */
  public Check compile(EventFormat format) {
    return compile(format, ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Makes a check of it.
   *
   * @param format the events' format
   * @param order the byte order of the machine that wrote the events
   * @return the check
   * @throws IllegalArgumentException if the event has no such field, or one that cannot be compared
   *     so
   */
  public Check compile(EventFormat format, ByteOrder order) {
    Map<String, EventField> fields = new LinkedHashMap<>();
    format.commonFields().forEach(field -> fields.put(field.name(), field));
    format.fields().forEach(field -> fields.putIfAbsent(field.name(), field));
    boolean isLittle = order == ByteOrder.LITTLE_ENDIAN;
    return compile(root, new Shape(format.system() + ":" + format.name(), fields, isLittle));
  }

  /**
   * Makes a check of values before they become an event, so that what does not pass takes no room
   * in a ring. It agrees with {@link #compile(EventFormat)} of the event that they would be, but
   * for texts of more than 4096 bytes, of which it compares 4096 characters.
   *
   * @param format the events' format
   * @param names the fields whose values are given; the common ones are known
   * @param values the types of the values in that order: primitives or {@code String}
   * @return a handle that takes the values and returns a boolean; it allocates nothing unless a
   *     text is that long or has what cannot be shown, and throws nothing
   * @throws IllegalArgumentException if the event has no such field, or one that cannot be compared
   *     so, or its value is not given
   */
  public MethodHandle compile(EventFormat format, List<String> names, MethodType values) {
    compile(format); // finds all that is wrong
    return new ValueChecks(this, format, names, values).of(root);
  }

  private Check compile(Node node, Shape shape) {
    return switch (node) {
      case All all -> {
        Check[] checks = all.nodes.stream().map(n -> compile(n, shape)).toArray(Check[]::new);
        yield (memory, offset) -> {
          for (Check check : checks) {
            if (!check.test(memory, offset)) {
              return false;
            }
          }
          return true;
        };
      }
      case Any any -> {
        Check[] checks = any.nodes.stream().map(n -> compile(n, shape)).toArray(Check[]::new);
        yield (memory, offset) -> {
          for (Check check : checks) {
            if (check.test(memory, offset)) {
              return true;
            }
          }
          return false;
        };
      }
      case Not not -> {
        Check check = compile(not.node, shape);
        yield (memory, offset) -> !check.test(memory, offset);
      }
      case Comparison comparison -> comparison(comparison, shape);
    };
  }

  private Check comparison(Comparison comparison, Shape shape) {
    EventField field = shape.fields().get(comparison.field);
    if (field == null) {
      String hint = NearestWord.hint(comparison.field, shape.fields().keySet());
      throw wrong("event " + shape.name() + " has no field " + comparison.field + ", " + hint);
    }
    Kind kind = field.isArray() ? Kind.BYTES : field.kind();
    return switch (kind) {
      case BOOLEAN, INTEGER, ENUM, FLAGS -> number(comparison, field, shape.isLittle);
      case REAL -> real(comparison, field, shape.isLittle);
      case STRING -> text(comparison, field, shape.isLittle);
      case BYTES -> throw wrong("field " + comparison.field + " is neither a number nor a text");
    };
  }

  private Check number(Comparison comparison, EventField field, boolean isLittle) {
    long value = value(comparison, field);
    int bytes = field.size();
    int size = isLittle ? bytes : -bytes; // below 0 they are to be turned round
    boolean signed = field.isSigned() || bytes == Long.BYTES && value < 0;
    int at = field.offset();
    return switch (comparison.operator) {
      case "==" -> (memory, offset) -> load(memory, offset + at, size, signed) == value;
      case "!=" -> (memory, offset) -> load(memory, offset + at, size, signed) != value;
      case "&" -> (memory, offset) -> (load(memory, offset + at, size, signed) & value) != 0;
      case "~" -> throw wrong("~ is for texts, " + comparison.field + " is a number");
      default -> {
        String operator = comparison.operator;
        boolean plain = signed || bytes < Long.BYTES;
        yield (memory, offset) -> {
          long found = load(memory, offset + at, size, signed);
          return holds(
              operator, plain ? Long.compare(found, value) : Long.compareUnsigned(found, value));
        };
      }
    };
  }

  static boolean holds(String operator, int order) {
    return switch (operator) {
      case "==" -> order == 0;
      case "!=" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  private static long load(MemorySegment memory, long at, int size, boolean signed) {
    return switch (size) {
      case 1, -1 -> {
        byte b = memory.get(ValueLayout.JAVA_BYTE, at);
        yield signed ? b : b & 0xffL;
      }
      case 2, -2 -> {
        short found = memory.get(SHORT, at);
        short s = size < 0 ? Short.reverseBytes(found) : found;
        yield signed ? s : s & 0xffffL;
      }
      case 4, -4 -> {
        int found = memory.get(INT, at);
        int i = size < 0 ? Integer.reverseBytes(found) : found;
        yield signed ? i : i & 0xffffffffL;
      }
      case -8 -> Long.reverseBytes(memory.get(LONG, at));
      default -> memory.get(LONG, at);
    };
  }

  long value(Comparison comparison, EventField field) {
    String value = comparison.value;
    Map<String, Long> symbols = field.constants();
    if (symbols.containsKey(value)) {
      return symbols.get(value);
    }
    if (field.size() == 1 && (value.equals("true") || value.equals("false"))) {
      return value.equals("true") ? 1 : 0;
    }
    try {
      return value.startsWith("0x")
          ? Long.parseUnsignedLong(value.substring(2), 16)
          : Long.parseLong(value);
    } catch (NumberFormatException e) {
      String names = symbols.isEmpty() ? "" : " or one of " + String.join(", ", sorted(symbols));
      throw wrong(
          "'" + value + "' is not a value of " + comparison.field + ": use a whole number" + names);
    }
  }

  private static List<String> sorted(Map<String, Long> symbols) {
    return symbols.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  private Check real(Comparison comparison, EventField field, boolean isLittle) {
    double value;
    try {
      value = Double.parseDouble(comparison.value);
    } catch (NumberFormatException e) {
      throw wrong(
          "'" + comparison.value + "' is not a value of " + comparison.field + ": use a number");
    }
    String operator = comparison.operator;
    if (operator.equals("&") || operator.equals("~")) {
      throw wrong(
          operator + " does not work on " + comparison.field + ", a number with a fraction");
    }
    int at = field.offset();
    int size = isLittle ? Long.BYTES : -Long.BYTES;
    return (memory, offset) -> {
      double found = Double.longBitsToDouble(load(memory, offset + at, size, true));
      return holds(operator, value, found);
    };
  }

  /** No number is in any order to what is none. */
  static boolean holds(String operator, double value, double found) {
    return Double.isNaN(found)
        ? operator.equals("!=")
        : holds(operator, found == value ? 0 : Double.compare(found, value));
  }

  private Check text(Comparison comparison, EventField field, boolean isLittle) {
    String value = comparison.value;
    return switch (comparison.operator) {
      case "==" -> (memory, offset) -> load(memory, offset, field, isLittle).equals(value);
      case "!=" -> (memory, offset) -> !load(memory, offset, field, isLittle).equals(value);
      case "~" -> {
        String[] parts = value.split("\\*", -1);
        yield (memory, offset) -> matches(load(memory, offset, field, isLittle), parts);
      }
      default ->
          throw wrong(
              comparison.operator + " does not work on " + comparison.field + ", a text: == != ~");
    };
  }

  private static String load(
      MemorySegment memory, long offset, EventField field, boolean isLittle) {
    long at = offset + field.offset();
    int most = field.size() == 0 ? LONGEST_TEXT : field.size();
    if (field.isDynamic()) {
      int word = memory.get(INT, at);
      int place = isLittle ? word : Integer.reverseBytes(word);
      at = (field.isRelative() ? at + Integer.BYTES : offset) + (place & 0xffff);
      most = place >>> 16;
    }
    long end = Math.min(memory.byteSize(), at + Math.min(most, LONGEST_TEXT));
    long nul = at;
    while (nul < end && memory.get(ValueLayout.JAVA_BYTE, nul) != 0) {
      nul++;
    }
    byte[] bytes = memory.asSlice(at, nul - at).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Whether a text has these parts in their order, and anything between them. */
  static boolean matches(String text, String[] parts) {
    if (parts.length == 1) {
      return text.equals(parts[0]);
    }
    String last = parts[parts.length - 1];
    if (!text.startsWith(parts[0]) || text.length() < parts[0].length() + last.length()) {
      return false;
    }
    int at = parts[0].length();
    int end = text.length() - last.length();
    for (int i = 1; i < parts.length - 1; i++) {
      int found = text.indexOf(parts[i], at);
      if (found < 0 || found + parts[i].length() > end) {
        return false;
      }
      at = found + parts[i].length();
    }
    return text.endsWith(last);
  }
}
