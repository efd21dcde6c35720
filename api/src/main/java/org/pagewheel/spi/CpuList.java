package org.pagewheel.spi;

import java.util.BitSet;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sets of CPUs as the kernel writes lists of them: {@code 0-3,7}; and {@code all}. */
public final class CpuList {
  /** Every CPU. */
  public static final String ALL = "all";

  private static final Pattern RANGE = Pattern.compile("\\s*(\\d{1,6})(?:-(\\d{1,6}))?\\s*");

  private CpuList() {}

  /**
   * Reads a list.
   *
   * @param setting the setting's name, for the message
   * @param text such as {@code 0-3,7}, or {@code all}
   * @param cpus how many CPUs there are
   * @return those of the list, at least one
   * @throws IllegalArgumentException if it is not one; the message says what would be right
   */
  public static BitSet of(String setting, String text, int cpus) {
    BitSet set = new BitSet();
    if (text.strip().equals(ALL)) {
      set.set(0, cpus);
      return set;
    }
    for (String part : text.split(",", -1)) {
      Matcher range = RANGE.matcher(part);
      int first = range.matches() ? Integer.parseInt(range.group(1)) : -1;
      int last = first < 0 || range.group(2) == null ? first : Integer.parseInt(range.group(2));
      if (first < 0 || last < first) {
        throw new IllegalArgumentException(
            setting + " = " + text + ": all or a list of CPUs such as 0-3,7 is right");
      }
      if (last >= cpus) {
        throw new IllegalArgumentException(
            "%s = %s: there is no CPU %d, the CPUs are 0 to %d"
                .formatted(setting, text, last, cpus - 1));
      }
      set.set(first, last + 1);
    }
    return set;
  }

  /**
   * Writes a list.
   *
   * @param set some CPUs
   * @return such as {@code 0-3,7}; empty if there are none
   */
  public static String text(BitSet set) {
    StringJoiner list = new StringJoiner(",");
    int end;
    for (int first = set.nextSetBit(0); first >= 0; first = set.nextSetBit(end)) {
      end = set.nextClearBit(first);
      list.add(end - first == 1 ? "" + first : first + "-" + (end - 1));
    }
    return list.toString();
  }
}
