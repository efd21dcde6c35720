package org.pagewheel;

import java.util.Objects;
import java.util.function.LongSupplier;

/** A clock made of a reading and a name that every kind of file can carry. */
final class NamedClock implements Clock {
  private static final String RIGHT = "[A-Za-z0-9_-]{1,32}";

  private final String name;
  private final LongSupplier reading;

  NamedClock(String name, LongSupplier reading) {
    if (!name.matches(RIGHT)) {
      throw new IllegalArgumentException(
          "clock " + name + ": 1 to 32 letters, digits, - and _ are right, such as mono");
    }
    this.name = name;
    this.reading = Objects.requireNonNull(reading, "reading");
  }

  @Override
  public long now() {
    return reading.getAsLong();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return "clock " + name;
  }
}
