package org.pagewheel.event.internal;

import java.util.List;
import java.util.stream.Stream;

/**
 * Expressions of {@code print fmt} that do what a C compiler's {@code printf} would, in the
 * arithmetic of libtraceevent: 64 bits without sign, no floating point.
 */
final class Print {
  /** How a double is shown: sign, prefix, integer part, six decimals. */
  static final String DOUBLE = "%s%s%llu.%06llu";

  /** Up to here each element of a fixed array gets its own argument, and its sign is shown. */
  static final int MAX_ELEMENTS = 16;

  private static final String EXPONENT = "(($D >> 52) % 2048)";
  private static final String MANTISSA_BITS = "($D % 4503599627370496)";
  private static final String MANTISSA = "($F + 4503599627370496)";
  private static final String INTEGER =
      "($E < 1023 ? 0 : ($E > 1086 ? 0 : ($E > 1075 ? ($M << ($E - 1075)) : ($M >> (1075 - $E)))))";
  private static final String FRACTION =
      "(($E > 1074 ? 0 : ($E < 980 ? 0 : ($E > 1010 ? ($M << ($E - 1011)) : ($M >> (1011 - $E)))))"
          + " >> 20)";

  private Print() {}

  static List<String> bool(String value) {
    return List.of("(" + value + " ? \"true\" : \"false\")");
  }

  /**
   * Takes a double's bits apart: E is the exponent with its bias of 1023, M the mantissa with its
   * leading one, so that the value is M · 2^(E - 1075). I is the integer part, B the first 44 bits
   * of the binary fraction; 44 bits times a million fit in 64. The fraction is rounded to six
   * decimals, half a millionth being 2^43 / 2^44 · 10^-6; where that makes it 1, the integer part
   * gets it. What lies outside the range of 64 bits is shown as {@code huge}.
   *
   * <p>Each operator in a right operand binds tighter than the one before it: libtraceevent ignores
   * the parentheses there.
   */
  static List<String> real(String value) {
    return Stream.of(
            "($D >> 63) ? \"-\" : \"\"",
            "$E == 2047 ? ($F ? \"NaN \" : \"Inf \") : ($E > 1086 ? \"huge \" : \"\")",
            "$I + (($B + 8796093) / 17592186044416)",
            "((($B * 1000000) + 8796093022208) >> 44) % 1000000")
        .map(text -> text.replace("$I", INTEGER).replace("$B", FRACTION))
        .map(text -> text.replace("$M", MANTISSA).replace("$F", MANTISSA_BITS))
        .map(text -> text.replace("$E", EXPONENT).replace("$D", value))
        .toList();
  }
}
