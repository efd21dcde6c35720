package org.pagewheel.analysis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.pagewheel.Buffer;
import org.pagewheel.spi.FileKind;

/** Opens traces. */
public final class Traces {
  private Traces() {}

  /**
   * Opens a trace.dat file, of this or of another machine.
   *
   * @param path a regular file: a pipe would keep the reader waiting
   * @return the trace, to be closed
   * @throws IOException if it is missing, not a trace, or damaged; the message is for people
   */
  public static Trace open(Path path) throws IOException {
    checkIsFile(path);
    if (FileKind.of(path).isRing()) {
      throw new IOException(path + " is the file of a ring, which cannot be read here");
    }
    return new FileTrace(path);
  }

  /**
   * What a buffer of this process holds now, copied.
   *
   * @param buffer the buffer
   * @return the trace, to be closed; takes as much memory as the buffer's rings have
   */
  public static Trace of(Buffer buffer) {
    return new HeldTrace(buffer);
  }

  /**
   * Refuses anything but a readable file.
   *
   * @param path the file named
   * @throws IOException if it is missing, or not a regular file
   */
  public static void checkIsFile(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    if (!Files.isRegularFile(path)) {
      throw new IOException(path + " is not a regular file");
    }
  }
}
