package org.pagewheel.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Directories in which nobody but this user and root can put, change or rename anything of ours.
 */
final class TrustedPath {
  private static final int STICKY = 01000;
  private static final int OTHERS_WRITE = 0022;
  private static final int ANYBODY_WRITES = 0002;
  private static final Object ROOT = 0;
  private static final String OWNER = "unix:uid";
  private static final String MODE = "unix:mode";

  private TrustedPath() {}

  /** Directories for temporary files, the best first. */
  static List<Path> forTemporaryFiles() {
    List<Path> places = new ArrayList<>();
    places.add(Path.of(System.getProperty("java.io.tmpdir")));
    add(places, System.getenv("XDG_RUNTIME_DIR"), "");
    add(places, System.getenv("XDG_CACHE_HOME"), "pagewheel");
    add(places, System.getenv("HOME"), ".cache/pagewheel");
    return places;
  }

  private static void add(List<Path> places, String directory, String below) {
    if (directory != null && directory.startsWith("/")) {
      places.add(Path.of(directory, below));
    }
  }

  /** The first that can be trusted, by a path without links. */
  static Path firstOf(List<Path> places) throws IOException {
    for (Path place : places) {
      if (Files.isDirectory(place) && Files.isWritable(place)) {
        Path real = place.toRealPath();
        if (isTrusted(real, user(real))) {
          return real;
        }
      }
    }
    throw new IOException(
        "%s, for temporary files, is not a writable directory that only root and this"
                .formatted(places.getFirst())
            + " user can change: name another one, as in"
            + " PAGEWHEEL_OPTS=-Djava.io.tmpdir=DIRECTORY");
  }

  /** This user's number: the maker of a file owns it. */
  private static Object user(Path directory) throws IOException {
    Path made = Files.createTempFile(directory, "pagewheel-", ".user");
    try {
      return hasOwners(made) ? Files.getAttribute(made, OWNER, LinkOption.NOFOLLOW_LINKS) : ROOT;
    } finally {
      Files.deleteIfExists(made);
    }
  }

  private static boolean hasOwners(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  /**
   * Whether every directory on a path without links belongs to this user or root and is either
   * closed to writers of other users or sticky. A file system without owners is trusted.
   */
  static boolean isTrusted(Path real, Object user) throws IOException {
    for (Path each = real; each != null && hasOwners(each); each = each.getParent()) {
      Object owner = Files.getAttribute(each, OWNER);
      int mode = (Integer) Files.getAttribute(each, MODE);
      boolean isClosed = (mode & OTHERS_WRITE) == 0 || (mode & STICKY) != 0;
      if (!isClosed || !owner.equals(user) && !owner.equals(ROOT)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a directory, if there is one, belongs to root or the owner of one of these, and is
   * closed to writers that are neither its owner nor of its group.
   */
  static boolean isClosed(Path directory, List<Path> own) throws IOException {
    if (!Files.exists(directory) || !hasOwners(directory)) {
      return true;
    }
    Object owner = Files.getAttribute(directory, OWNER);
    boolean isOwn = owner.equals(ROOT);
    for (Path each : own) {
      isOwn |= owner.equals(Files.getAttribute(each, OWNER));
    }
    return isOwn && ((Integer) Files.getAttribute(directory, MODE) & ANYBODY_WRITES) == 0;
  }
}
