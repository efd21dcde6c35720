package org.pagewheel.shell.internal.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pagewheel.spi.OwnDirectory;

/**
 * Where the sockets of this user's processes are: {@code $XDG_RUNTIME_DIR/pagewheel} if that is
 * this user's, else {@code control} in the directory of this user's state.
 */
final class ControlDirectory {
  private static final String NAME = "pagewheel";

  /** The variables that say where sockets are. */
  private static final Set<String> NAMES = Set.of("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "HOME");

  /** No environment of Linux is larger than a quarter of the stack, 2 MiB as a rule. */
  private static final int MAX_ENVIRONMENT = 1 << 21;

  private static final int OTHERS = 0077;
  private static final int OTHERS_WRITE = 0022;

  private ControlDirectory() {}

  /**
   * The directory for a new socket, made if it is missing.
   *
   * @throws IOException if there is none that only this user can change
   */
  static Path make(Map<String, String> environment) throws IOException {
    Optional<Path> session = ofSession(environment.get("XDG_RUNTIME_DIR"));
    Path directory = session.isPresent() ? session.get() : ofState(environment);
    OwnDirectory.make(directory);
    if (!OwnDirectory.isOwn(directory) || (mode(directory) & OTHERS_WRITE) != 0) {
      throw new IOException(
          directory + " belongs to another user, or others can write into it: remove it");
    }
    if ((mode(directory) & OTHERS) != 0) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
    return directory.toRealPath();
  }

  /**
   * The directories in which sockets may be, including those of a process that was started with
   * another environment, for example by a supervisor. Directories that other users could write to
   * are left out.
   */
  static List<Path> all(Map<String, String> environment) throws IOException {
    List<Path> places = new ArrayList<>();
    ofSession(environment.get("XDG_RUNTIME_DIR")).ifPresent(places::add);
    ofSession("/run/user/" + uid()).ifPresent(places::add);
    try {
      places.add(ofState(environment));
    } catch (IOException e) {
      // there is no such place
    }
    List<Path> found = new ArrayList<>();
    for (Path place : places) {
      if (Files.isDirectory(place) && isPrivate(place) && !found.contains(place.toRealPath())) {
        found.add(place.toRealPath());
      }
    }
    return found;
  }

  /**
   * These directories according to the environment of another process of this user; empty if there
   * is no such process, or it does not name them. {@link #all} checks what it names.
   */
  static Optional<Map<String, String>> environmentOf(String pid) {
    Path process = Path.of("/proc", pid);
    try {
      if (!pid.matches("\\d{1,10}") || !OwnDirectory.isOwn(process)) {
        return Optional.empty();
      }
      byte[] bytes;
      try (InputStream in = Files.newInputStream(process.resolve("environ"))) {
        bytes = in.readNBytes(MAX_ENVIRONMENT);
      }
      Map<String, String> environment = new HashMap<>();
      for (String variable : new String(bytes, StandardCharsets.UTF_8).split("\0")) {
        int end = variable.indexOf('=');
        if (end > 0 && NAMES.contains(variable.substring(0, end))) {
          environment.put(variable.substring(0, end), variable.substring(end + 1));
        }
      }
      return environment.isEmpty() ? Optional.empty() : Optional.of(environment);
    } catch (IOException e) {
      return Optional.empty(); // it has ended
    }
  }

  private static boolean isPrivate(Path directory) {
    try {
      OwnDirectory.check(directory);
      return OwnDirectory.isOwn(directory) && (mode(directory) & OTHERS_WRITE) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<Path> ofSession(String directory) {
    if (directory == null || !directory.startsWith("/")) {
      return Optional.empty();
    }
    Path place = Path.of(directory).normalize();
    return Files.isDirectory(place) && isPrivate(place)
        ? Optional.of(place.resolve(NAME))
        : Optional.empty();
  }

  private static Path ofState(Map<String, String> environment) throws IOException {
    return UserState.directory(environment).resolve("control");
  }

  private static int mode(Path directory) throws IOException {
    return (Integer) Files.getAttribute(directory, "unix:mode", LinkOption.NOFOLLOW_LINKS);
  }

  private static Object uid() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }
}
