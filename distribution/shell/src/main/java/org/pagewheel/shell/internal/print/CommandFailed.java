package org.pagewheel.shell.internal.print;

import java.io.IOException;

/** A command failed; prints as its message alone. */
public final class CommandFailed extends IOException {
  private static final long serialVersionUID = 1;

  public CommandFailed(String message) {
    super(message);
  }

  public CommandFailed(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public String toString() {
    return getMessage();
  }
}
