package org.pagewheel.agent.internal.logging;

/** The severity of a line. */
public enum Level {
  SEVERE,
  WARNING,
  INFO,
  CONFIG,
  FINE,
  FINER,
  FINEST,
  ALL,
  OFF
}
