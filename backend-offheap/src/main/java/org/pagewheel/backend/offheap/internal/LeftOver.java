package org.pagewheel.backend.offheap.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.ringfile.LeftLimit;
import org.pagewheel.ringfile.LeftRings;
import org.pagewheel.ringfile.RingFileWriter;
import org.pagewheel.spi.FileKind;

/**
 * The files put aside next to a ring's, {@code FILE.<time>.left}, and the traces recovered from
 * them, {@code FILE.<time>.left.dat}: no more files and bytes than configured stay.
 */
final class LeftOver {
  // Only rings and traces with such a name that belong to the ring's owner are deleted, by their
  // names in the directory and never through a link. A ring that was replaced stays open until its
  // readers are done: it counts, and is looked at again when the next one comes.

  private static final String TRACE = ".dat";

  /** The trace is null if there is none. */
  private record Old(Path path, Path trace, long bytes, boolean isOpen) {}

  private LeftOver() {}

  /**
   * Deletes the oldest ones beyond the limit.
   *
   * @param ring the ring's file, which exists
   * @param limit what may stay
   */
  static void forget(Path ring, LeftLimit limit) throws IOException {
    List<Old> all = newestFirst(ring);
    List<Old> open = all.stream().filter(Old::isOpen).toList();
    long total = open.stream().mapToLong(Old::bytes).sum();
    int kept = open.size();
    for (Old old : all) {
      if (old.isOpen) {
        continue;
      }
      total += old.bytes;
      if (kept > 0 && (kept >= limit.files() || total > limit.bytes())) {
        total -= old.bytes;
        Files.deleteIfExists(old.path);
        if (old.trace != null) {
          Files.deleteIfExists(old.trace);
        }
      } else {
        kept++;
      }
    }
  }

  private static List<Old> newestFirst(Path ring) throws IOException {
    Object owner = Files.getOwner(ring, LinkOption.NOFOLLOW_LINKS);
    List<Old> found = new ArrayList<>();
    for (Path path : LeftRings.newestFirst(ring)) {
      if (isRegular(path, owner)) {
        Path trace = traceOf(path, owner);
        long more = trace == null ? 0 : attributes(trace).size();
        found.add(
            new Old(
                path, trace, attributes(path).size() + more, RingFileWriter.isBeingWritten(path)));
      }
    }
    return found;
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isRegular(Path path, Object owner) throws IOException {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        && Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(owner);
  }

  /** The trace recovered from a ring; null if there is none. */
  private static Path traceOf(Path left, Object owner) throws IOException {
    Path trace = left.resolveSibling(left.getFileName() + TRACE);
    return isRegular(trace, owner) && FileKind.of(trace) == FileKind.TRACE ? trace : null;
  }
}
