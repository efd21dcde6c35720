package org.pagewheel.internal;

import java.util.function.Consumer;

/**
 * Where lines of the log go instead of the platform's log. An agent needs it: the platform's is the
 * application's, which may not have set it up yet, and whoever asks for it first does that.
 */
public final class LogDestination {
  private static volatile Consumer<String> destination;

  private LogDestination() {}

  /** From now on; for the one who starts a process's recorder. */
  public static void set(Consumer<String> warnings) {
    destination = warnings;
  }

  /** Null if there is no other than the platform's. */
  public static Consumer<String> get() {
    return destination;
  }
}
