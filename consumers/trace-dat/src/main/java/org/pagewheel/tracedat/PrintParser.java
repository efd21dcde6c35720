package org.pagewheel.tracedat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.pagewheel.event.Labels;

/**
 * Reads the {@code print fmt} of a format text: a string and C expressions after it. Anything
 * unknown, mostly a function of the kernel's, is an {@link UnknownFormatException}: then fields are
 * shown one by one.
 */
final class PrintParser {
  /** Each bracket, cast and sign is a level, or two; evaluation recurses too. */
  private static final int MAX_DEPTH = 200;

  /** Operators are evaluated by recursion, on the left as deep as there are operators in a row. */
  private static final int MAX_OPERATORS = 2000;

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(\"(?:[^\"\\\\]|\\\\.)*+\")|(REC->[A-Za-z_]\\w*+)|([A-Za-z_]\\w*+)"
              + "|(0[xX][0-9a-fA-F]{1,16}|\\d{1,19})[uUlL]*+"
              + "|(->|<<|>>|<=|>=|==|!=|&&|\\|\\||[^\"]))",
          Pattern.DOTALL);

  /** Binary operators, lowest precedence first. */
  private static final List<Set<String>> LEVELS =
      List.of(
          Set.of("||"),
          Set.of("&&"),
          Set.of("|"),
          Set.of("^"),
          Set.of("&"),
          Set.of("==", "!="),
          Set.of("<", "<=", ">", ">="),
          Set.of("<<", ">>"),
          Set.of("+", "-"),
          Set.of("*", "/", "%"));

  private static final Map<String, Integer> TYPES =
      Map.ofEntries(
          Map.entry("void", 8),
          Map.entry("char", 1),
          Map.entry("bool", 1),
          Map.entry("short", 2),
          Map.entry("int", 4),
          Map.entry("unsigned", 4),
          Map.entry("signed", 4),
          Map.entry("long", 8),
          Map.entry("u8", 1),
          Map.entry("u16", 2),
          Map.entry("u32", 4),
          Map.entry("u64", 8),
          Map.entry("s8", 1),
          Map.entry("s16", 2),
          Map.entry("s32", 4),
          Map.entry("s64", 8));

  private final Map<String, FormatField> fields;
  private final FormatField tail;
  private final List<String> tokens = new ArrayList<>();
  private int at;
  private int depth;
  private int operators;

  /** Whether what is read must not depend on an event. */
  private boolean constant;

  PrintParser(String text, List<FormatField> fields) {
    this.fields =
        fields.stream()
            .collect(Collectors.toMap(FormatField::name, Function.identity(), (a, b) -> a));
    this.tail = FormatField.tail(fields);
    Matcher matcher = TOKEN.matcher(text.strip());
    while (matcher.lookingAt()) {
      for (int group = 1; group <= matcher.groupCount(); group++) {
        if (matcher.group(group) != null) {
          tokens.add(matcher.group(group));
        }
      }
      matcher.region(matcher.end(), matcher.regionEnd());
    }
    if (matcher.regionStart() < matcher.regionEnd()) {
      throw unknown("a string without an end"); // each quote in it would be searched for again
    }
  }

  /** The string at the beginning; adjacent strings are one. */
  String format() {
    StringBuilder format = new StringBuilder(literal());
    while (peek().startsWith("\"")) {
      format.append(literal());
    }
    return format.toString();
  }

  /** What is printed. */
  List<PrintExpression> arguments() {
    List<PrintExpression> arguments = new ArrayList<>();
    while (at < tokens.size()) {
      expect(",");
      arguments.add(expression());
    }
    return arguments;
  }

  private static UnknownFormatException unknown(String what) {
    return new UnknownFormatException(what);
  }

  private String peek() {
    return at < tokens.size() ? tokens.get(at) : "";
  }

  private String next() {
    if (at == tokens.size()) {
      throw unknown("end");
    }
    return tokens.get(at++);
  }

  private void expect(String token) {
    if (!next().equals(token)) {
      throw unknown(token + " is missing");
    }
  }

  private String literal() {
    String token = next();
    if (!token.startsWith("\"") || token.length() < 2) {
      throw unknown(token);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < token.length() - 1; i++) {
      char c = token.charAt(i);
      if (c == '\\') {
        c = token.charAt(++i);
        c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
      }
      text.append(c);
    }
    return text.toString();
  }

  private PrintExpression expression() {
    return deeper(this::choice);
  }

  private PrintExpression unary() {
    return deeper(this::operand);
  }

