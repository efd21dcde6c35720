package org.pagewheel.shell.internal.declaration;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.felix.service.command.CommandSession;
import org.pagewheel.shell.internal.print.WrongInput;

/** Paths as a user of the shell writes them. */
public final class Paths {
  private Paths() {}

  /** A path, relative to the session's current directory. */
  public static Path of(CommandSession session, String text) {
    try {
      return session.currentDir().resolve(text).normalize();
    } catch (InvalidPathException e) {
      throw new WrongInput("'" + text + "' is not a path: " + e.getReason());
    }
  }
}
