package org.pagewheel.shell.internal.print;

import java.io.IOException;
import java.nio.file.Path;
import org.pagewheel.spi.Reason;

/** What went wrong while one file was made from another, with the name of the file. */
public final class FileProblem {
  private FileProblem() {}

  /**
   * One line; a problem that names neither file, such as a full disk, comes from writing.
   *
   * @param problem what was thrown
   * @param from the file that is read
   * @param to the file that is written
   */
  public static String of(IOException problem, Path from, Path to) {
    String what = Reason.of(problem);
    boolean named = what.contains(from.toString()) || what.contains(to.toString());
    return named ? what : to + ": " + what;
  }
}
