package org.pagewheel.backend.offheap.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** How a file is damaged by others, all of it or from some byte on. */
enum Damage {
  TRUNCATED,
  PUNCHED;

  void strike(Path file, long from) throws Exception {
    if (this == TRUNCATED) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(from);
      }
      return;
    }
    long length = Files.size(file) - from;
    Process punch =
        new ProcessBuilder("fallocate", "-p", "-o", "" + from, "-l", "" + length, "" + file)
            .inheritIO()
            .start();
    assertEquals(0, punch.waitFor());
  }
}
