package org.pagewheel.sources.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pagewheel.spi.Reason;

/**
 * How much room there is where JFR writes. JFR ends the JVM, with exit status 1, when it can write
 * no more; no setting changes that, and there is no stream without files. So it must not run when
 * the disk is nearly full.
 *
 * <p>It writes each second, and its files are small: what counts is how fast others fill the disk
 * between a check and the end of the stream. With a check each 100 ms, 256 MiB are enough against
 * 2.5 GB/s, but not against a single call that takes all the room, nor against quotas, which are
 * not visible here.
 */
final class DiskRoom {
  /** Where JFR writes, once it does. */
  private static final String REPOSITORY = "jdk.jfr.repository";

  private static final long MIN = 256L << 20;

  private final long least;

  DiskRoom() {
    this(MIN);
  }

  DiskRoom(long least) {
    this.least = least;
  }

  /**
   * Why JFR must not run now.
   *
   * @param paused whether it has been stopped for this: then it needs twice the room, so that it
   *     does not start and stop repeatedly
   * @return null if it may
   */
  String problem(boolean paused) {
    Path directory = directory();
    long wanted = paused ? 2 * least : least;
    try {
      long room = Files.getFileStore(directory).getUsableSpace();
      return room >= wanted
          ? null
          : "%s has room for %,d MiB, and JFR would end the JVM if that were full"
                  .formatted(directory, room >> 20)
              + "; it goes on with %,d MiB, or set -Djava.io.tmpdir".formatted(2 * least >> 20);
    } catch (IOException | RuntimeException e) {
      return "the free room is unknown: " + Reason.of(e);
    }
  }

  private static Path directory() {
    String repository = System.getProperty(REPOSITORY);
    Path used = repository == null ? null : Path.of(repository).getParent();
    return used != null && Files.isDirectory(used)
        ? used
        : Path.of(System.getProperty("java.io.tmpdir"));
  }
}
