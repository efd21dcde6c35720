package org.pagewheel.tracedat;

/** A {@code print fmt} contains something unknown; the message says what. */
final class UnknownFormatException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnknownFormatException(String what) {
    super(what, null, false, false);
  }
}
