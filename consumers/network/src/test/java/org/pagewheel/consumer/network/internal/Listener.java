package org.pagewheel.consumer.network.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real {@code trace-cmd listen}, with a directory of its own. */
final class Listener implements AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

  private static final int MIN = 4096;

  private final Path directory;
  private final int port;
  private final Process process;

  private Listener(Path directory, int port, Process process) {
    this.directory = directory;
    this.port = port;
    this.process = process;
  }

  /** Returns when it listens; tries again as long as its port is not free. */
  static Listener start(Path directory, int port) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    List<Process> tried = new ArrayList<>(List.of(run(directory, port)));
    await(
        "listens",
        () -> {
          if (!tried.getLast().isAlive()) {
            tried.add(run(directory, port));
          }
          return isListening(port);
        });
    return new Listener(directory, port, tried.getLast());
  }

  private static Process run(Path directory, int port) throws IOException {
    return new ProcessBuilder(
            "setsid",
            "trace-cmd",
            "listen",
            "-p",
            Integer.toString(port),
            "-d",
            directory.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  /** The files that are finished, in the order of their ends. */
  List<Path> files() throws IOException {
    return files(directory);
  }

  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".dat"))
          .filter(Listener::isFinished)
          .sorted(Comparator.comparingLong(file -> file.toFile().lastModified()))
          .toList();
    }
  }

  /** A listener that is killed leaves files with less than a page, that is, without any. */
  private static boolean isFinished(Path file) {
    return file.toFile().length() > MIN;
  }

  /** Stops, lets go on or kills all of it: its children for each connection are of its group. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, "--", "-" + process.pid()).inheritIO().start().waitFor();
  }

  /** Halts the process that takes the pages of a CPU. */
  Halted haltReader(int cpu) throws IOException, InterruptedException {
    for (long pid : process.descendants().mapToLong(ProcessHandle::pid).toArray()) {
      if (isReader(pid, cpu)) {
        return new Halted(pid);
      }
    }
    throw new AssertionError("nobody reads the pages of CPU " + cpu);
  }

  private static boolean isReader(long pid, int cpu) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", "" + pid, "fd"))) {
      for (Path file : files.toList()) {
        if (Files.readSymbolicLink(file).toString().endsWith(".cpu" + cpu)) {
          return true;
        }
      }
      return false;
    }
  }

  /** Kills all of it, and waits for the death of the last one that holds the port. */
  void kill() throws IOException, InterruptedException {
    signal("KILL");
    process.waitFor();
    await("ends", () -> !isListening(port));
  }

  private static boolean isListening(int port) throws IOException {
    String wanted = ":%04X 00000000:0000 0A".formatted(port);
    return Files.readString(Path.of("/proc/net/tcp")).contains(wanted);
  }

  @Override
  public void close() throws IOException {
    try {
      if (process.isAlive()) {
        kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until somebody sends to it, and a child of its own takes the pages of each of two CPUs. */
  void awaitConnection() throws IOException, InterruptedException {
    await("is connected to", () -> isFed(0) && isFed(1));
  }

  /** Until so many bytes of a CPU's pages are stored. */
  void awaitPages(int cpu, long bytes) throws IOException, InterruptedException {
    await(
        "has stored pages",
        () -> {
          try (Stream<Path> files = Files.list(directory)) {
            return files
                .filter(file -> file.toString().endsWith(".cpu" + cpu))
                .anyMatch(file -> file.toFile().length() == bytes);
          }
        });
  }

  private boolean isFed(int cpu) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.anyMatch(file -> file.toString().endsWith(".cpu" + cpu));
    }
  }

  interface Condition {
    boolean holds() throws IOException;
  }

  static void await(String what, Condition condition) throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.holds()) {
      assertTrue(System.nanoTime() < until, () -> "waited in vain: " + what);
      Thread.sleep(2);
    }
  }
}
