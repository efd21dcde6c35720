package org.pagewheel.shell.internal.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import jdk.net.ExtendedSocketOptions;
import org.pagewheel.spi.OwnDirectory;

/**
 * The name of a process's socket, {@code PID.sock}; {@code PID-2.sock} if a process of another
 * container that shares the directory has the same number.
 *
 * <p>How it works: a socket gets its name when it already listens, so one that refuses connections
 * belongs to a dead process. To remove it, it is first moved out of the way and checked again: a
 * new process with the same number may have put its own there at the same moment.
 */
final class SocketFile {
  private static final String END = ".sock";

  /** The beginning of names that are not, or no longer, those of sockets to connect to. */
  private static final String HIDDEN = ".";

  /** A process that makes a socket gives it its name at once. */
  private static final Duration STALE = Duration.ofMinutes(1);

  private static final int MAX_NAMES = 100;

  private SocketFile() {}

  /** A socket that listens, and its name. */
  record Listening(ServerSocketChannel channel, Path path, Object key) {
    /** Whether the name still leads to it. */
    boolean isThere() {
      try {
        return keyOf(path).equals(key);
      } catch (IOException e) {
        return false;
      }
    }

    /** Removes it, so that it is no longer found. */
    void remove() throws IOException {
      try {
        if (keyOf(path).equals(key)) {
          Files.delete(path);
        }
      } catch (NoSuchFileException e) {
        // another process has cleaned up
      } finally {
        channel.close();
      }
    }
  }

  /** Listens in a directory that is this user's alone. */
  static Listening listen(Path directory, long pid) throws IOException {
    Path hidden = directory.resolve(hidden());
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(hidden));
      Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rw-------"));
      Object key = keyOf(hidden);
      for (int i = 1; i <= MAX_NAMES; i++) {
        Path name = directory.resolve(pid + (i == 1 ? "" : "-" + i) + END);
        if (!isAlive(name)) {
          Files.move(hidden, name, StandardCopyOption.ATOMIC_MOVE);
          return new Listening(channel, name, key);
        }
      }
      throw new IOException(directory + " has too many sockets of process " + pid);
    } catch (IOException | RuntimeException e) {
      channel.close();
      Files.deleteIfExists(hidden);
      throw e;
    }
  }

  private static String hidden() {
    return HIDDEN + UUID.randomUUID().toString().substring(0, 8);
  }

  private static Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  /** The sockets of living processes; those of dead ones are removed. */
  static List<Path> living(Path directory) throws IOException {
    List<Path> living = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.matches("\\d+(-\\d+)?\\.sock") && (isAlive(file) || !isRemoved(file))) {
          living.add(file);
        } else if (name.startsWith(HIDDEN)) {
          removeStale(file);
        }
      }
    }
    living.sort(null);
    return living;
  }

  /** The process that a socket is named after. */
  static String pid(Path socket) {
    String name = socket.getFileName().toString();
    return name.substring(0, name.length() - END.length());
  }

  /** A socket that refuses connections for any reason other than that nothing listens is alive. */
  private static boolean isAlive(Path socket) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.configureBlocking(false); // one that does not accept must not stop us
      channel.connect(UnixDomainSocketAddress.of(socket));
      return true;
    } catch (ConnectException e) {
      return false;
    } catch (IOException e) {
      return Files.exists(socket, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private static boolean isRemoved(Path socket) throws IOException {
    Path aside = socket.resolveSibling(hidden());
    try {
      if (!isSocketOfOurs(socket)) {
        return true; // not ours to remove, nor to connect to
      }
      Files.move(socket, aside, StandardCopyOption.ATOMIC_MOVE);
      if (!isAlive(aside)) {
        Files.delete(aside);
        return true;
      }
      Files.move(aside, socket);
      return false;
    } catch (NoSuchFileException | FileAlreadyExistsException e) {
      return true; // another process was faster
    }
  }

  private static void removeStale(Path file) throws IOException {
    try {
      boolean isOld =
          Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
              .toInstant()
              .isBefore(Instant.now().minus(STALE));
      if (isOld && isSocketOfOurs(file) && !isAlive(file)) {
        Files.delete(file);
      }
    } catch (NoSuchFileException e) {
      // it has its name by now
    }
  }

  private static boolean isSocketOfOurs(Path file) throws IOException {
    return OwnDirectory.isOwn(file)
        && Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .isOther();
  }

  /**
   * Whether the other side is of the same user as the owner of the socket's file.
   *
   * @param channel connected
   * @param socket a file of this user's
   */
  static boolean isOwn(SocketChannel channel, Path socket) throws IOException {
    return OwnDirectory.isOwn(socket)
        && channel
            .getOption(ExtendedSocketOptions.SO_PEERCRED)
            .user()
            .equals(Files.getOwner(socket, LinkOption.NOFOLLOW_LINKS));
  }
}
