package org.pagewheel.agent.internal.logging;

/** How much a line matters. */
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
