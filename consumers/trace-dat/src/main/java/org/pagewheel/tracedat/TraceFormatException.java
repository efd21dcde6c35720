package org.pagewheel.tracedat;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file that is not a trace.dat file, is damaged, or cannot be read here. The message names the
 * file, the offset and the problem there.
 */
public final class TraceFormatException extends IOException {
  private static final long serialVersionUID = 1;

  /** Where in the file. */
  private final long offset;

  /**
   * Makes an exception.
   *
   * @param file the file
   * @param offset where in the file
   * @param problem what is wrong there, and what would be right; control characters, which a file
   *     may have in its names, become question marks
   */
  public TraceFormatException(Path file, long offset, String problem) {
    super(file + ", offset " + offset + ": " + problem.replaceAll("\\p{Cntrl}", "?"));
    this.offset = offset;
  }

  /**
   * Where the damage was found.
   *
   * @return an offset in the file, in bytes
   */
  public long offset() {
    return offset;
  }
}
