package org.pagewheel.tracedat;

/** There is something in a {@code print fmt} that is not known here; the message says what. */
final class UnknownFormatException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnknownFormatException(String what) {
    super(what, null, false, false);
  }
}
