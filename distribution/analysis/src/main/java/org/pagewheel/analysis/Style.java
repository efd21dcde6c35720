package org.pagewheel.analysis;

/**
 * The layout of answers.
 *
 * @param columns how wide lines may be, at least 20
 * @param isWall whether times are the time of day
 * @param isAscii whether only ASCII is shown, also in bars
 */
public record Style(int columns, boolean isWall, boolean isAscii) {
  /** The default for a terminal. */
  public static final Style PLAIN = new Style(80, false, false);

  /** Treats narrower terminals as ones of 20 columns. */
  public Style {
    columns = Math.max(20, columns);
  }
}
