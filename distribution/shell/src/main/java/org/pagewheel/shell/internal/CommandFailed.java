package org.pagewheel.shell.internal;

import java.io.IOException;

/** A command could not do what was asked of it; prints as its message alone. */
final class CommandFailed extends IOException {
  private static final long serialVersionUID = 1;

  CommandFailed(String message) {
    super(message);
  }

  CommandFailed(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public String toString() {
    return getMessage();
  }
}
