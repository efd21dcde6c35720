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
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int LEAST = 4096;

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
    String wanted = ":%04X 00000000:0000 0A".formatted(port);
    await(
        "listens",
        () -> {
          if (!tried.getLast().isAlive()) {
            tried.add(run(directory, port));
          }
          return Files.readString(Path.of("/proc/net/tcp")).contains(wanted);
        });
    return new Listener(directory, port, tried.getLast());
  }

  private static Process run(Path directory, int port) throws IOException {
    return new ProcessBuilder(
            "trace-cmd", "listen", "-p", Integer.toString(port), "-d", directory.toString())
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

  /** A listener that is killed leaves files with less than a page, or with their parts beside. */
  private static boolean isFinished(Path file) {
    return file.toFile().length() > LEAST && !Path.of(file + ".cpu0").toFile().exists();
  }

  /** Stops or lets go on all of it, its children for each connection included. */
  void signal(String name) throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(
                Stream.of("kill", "-" + name),
                Stream.concat(process.toHandle().descendants(), Stream.of(process.toHandle()))
                    .map(each -> Long.toString(each.pid())))
            .toList();
    new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  /** Kills it with all its children, and waits for their death. */
  void kill() throws IOException, InterruptedException {
    List<ProcessHandle> all =
        Stream.concat(process.toHandle().descendants(), Stream.of(process.toHandle())).toList();
    signal("KILL");
    await("ends", () -> all.stream().noneMatch(ProcessHandle::isAlive));
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

  /** Until somebody has begun to send to it. */
  void awaitConnection(int number) throws IOException, InterruptedException {
    await("is connected to", () -> connections() >= number);
  }

  private long connections() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().matches(".*\\.dat(\\.cpu0)?"))
          .map(Listener::stem)
          .distinct()
          .count();
    }
  }

  private static String stem(Path file) {
    return file.toString().replaceAll("\\.dat.*", "");
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
