package org.pagewheel.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateFilesTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"000", "022", "277", "777"})
  void theirOwnerAloneHasThemWhateverTheUmask(String umask) throws Exception {
    Process child =
        new ProcessBuilder(
                "sh",
                "-c",
                "umask $0; exec \"$@\"",
                umask,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Maker.class.getName(),
                directory.toString())
            .inheritIO()
            .start();
    assertEquals(0, child.waitFor());
    assertMode("rw-------", directory.resolve("file"));
    assertMode("rwx------", directory.resolve("outer"));
    assertMode("rwx------", directory.resolve("outer/inner"));
  }

  private static void assertMode(String mode, Path path) throws Exception {
    assertEquals(mode, PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  /** The process that has such an umask. */
  static final class Maker {
    private Maker() {}

    /** The directory. */
    public static void main(String[] arguments) throws Exception {
      Path directory = Path.of(arguments[0]);
      OwnDirectory.make(directory.resolve("outer/inner"));
      Set<StandardOpenOption> options =
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try (FileChannel file = PrivateFiles.create(directory.resolve("file"), options)) {
        assertEquals(0, file.size());
      }
    }
  }
}
