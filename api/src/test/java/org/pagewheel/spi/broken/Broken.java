package org.pagewheel.spi.broken;

/** A plugin whose {@code reference.conf} says something twice. */
public final class Broken {
  private Broken() {}
}
