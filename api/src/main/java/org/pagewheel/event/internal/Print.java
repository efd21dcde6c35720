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

  /** The value, without what is beyond its 64 bits, and the carry of a fraction rounded up to 1. */
  private static final String INTEGER =
      "$E < 1022 ? 0 : ($E > 1086 ? 0 : ($E > 1074 ? ($M << ($E - 1075)) :"
          + " (($M >> (1075 - $E))"
          + " + (((($M << ($E - 1011)) >> 11) + 4503599627) / 9007199254740992))))";

  /** From 2^9 on: the fraction in 43 bits, times a million. */
  private static final String MILLIONTHS = "((($M << ($E - 1011)) >> 21) * 1000000)";

  /** Below 2^9: the mantissa times 15625 / 128, doubled, with a last bit for what that cuts off. */
  private static final String SCALED =
      "((((($M / 128) * 15625) + ((($D % 128) * 15625) / 128)) * 2) + ((($D % 128) + 127) / 128))";

  private static final String FRACTION =
      "$E > 1074 ? 0 : ($E < 1001 ? 0 : ($E > 1031 ?"
          + " (((($X + 4398046511103) + (($X / 8796093022208) % 2)) / 8796093022208) % 1000000) :"
          + " (((((((1 << (1062 - $E)) + $S) - 1) + (($S >> (1063 - $E)) % 2))"
          + " >> (1063 - $E))) % 1000000)))";

  private Print() {}

  /** How a set of 64 constants is shown: those of the lower bits, perhaps a bar, the last one. */
  static final String SET_OF_64 = "{%s%s%s}";

  /**
   * libtraceevent keeps the values of {@code __print_flags} in numbers with a sign: it shows the
   * name of the highest bit for the empty set and for no other. So that bit stands by itself.
   *
   * @param flags of the lower 63 bits: what follows {@code __print_flags(REC->name}
   * @param last the name of the highest bit
   */
  static List<String> setOf64(String value, String flags, String last) {
    return List.of(
        "__print_flags(" + value + " & 0x7fffffffffffffff" + flags,
        "(" + value + " >> 63) ? ((" + value + " << 1) ? \"|\" : \"\") : \"\"",
        "(" + value + " >> 63) ? \"" + last + "\" : \"\"");
  }

  static List<String> bool(String value) {
    return List.of("(" + value + " ? \"true\" : \"false\")");
  }

  /**
   * Takes a double's bits apart: E is the exponent with its bias of 1023, M the mantissa with its
   * leading one, so that the value is M · 2^(E - 1075). Shown are the digits of C's {@code %f}: the
   * exact value rounded to six decimals, of two equally near ones to the even one. What lies
   * outside the range of 64 bits is shown as {@code huge}.
   *
   * <p>No bit of the value is dropped before it is rounded, or a decimal such as 0.0000015, whose
   * double lies just above or below the middle, would go the wrong way. From 2^9 on a fraction has
   * at most 43 bits and fits in 64 with a million. Below, M · 10^6 needs 73 bits: M · 15625 / 128
   * and one bit that is set if anything was cut off stand for it, which changes no rounding. To add
   * half less one, and one more if the digit before is odd, rounds to the even digit. The integer
   * part gets a carry from 1 - 10^-6 / 2 on, which is 2^53 - 4503599627.37 of its 53 bits.
   *
   * <p>libtraceevent ignores the parentheses of a right operand whose operator binds less tightly
   * than the one before it, and takes operators in a row from the right: hence the order of the
   * operands, and parentheses around each.
   */
  static List<String> real(String value) {
    return Stream.of(
            "($D >> 63) ? \"-\" : \"\"",
            "$E == 2047 ? ($F ? \"NaN \" : \"Inf \") : ($E > 1086 ? \"huge \" : \"\")",
            INTEGER,
            FRACTION)
        .map(text -> text.replace("$X", MILLIONTHS).replace("$S", SCALED))
        .map(text -> text.replace("$M", MANTISSA).replace("$F", MANTISSA_BITS))
        .map(text -> text.replace("$E", EXPONENT).replace("$D", value))
        .toList();
  }
}
