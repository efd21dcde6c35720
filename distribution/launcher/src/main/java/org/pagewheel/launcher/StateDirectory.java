package org.pagewheel.launcher;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * The directory of a user's rings that outlive the process: {@code $XDG_STATE_HOME/pagewheel}, or
 * {@code ~/.local/state/pagewheel}. It belongs to this user, nobody else can enter it, and on the
 * way to it nobody but this user and root can put another in its place.
 */
final class StateDirectory {
  private static final String NAME = "pagewheel";
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final int OTHERS = 0077;
  private static final int OTHERS_WRITE = 0022;

  private StateDirectory() {}

  /** The directory by a path without links, made if it is missing. */
  static Path open(Map<String, String> environment) throws IOException {
    Path base = base(environment);
    Path there = base;
    while (!Files.isDirectory(there)) {
      there = there.getParent(); // the root exists
    }
    check(there.toRealPath());
    Files.createDirectories(base, PRIVATE);
    Path directory = base.toRealPath().resolve(NAME);
    try {
      Files.createDirectory(directory, PRIVATE);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(directory + ", for rings, is not a directory", e);
      }
    }
    check(directory);
    close(directory);
    return directory;
  }

  private static Path base(Map<String, String> environment) throws IOException {
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    if (state.startsWith("/")) { // the specification says to ignore others
      return Path.of(state).normalize();
    }
    String home = environment.getOrDefault("HOME", "");
    if (!home.startsWith("/")) {
      throw new IOException(
          "there is no place for the ring: set XDG_STATE_HOME, or name a file, as in"
              + " -Dpagewheel.buffers.main.file=/var/lib/pagewheel/main.ring");
    }
    return Path.of(home, ".local", "state").normalize();
  }

  private static void check(Path directory) throws IOException {
    if (!TrustedPath.isTrusted(directory, user())) {
      throw new IOException(
          "%s, for rings, can be changed by others than root and this user: set XDG_STATE_HOME"
              .formatted(directory));
    }
  }

  /** The content of a directory into which others could write is not trusted. */
  private static void close(Path directory) throws IOException {
    int mode = (Integer) Files.getAttribute(directory, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    Object owner = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    if (!owner.equals(user()) || (mode & OTHERS_WRITE) != 0) {
      throw new IOException(
          "%s, for rings, belongs to another user or others can write into it"
              .formatted(directory));
    }
    if ((mode & OTHERS) != 0) {
      Files.setPosixFilePermissions(directory, PRIVATE.value());
    }
  }

  /** This process's user. */
  private static Object user() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }
}
