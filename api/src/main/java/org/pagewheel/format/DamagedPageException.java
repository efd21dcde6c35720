package org.pagewheel.format;

import java.io.IOException;

/** Bytes that are not a page. The message says what is wrong, and at which offset in the page. */
public final class DamagedPageException extends IOException {
  private static final long serialVersionUID = 1;

  /** Where in the page. */
  private final int offset;

  /**
   * Makes an exception.
   *
   * @param offset where in the page, in bytes
   * @param problem what is wrong there
   */
  public DamagedPageException(int offset, String problem) {
    super("damaged page at offset " + offset + ": " + problem);
    this.offset = offset;
  }

  /**
   * Where in the page the damage was found.
   *
   * @return an offset in bytes
   */
  public int offset() {
    return offset;
  }
}