  private PrintExpression deeper(Supplier<PrintExpression> part) {
    if (++depth > MAX_DEPTH) {
      throw unknown("too deep");
    }
    PrintExpression value = part.get();
    depth--;
    return value;
  }

  private PrintExpression choice() {
    PrintExpression value = binary(0);
    if (peek().equals("?")) {
      next();
      PrintExpression yes = expression();
      expect(":");
      value = new PrintExpression.Choice(value, yes, expression());
    }
    return value;
  }

  private PrintExpression binary(int level) {
    if (level == LEVELS.size()) {
      return unary();
    }
    PrintExpression left = binary(level + 1);
    while (LEVELS.get(level).contains(peek())) {
      String operator = next();
      if (++operators > MAX_OPERATORS) {
        throw unknown("too long");
      }
      left = new PrintExpression.Binary(operator, left, binary(level + 1));
    }
    return left;
  }

  private PrintExpression operand() {
    String token = next();
    switch (token) {
      case "-", "~", "!" -> {
        return new PrintExpression.Unary(token.charAt(0), unary());
      }
      case "(" -> {
        if (TYPES.containsKey(peek())) {
          return cast();
        }
        PrintExpression value = expression();
        expect(")");
        return value;
      }
      default -> {
        at--;
        return primary();
      }
    }
  }

  private PrintExpression cast() {
    String first = peek();
    int size = 0;
    boolean unsigned = first.startsWith("u") || first.equals("void") || first.equals("bool");
    while (!peek().equals(")")) {
      String word = next();
      Integer known = word.equals("*") ? Integer.valueOf(Long.BYTES) : TYPES.get(word);
      if (known == null) {
        throw unknown(word);
      }
      boolean isSign = word.equals("unsigned") || word.equals("signed");
      size =
          isSign && size > 0 || word.equals("int") && size > 0 && !isSignWord(first) ? size : known;
      unsigned |= word.equals("*");
    }
    expect(")");
    return new PrintExpression.Cast(size, !unsigned, unary());
  }

  private static boolean isSignWord(String word) {
    return word.equals("unsigned") || word.equals("signed");
  }

  private PrintExpression primary() {
    String token = next();
    char first = token.charAt(0);
    if (token.startsWith("REC->")) {
      PrintExpression.FieldValue value = field(token.substring("REC->".length()));
      if (!peek().equals("[")) {
        return value;
      }
      next();
      PrintExpression index = expression();
      expect("]");
      return new PrintExpression.Element(value, index, value.field() == tail);
    } else if (first == '"') {
      at--;
      return new PrintExpression.Literal(literal());
    } else if (Character.isDigit(first)) {
      return new PrintExpression.Constant(number(token));
    } else if (Character.isLetter(first) || first == '_') {
      return call(token);
    }
    throw unknown(token);
  }

  /** As C writes it. */
  private static long number(String token) {
    String digits = token.replaceFirst("[uUlL]{1,3}$", "");
    if (digits.startsWith("0x") || digits.startsWith("0X")) {
      return Long.parseUnsignedLong(digits.substring(2), 16);
    }
    return digits.length() > 1 && digits.charAt(0) == '0'
        ? Long.parseUnsignedLong(digits, 8)
        : Long.parseLong(digits);
  }

  private PrintExpression.FieldValue field(String name) {
    FormatField field = fields.get(name);
    if (field == null || constant) {
      throw unknown(name);
    }
    return new PrintExpression.FieldValue(field);
  }

  private PrintExpression call(String function) {
    expect("(");
    PrintExpression value =
        switch (function) {
          case "__get_str", "__get_dynamic_array", "__get_rel_str" -> field(next());
          case "__get_dynamic_array_len" -> new PrintExpression.Length(field(next()));
          case "__print_array" -> {
            PrintExpression array = expression();
            expect(",");
            PrintExpression count = expression();
            expect(",");
            yield new PrintExpression.Elements(array, count, expression());
          }
          case "__print_symbolic", "__print_flags" -> symbols(function.equals("__print_flags"));
          default -> throw unknown(function);
        };
    expect(")");
    return value;
  }

  private PrintExpression symbols(boolean flags) {
    PrintExpression value = expression();
    Optional<String> separator = Optional.empty();
    if (flags) {
      expect(",");
      separator = Optional.of(literal());
    }
    List<Labels.Entry> entries = new ArrayList<>();
    while (peek().equals(",")) {
      next();
      expect("{");
      boolean before = constant; // of a table within a table's number
      constant = true;
      long number = expression().number(null);
      constant = before;
      expect(",");
      entries.add(new Labels.Entry(number, literal()));
      expect("}");
    }
    return new PrintExpression.Symbols(value, new Labels(separator, entries));
  }
}
