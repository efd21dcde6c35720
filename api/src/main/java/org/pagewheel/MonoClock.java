package org.pagewheel;

/** The clock mono, a class of its own so that a call site that sees no other clock inlines it. */
final class MonoClock implements Clock {
  static final MonoClock INSTANCE = new MonoClock();

  private MonoClock() {}

  @Override
  public long now() {
    return System.nanoTime();
  }

  @Override
  public String name() {
    return "mono";
  }
}
