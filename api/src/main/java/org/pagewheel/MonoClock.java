package org.pagewheel;

/**
 * The clock mono, a class of its own so that a call site that sees no other clock inlines it. No
 * enum: that would have a name of its own.
 */
final class MonoClock implements Clock {
  static final MonoClock INSTANCE = new MonoClock();

  private MonoClock() {}

  @Override
  public long now() {
    return System.nanoTime();
  }
}
