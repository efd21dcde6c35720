package org.pagewheel.shell.internal.control;

import java.io.IOException;

/** The process at the other end is no longer there, or does not answer; prints as its message. */
final class Gone extends IOException {
  private static final long serialVersionUID = 1;

  Gone(String message) {
    super(message);
  }

  @Override
  public String toString() {
    return getMessage();
  }
}
