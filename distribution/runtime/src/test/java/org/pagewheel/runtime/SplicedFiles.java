package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.pagewheel.tracedat.PageStream;
import org.pagewheel.tracedat.TraceFile;

/** What a splice consumer has written, read back with our own reader. */
final class SplicedFiles {
  private SplicedFiles() {}

  /** The finished files, the oldest first. */
  static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".dat")).sorted().toList();
    }
  }

  /** All pages of all files, in their order. */
  static void read(Path directory, Load.Account account) throws Exception {
    for (Path file : list(directory)) {
      readFile(file, account);
    }
  }

  /** The pages of one file. */
  static void readFile(Path path, Load.Account account) throws Exception {
    try (TraceFile file = TraceFile.open(path)) {
      assertEquals(List.of(), file.warnings());
      for (int cpu = 0; cpu < file.buffers().getFirst().cpus(); cpu++) {
        PageStream pages = file.pages(0, cpu);
        MemorySegment page = pages.next();
        while (page != null) {
          account.add(cpu, page);
          page = pages.next();
        }
      }
    }
  }
}
