package org.pagewheel.analysis;

/**
 * How answers look.
 *
 * @param columns how wide lines may be, at least 20
 * @param isWall whether times are the time of day
 * @param isAscii whether only ASCII is shown: bars of signs that every terminal has
 */
public record Style(int columns, boolean isWall, boolean isAscii) {
  /** What a terminal has if nothing else is known. */
  public static final Style PLAIN = new Style(80, false, false);

  /** Takes narrower terminals for ones of 20 columns. */
  public Style {
    columns = Math.max(20, columns);
  }
}
