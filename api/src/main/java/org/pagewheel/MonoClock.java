package org.pagewheel;

/** The clock mono, a class of its own so that a call site that sees no other clock inlines it. */
enum MonoClock implements Clock {
  INSTANCE;

  @Override
  public long now() {
    return System.nanoTime();
  }
}
