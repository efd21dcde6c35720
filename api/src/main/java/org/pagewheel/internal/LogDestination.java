package org.pagewheel.internal;

import java.util.function.Consumer;

/**
 * Where log lines go instead of the platform's log. An agent needs it: the platform's log belongs
 * to the application, which may not have set it up yet, and the first to ask for it sets it up.
 */
public final class LogDestination {
  private static volatile Consumer<String> destination;

  private LogDestination() {}

  /** Sets the destination from now on; for the starter of a process's recorder. */
  public static void set(Consumer<String> warnings) {
    destination = warnings;
  }

  /** Null if it is the platform's log. */
  public static Consumer<String> get() {
    return destination;
  }
}
