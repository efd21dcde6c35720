package org.pagewheel.shell.internal.kernel;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pagewheel.shell.internal.print.WrongInput;
import org.pagewheel.spi.Nearest;

/** The files by which the kernel's tracing is steered. */
final class Tracefs {
  private static final List<Path> PLACES =
      List.of(Path.of("/sys/kernel/tracing"), Path.of("/sys/kernel/debug/tracing"));

  /** The namespace of processes that a kernel begins with: its number is a constant. */
  private static final String FIRST_NAMESPACE = "pid:[4026531836]";

  /** Names in a message. */
  private static final int MAX_NAMED = 12;

  private static final Path LOCKDOWN = Path.of("/sys/kernel/security/lockdown");

  private Tracefs() {}

  /** Where it is, if this process can see and change it. */
  static Optional<Path> place() {
    return PLACES.stream()
        .filter(each -> Files.isDirectory(each.resolve("instances")))
        .filter(each -> Files.isWritable(each.resolve("instances")))
        .findFirst();
  }

  /** What keeps this process from the kernel's events, and what would be right; or nothing. */
  static Optional<String> lack() throws IOException {
    if (Files.exists(LOCKDOWN) && Files.readString(LOCKDOWN).contains("[confidentiality]")) {
      return Optional.of(
          "the kernel is locked down (confidentiality): it lets nobody trace until it is booted"
              + " with lockdown=none or integrity");
    }
    if (!Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().equals(FIRST_NAMESPACE)) {
      return Optional.of(
          "this is a PID namespace, a container's perhaps, and the kernel's numbers of threads are"
              + " the host's: run it there");
    }
    if (place().isPresent()) {
      return Optional.empty();
    }
    boolean isRoot =
        Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    return Optional.of(
        isRoot
            ? "there is no tracefs: mount -t tracefs nodev /sys/kernel/tracing"
            : "the kernel's events are root's to trace: run it by sudo");
  }

  /**
   * Reads a file of tracefs. Some of them answer one read alone, and say that they are empty, by
   * which a library would read a byte first.
   */
  static String read(Path file) throws IOException {
    try (InputStream in = new FileInputStream(file.toFile())) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Writes into a file of tracefs, which is there already. */
  static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.WRITE);
  }

  /**
   * The directories of events below that of all.
   *
   * @param events the directory {@code events}
   * @param wanted systems, as {@code sched}, or events, as {@code sched:sched_switch}
   * @throws WrongInput if there is no such system or event
   */
  static List<Path> events(Path events, List<String> wanted) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String each : wanted) {
      String[] names = each.split(":", 2);
      Path place = events;
      for (String name : names) {
        List<String> known = names(place);
        if (!known.contains(name)) {
          throw new WrongInput(
              "--kernel %s: this kernel has no events %s, %s"
                  .formatted(each, name, hint(events, place, name, known)));
        }
        place = place.resolve(name);
      }
      found.add(place);
    }
    return found;
  }

  /** The nearest, or where all are: a kernel has a hundred systems and a thousand events. */
  private static String hint(Path events, Path place, String name, List<String> known)
      throws IOException {
    Optional<String> nearest = Nearest.to(name, known);
    if (nearest.isEmpty() && place.equals(events)) {
      for (String system : known) {
        if (Files.isDirectory(events.resolve(system).resolve(name))) {
          nearest = Optional.of(system + ":" + name);
        }
      }
    }
    if (nearest.isPresent()) {
      return "did you mean " + nearest.get() + "?";
    }
    return known.size() <= MAX_NAMED
        ? Nearest.hint(name, known)
        : "ls %s lists those that it has, such as %s"
            .formatted(place, known.contains("sched") ? "sched" : known.getFirst());
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(Files::isDirectory)
          .map(each -> each.getFileName().toString())
          .sorted()
          .toList();
    }
  }
}
