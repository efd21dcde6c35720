package org.pagewheel.shell.internal.print;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The file is named, once. */
class FileProblemTest {
  private static final Path FROM = Path.of("/a/ring");
  private static final Path TO = Path.of("/full/out.dat");

  @Test
  void aFullDiskIsTheOutputs() {
    assertEquals(
        "/full/out.dat: No space left on device",
        FileProblem.of(new IOException("No space left on device"), FROM, TO));
  }

  @Test
  void whatNamesAFileIsLeftAsItIs() {
    assertEquals(
        "/a/ring: there is no such file",
        FileProblem.of(new NoSuchFileException("/a/ring"), FROM, TO));
    assertEquals(
        "file /full/out.dat is cut",
        FileProblem.of(new IOException("file /full/out.dat is cut"), FROM, TO));
  }
}
