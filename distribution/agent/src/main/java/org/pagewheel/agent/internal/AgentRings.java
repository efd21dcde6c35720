package org.pagewheel.agent.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.pagewheel.ringfile.RingFileWriter;
import org.pagewheel.shell.internal.control.UserState;
import org.pagewheel.spi.OwnDirectory;

/**
 * The directory of this process's ring, {@code agent-PID} in that of the user's state. What dead
 * processes have left there stays for {@code recover}: the newest {@value #KEEP} of them.
 */
final class AgentRings {
  static final int KEEP = 10;

  private static final String PREFIX = "agent-";

  private AgentRings() {}

  static Path make(Map<String, String> environment) throws IOException {
    Path state = UserState.directory(environment);
    Path own = state.resolve(PREFIX + ProcessHandle.current().pid());
    OwnDirectory.make(own);
    if (!OwnDirectory.isOwn(own)) {
      throw new IOException(own + " belongs to another user: remove it");
    }
    forgetOldest(state, own);
    return own;
  }

  /** One whose time it is. */
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
          return false; // or somebody has put a file of their own there
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
      // somebody else was faster
    }
  }
}
