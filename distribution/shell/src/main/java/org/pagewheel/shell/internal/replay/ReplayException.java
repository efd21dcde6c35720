package org.pagewheel.shell.internal.replay;

/** A replay that failed; the message says why in one line, and is all it prints. */
public final class ReplayException extends Exception {
  private static final long serialVersionUID = 1;

  ReplayException(String problem) {
    super(problem);
  }

  ReplayException(String problem, Throwable cause) {
    super(problem, cause);
  }

  @Override
  public String toString() {
    return getMessage();
  }
}
