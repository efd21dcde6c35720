package org.pagewheel.shell.internal.kernel;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.pagewheel.shell.internal.control.Recorders;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.spi.OwnDirectory;
import org.pagewheel.spi.Reason;

/**
 * What a process has in its buffers, as a file. One that is started saves them when it ends, by a
 * setting that it is given; one that runs is asked over its control socket, by a process of its own
 * user's, for it answers nobody else.
 *
 * <p>The file has a directory to itself. It is the other user's while that user's process saves,
 * and ours again before anything is read: what lies there then can no longer be exchanged. The
 * directory around it is always ours, and other users can only pass through it.
 */
final class JavaBuffers {
  /** Every JVM reads its options from this variable, one that starts another one, too. */
  private static final String OPTIONS = "JAVA_TOOL_OPTIONS";

  private static final String FILE = "java.dat";
  private static final String NAME = "pagewheel-record";
  private static final String OURS_ALONE = "rwx------";
  private static final String PASSED_THROUGH = "rwx--x--x";

  /** Of this process. */
  private final Path around;

  /** Of the file. */
  private final Path directory;

  private JavaBuffers(Path around) {
    this.around = around;
    this.directory = around.resolve("java");
  }

  /**
   * Makes the directory of this process, and removes those of dead ones.
   *
   * @throws IOException if somebody else has taken its name
   */
  static Path directory() throws IOException {
    Path all = Path.of(System.getProperty("java.io.tmpdir"));
    try (DirectoryStream<Path> found = Files.newDirectoryStream(all, NAME + "-*")) {
      for (Path each : found) {
        if (ProcessName.isDead(NAME, each.getFileName().toString()) && OwnDirectory.isOwn(each)) {
          new JavaBuffers(each).remove();
        }
      }
    }
    Path made = all.resolve(ProcessName.own(NAME));
    create(made);
    create(new JavaBuffers(made).directory);
    return made;
  }

  private static void create(Path directory) throws IOException {
    Files.createDirectory(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OURS_ALONE)));
  }

  /** In what {@link #directory()} has made. */
  static JavaBuffers in(Path directory) {
    return new JavaBuffers(directory);
  }

  Path file() {
    return directory.resolve(FILE);
  }

  /** Whether there is one. */
  boolean areThere() {
    return Files.isRegularFile(file(), LinkOption.NOFOLLOW_LINKS);
  }

  /** The process that is going to be started saves its buffers at its end. */
  void askFor(Map<String, String> environment) {
    String option = "-Dpagewheel.save.on-exit=" + file();
    environment.merge(OPTIONS, option, (before, added) -> before + " " + added);
  }

  /**
   * Has a process save its buffers.
   *
   * @param pid its number here
   * @param inside its number in its own PID namespace
   * @throws IOException if it does not, with the reason
   */
  void save(long pid, int inside) throws IOException {
    Path process = Path.of("/proc", "" + pid);
    if (!Files.isDirectory(process)) {
      throw new CommandFailed(
          "process %d has ended; if its rings are files, pagewheel recover makes a trace of them"
              .formatted(pid));
    }
    Path seen = Path.of(process + "/root" + directory);
    if (!Files.exists(seen) || !Files.isSameFile(seen, directory)) {
      throw new CommandFailed(
          ("process %d sees other files than this one, those of a container perhaps, and cannot"
                  + " save its buffers here: have it save them by pagewheel ctl there, and merge")
              .formatted(pid));
    }
    String command = "ring:save '" + file() + "'";
    if (OwnDirectory.isOwn(process)) {
      Recorders.run("" + inside, Recorders.environmentOf("" + pid), command);
    } else {
      UserPrincipal own = Files.getOwner(directory);
      Files.setPosixFilePermissions(around, PosixFilePermissions.fromString(PASSED_THROUGH));
      Files.setOwner(directory, Files.getOwner(process));
      try {
        as(process, List.of("ctl", "" + inside, command));
      } finally {
        Files.setOwner(directory, own);
        Files.setPosixFilePermissions(around, PosixFilePermissions.fromString(OURS_ALONE));
      }
    }
  }

  /** Runs a command of ours as the user of a process, with what its environment says of places. */
  private void as(Path process, List<String> words) throws IOException {
    Path home = Path.of(System.getProperty("pagewheel.home", "")).toAbsolutePath();
    List<String> command =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid",
                "" + Files.getAttribute(process, "unix:uid"),
                "--regid",
                "" + Files.getAttribute(process, "unix:gid"),
                "--clear-groups",
                home.resolve("pagewheel").toString()));
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(places(process));
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("PAGEWHEEL_JAVA", System.getProperty("java.home"));
    try {
      Process asked = builder.start();
      asked.getOutputStream().close();
      String said = new String(asked.getInputStream().readNBytes(1 << 16)).strip();
      if (asked.waitFor() != 0) {
        throw new CommandFailed(said.lines().reduce("", (first, last) -> last));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("it was interrupted", e);
    }
  }

  private static Map<String, String> places(Path process) throws IOException {
    Map<String, String> places = new HashMap<>();
    Stream.of(Files.readString(process.resolve("environ")).split("\0"))
        .filter(each -> each.matches("(?s)(XDG_RUNTIME_DIR|XDG_STATE_HOME|HOME)=.*"))
        .forEach(
            each ->
                places.put(
                    each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1)));
    return places;
  }

  /** Removes the directories, with what anybody has put beside the file. */
  void remove() {
    try {
      if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
          for (Path each : all) {
            Files.deleteIfExists(each); // a link, not what it leads to
          }
        }
      }
      Files.deleteIfExists(directory);
      Files.deleteIfExists(around);
    } catch (IOException | DirectoryIteratorException e) {
      System.err.println("pagewheel: " + around + " is left: " + Reason.of(e));
    }
  }
}
