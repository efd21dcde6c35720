package org.pagewheel.shell.internal.replay;

/** A replay that failed; the message says why in one line, for the user. */
public final class ReplayException extends Exception {
  private static final long serialVersionUID = 1;

  ReplayException(String problem) {
    super(problem);
  }

  ReplayException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
