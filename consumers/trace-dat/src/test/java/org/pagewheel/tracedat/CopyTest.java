package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A file that is read and written again says the same to the real tool. */
class CopyTest {
  @TempDir Path directory;

  private Path copy(Path from, TraceVersion version) throws Exception {
    Path copy = directory.resolve("copy." + version + "." + from.getFileName());
    try (TraceFile file = TraceFile.open(from)) {
      assertEquals(List.of(), file.warnings());
      TraceFileWriter.copy(file, copy, version);
    }
    return copy;
  }

  @ParameterizedTest
  @CsvSource({
    "sched,V6",
    "sched,V7",
    "discard,V6",
    "discard,V7",
    "idle,V6",
    "idle,V7",
    "boot,V6",
    "boot,V7",
    "counter,V6",
    "counter,V7",
    "tsc,V6",
    "tsc,V7",
    "subbuf16,V6",
    "subbuf16,V7",
    "untold,V6",
    "untold,V7",
    "instance,V7"
  })
  void kernelFilesReportTheSameText(String name, TraceVersion version) throws Exception {
    Path original = TraceCmd.resource(directory, "kernel/" + name + ".dat");
    Path copy = copy(original, version);
    TraceCmd.validate(copy);
    assertEquals(TraceCmd.report(original), TraceCmd.report(copy));
  }

  @ParameterizedTest
  @EnumSource(TraceVersion.class)
  void aCompressedFileReportsTheSameText(TraceVersion version) throws Exception {
    Path plain = TraceCmd.resource(directory, "kernel/sched.dat");
    Path packed = directory.resolve("packed.dat");
    TraceCmd.run(
        "convert",
        "-i",
        "" + plain,
        "-o",
        "" + packed,
        "--file-version",
        "7",
        "--compression",
        "zstd");
    Path copy = copy(packed, version);
    assertEquals(TraceCmd.report(plain), TraceCmd.report(copy));
  }

  @Test
  void theGoldenFileIsWrittenByteForByte() throws Exception {
    Path golden = TraceCmd.resource(directory, "golden/golden.v6.dat");
    Path again = copy(golden, TraceVersion.V6);
    assertArrayEquals(Files.readAllBytes(golden), Files.readAllBytes(again));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(again)));
  }

  @Test
  void versionsCanBeChangedBackAndForth() throws Exception {
    Path golden = TraceCmd.resource(directory, "golden/golden.v6.dat");
    Path back = copy(copy(golden, TraceVersion.V7), TraceVersion.V6);
    assertArrayEquals(Files.readAllBytes(golden), Files.readAllBytes(back));
    assertEquals(
        TraceCmd.report(golden),
        TraceCmd.report(TraceCmd.resource(directory, "golden/golden.v7.dat")));
  }
}
