package org.pagewheel.shell.internal.kernel;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The threads of a process and of those that it has started, with the numbers that they have in PID
 * namespaces of their own. They come and go: this is what was seen of them so far.
 */
final class Tasks {
  private static final String NUMBERS = "NSpid:";

  /** A process that has another number inside: by its threads' numbers there, those here. */
  private record Nested(int inside, Map<Integer, Integer> threads) {}

  private final long root;
  private final Map<Long, Optional<Nested>> processes = new HashMap<>();

  Tasks(long root) {
    this.root = root;
  }

  /**
   * The numbers of a process's threads, by its directory in {@code /proc}; none if it has ended.
   */
  static List<Integer> of(Path process) {
    List<Integer> threads = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(process.resolve("task"))) {
      all.forEach(each -> threads.add(Integer.valueOf(each.getFileName().toString())));
    } catch (IOException | DirectoryIteratorException e) {
      return threads; // it has ended
    }
    return threads;
  }

  /** Looks which threads there are now. */
  void look() {
    look(root);
    ProcessHandle.of(root).ifPresent(each -> each.descendants().forEach(one -> look(one.pid())));
  }

  private void look(long pid) {
    Path process = Path.of("/proc", "" + pid);
    Optional<Nested> known = processes.get(pid);
    if (known == null) {
      OptionalInt inside = inside(process);
      if (inside.isEmpty()) {
        return;
      }
      int number = inside.getAsInt();
      known = number == pid ? Optional.empty() : Optional.of(new Nested(number, new HashMap<>()));
      processes.put(pid, known);
    }
    known.ifPresent(nested -> look(process, nested.threads()));
  }

  private static void look(Path process, Map<Integer, Integer> threads) {
    for (int each : of(process)) {
      if (!threads.containsValue(each)) {
        inside(process.resolve("task/" + each)).ifPresent(number -> threads.put(number, each));
      }
    }
  }

  /** The number in the innermost namespace, the last one of the line. */
  private static OptionalInt inside(Path task) {
    try {
      return Files.readAllLines(task.resolve("status")).stream()
          .filter(line -> line.startsWith(NUMBERS))
          .mapToInt(line -> Integer.parseInt(line.replaceFirst(".*\\s", "")))
          .findFirst();
    } catch (IOException e) {
      return OptionalInt.empty(); // it has ended
    }
  }

  /** The number that the root process has inside of its namespace. */
  int insideOfRoot() {
    return processes.getOrDefault(root, Optional.empty()).map(Nested::inside).orElse((int) root);
  }

  /**
   * The numbers here of the threads of a process that has a number inside; empty if the numbers are
   * the same.
   */
  Map<Integer, Integer> outside(int process) {
    Map<Integer, Integer> threads = new HashMap<>();
    for (Optional<Nested> each : processes.values()) {
      each.filter(one -> one.inside() == process).ifPresent(one -> threads.putAll(one.threads()));
    }
    return threads;
  }
}
