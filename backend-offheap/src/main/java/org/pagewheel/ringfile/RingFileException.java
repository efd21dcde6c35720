package org.pagewheel.ringfile;

import java.io.IOException;

/** A file that is not a ring's, or no longer one. The message says what is wrong, and where. */
public final class RingFileException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * Makes an exception.
   *
   * @param message file and problem in one line; control characters become question marks
   */
  public RingFileException(String message) {
    super(message.replaceAll("\\p{Cntrl}", "?"));
  }
}
