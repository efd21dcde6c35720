package org.pagewheel.analysis;

/** Times as people write them, for who works on files. */
public final class Moments {
  private Moments() {}

  /**
   * What lies between two clocks.
   *
   * @param what what it is for, for the message
   * @param text such as {@code 250us}, {@code -3ms}, or a number of nanoseconds
   * @return nanoseconds, perhaps negative
   * @throws IllegalArgumentException if it is neither, in words for people
   */
  public static long offset(String what, String text) {
    boolean isNegative = text.startsWith("-");
    String length = isNegative || text.startsWith("+") ? text.substring(1) : text;
    String unit = length.matches("\\d+") ? length + "ns" : length;
    return (isNegative ? -1 : 1) * TimeText.duration(what, unit, true);
  }
}
