package org.pagewheel.agent.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.pagewheel.ringfile.RingFileWriter;
import org.pagewheel.shell.internal.control.UserState;
import org.pagewheel.spi.OwnDirectory;

/**
 * The directory of this process's ring, {@code agent-PID} in that of the user's state; {@code
 * agent-PID-2} and so on if that name is taken by a dead process or by one in a container that
 * shares the directory. The directories of dead processes stay for {@code recover}: the newest
 * {@value #KEEP}.
 */
final class AgentRings {
  static final int KEEP = 10;

  private static final String PREFIX = "agent-";
  private static final int MAX_NAMES = 1000;

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private AgentRings() {}

  static Path make(Map<String, String> environment) throws IOException {
    Path state = UserState.directory(environment);
    OwnDirectory.make(state);
    if (!OwnDirectory.isOwn(state)) {
      throw new IOException(state + " belongs to another user: remove it");
    }
    Path own = makeNew(state, PREFIX + ProcessHandle.current().pid());
    forgetOldest(state, own);
    return own;
  }

  private static Path makeNew(Path state, String name) throws IOException {
    for (int i = 1; i <= MAX_NAMES; i++) {
      Path own = state.resolve(name + (i == 1 ? "" : "-" + i));
      try {
        return Files.createDirectory(own, OWNER_ONLY);
      } catch (FileAlreadyExistsException e) {
        // the next name
      }
    }
    throw new IOException(state + " has " + MAX_NAMES + " directories " + name + ": remove some");
  }

  /** Removes an expired one. */
  private record Old(Path directory, FileTime time) {}

  private static void forgetOldest(Path state, Path own) {
    List<Old> dead = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(state, PREFIX + "*")) {
      for (Path each : all) {
        if (!each.equals(own) && isDead(each)) {
          dead.add(new Old(each, Files.getLastModifiedTime(each)));
        }
      }
      dead.sort(Comparator.comparing(Old::time).reversed());
      for (Old each : dead.subList(Math.min(dead.size(), KEEP), dead.size())) {
        remove(each.directory());
      }
    } catch (IOException | RuntimeException e) {
      // the next one looks again
    }
  }

  private static boolean isDead(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        || !OwnDirectory.isOwn(directory)) {
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (!isRing(file) || RingFileWriter.isBeingWritten(file)) {
          return false; // or it contains a foreign file
        }
      }
    }
    return true;
  }

  private static boolean isRing(Path file) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && OwnDirectory.isOwn(file)
        && file.getFileName().toString().startsWith("main.ring");
  }

  private static void remove(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    try {
      Files.delete(directory);
    } catch (NoSuchFileException e) {
      // another process was faster
    }
  }
}
