package org.pagewheel.shell.internal.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The directory for what outlives a process of this user, by the launcher's rule. */
public final class UserState {
  private UserState() {}

  /**
   * {@code $XDG_STATE_HOME/pagewheel}, else {@code ~/.local/state/pagewheel}; not made.
   *
   * @param environment the process's
   * @throws IOException if no place is named
   */
  public static Path directory(Map<String, String> environment) throws IOException {
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    if (!state.startsWith("/") && !home.startsWith("/")) {
      throw new IOException("neither XDG_STATE_HOME nor HOME names a directory of this user's");
    }
    Path base = state.startsWith("/") ? Path.of(state) : Path.of(home, ".local", "state");
    return base.normalize().resolve("pagewheel");
  }
}
