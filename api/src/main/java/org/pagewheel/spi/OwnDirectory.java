package org.pagewheel.spi;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The directories into which Pagewheel writes by configuration, repeatedly and unattended: those of
 * trace files, snapshots, rings and what is saved at the end. No other user may be able to exchange
 * one for a place of their choice.
 *
 * <p>The rule, for each directory and each link on the path, from the root on:
 *
 * <ol>
 *   <li>It belongs to this user or to root. It may also belong to a user who has no account here,
 *       as in containers; to the user who has called {@code sudo}; and, unless this user is root,
 *       to whoever shares the directory with a group of this user's.
 *   <li>A directory in which anybody may write is sticky, as {@code /tmp} is. Its entries on the
 *       path belong to this user or to root, for anybody may have put them there.
 * </ol>
 *
 * <p>A file that a person names in a command needs none of this: it is made under a new,
 * unpredictable name, and renamed when it is complete, which follows no link. A file system without
 * owners has no other users.
 */
public final class OwnDirectory {
  private static final String OWNERS = "unix";
  private static final int STICKY = 01000;
  private static final int ANYBODY_WRITES = 0002;
  private static final int ROOT = 0;
  private static final int MAX_LINKS = 40;

  private OwnDirectory() {}

  /** A directory or a link on a path; anybody may have put it there if it is in the open. */
  private record Step(Path path, int uid, int mode, boolean isLink, boolean isInOpen) {
    boolean isOpen() {
      return !isLink && (mode & ANYBODY_WRITES) != 0;
    }

    String owner() throws IOException {
      return "user " + Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
    }

    /** Whether its owner cannot be a user here: there is no such account, or no such number. */
    boolean isNobodys() throws IOException {
      String name = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
      return name.equals(Integer.toString(uid)) || !isOfThisNamespace(uid);
    }
  }

  /**
   * Makes a directory and what is missing above it, for this user alone whatever the umask; an
   * existing one stays as it is. What exists is checked first, and everything afterwards.
   *
   * @param directory the directory
   * @throws IOException if it cannot be made, or anybody else could exchange it; the message names
   *     what is wrong and what would be right
   */
  public static void make(Path directory) throws IOException {
    Path there = directory.toAbsolutePath();
    while (there.getParent() != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      there = there.getParent();
    }
    check(there);
    if (!Files.isDirectory(directory)) {
      makeAll(directory.toAbsolutePath());
      check(directory);
    }
  }

  private static void makeAll(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    if (directory.getParent() != null) {
      makeAll(directory.getParent());
    }
    try {
      PrivateFiles.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) { // else another process was faster
        throw e;
      }
    }
  }

  /**
   * Checks an existing directory.
   *
   * @param directory the directory
   * @throws IOException if it is not one, or anybody else could exchange it; the message names what
   *     is wrong and what would be right
   */
  public static void check(Path directory) throws IOException {
    if (!directory.getFileSystem().supportedFileAttributeViews().contains(OWNERS)) {
      if (!Files.isDirectory(directory)) {
        throw new IOException(directory + " is not a directory");
      }
      return;
    }
    List<Step> steps = steps(directory.toAbsolutePath());
    int user = user();
    Step last = steps.getLast();
    boolean isShared =
        user != ROOT && last.uid != user && !last.isOpen() && Files.isWritable(last.path);
    for (Step step : steps) {
      boolean isOwn = step.uid == user || step.uid == ROOT || user == ROOT && step.uid == sudoer();
      boolean isTrusted = isOwn || isShared && step.uid == last.uid || step.isNobodys();
      if (step.isInOpen ? !isOwn : !isTrusted) {
        throw refused(step);
      }
      if (step.isOpen() && (step.mode & STICKY) == 0) {
        throw new IOException(
            ("anybody may replace files in directory %s of %s: take one that only its owner can"
                    + " write (chmod o-w), or set its sticky bit (chmod +t)")
                .formatted(step.path, step.owner()));
      }
    }
  }

  /**
   * Whether a file belongs to this user. In a directory that has passed {@link #check} nobody else
   * can then exchange it.
   *
   * @param file a file, or a link, which is not followed
   * @return whether it is this user's
   * @throws IOException if it does not exist
   */
  public static boolean isOwn(Path file) throws IOException {
    return !file.getFileSystem().supportedFileAttributeViews().contains(OWNERS)
        || (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS) == user();
  }

  private static IOException refused(Step step) throws IOException {
    return new IOException(
        step.isLink
            ? "%s is a link of %s, who could let it lead anywhere: name a directory without it"
                .formatted(step.path, step.owner())
            : "directory %s belongs to %s, who could exchange what is in it: take one of your own"
                .formatted(step.path, step.owner()));
  }

  /** All directories and links from the root to where a path leads. */
  private static List<Step> steps(Path path) throws IOException {
    List<Step> steps = new ArrayList<>();
    Deque<Path> rest = new ArrayDeque<>();
    path.forEach(rest::add);
    Step here = step(path.getRoot(), false);
    steps.add(here);
    for (int links = 0; !rest.isEmpty(); ) {
      String name = rest.pop().toString();
      if (name.equals("..")) {
        Path parent = here.path.getParent();
        here = parent == null ? here : step(parent, false); // it has been added
      } else if (!name.isEmpty() && !name.equals(".")) {
        Step step = step(here.path.resolve(name), here.isOpen());
        steps.add(step);
        here = step.isLink ? here : step;
        if (step.isLink) {
          if (++links > MAX_LINKS) {
            throw new FileSystemException(path.toString(), null, "there are too many links on it");
          }
          Path target = Files.readSymbolicLink(step.path);
          here = target.isAbsolute() ? steps.getFirst() : here;
          List<Path> names = new ArrayList<>();
          target.forEach(names::add);
          names.reversed().forEach(rest::push);
        }
      }
    }
    return steps;
  }

  private static Step step(Path path, boolean isInOpen) throws IOException {
    Map<String, Object> found;
    try {
      found =
          Files.readAttributes(
              path, "unix:uid,mode,isDirectory,isSymbolicLink", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(path.toString(), null, "there is no such directory");
    }
    boolean isLink = (boolean) found.get("isSymbolicLink");
    if (!isLink && !(boolean) found.get("isDirectory")) {
      throw new IOException(path + " is not a directory");
    }
    return new Step(path, (int) found.get("uid"), (int) found.get("mode"), isLink, isInOpen);
  }

  /** The number of this user, who owns what this process makes. */
  private static int user() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String line = lines.filter(each -> each.startsWith("Uid:")).findFirst().orElseThrow();
      return Integer.parseInt(line.split("\\s+")[4]); // real, effective, saved, for files
    } catch (IOException | RuntimeException e) {
      Path made = Files.createTempFile("pagewheel-", ".user"); // there is no such file system
      try {
        return (int) Files.getAttribute(made, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      } finally {
        Files.deleteIfExists(made);
      }
    }
  }

  /** In a container an owner from outside is shown as nobody, whose number is not used. */
  private static boolean isOfThisNamespace(int uid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/uid_map"))) {
      return lines
          .map(line -> line.strip().split("\\s+"))
          .anyMatch(
              range -> {
                long first = Long.parseLong(range[0]);
                return uid >= first && uid < first + Long.parseLong(range[2]);
              });
    } catch (IOException | RuntimeException e) {
      return true; // there are no namespaces
    }
  }

  /** The user who has become root by sudo, or root. */
  private static int sudoer() {
    String uid = System.getenv("SUDO_UID");
    return uid != null && uid.matches("\\d{1,9}") ? Integer.parseInt(uid) : ROOT;
  }
}
