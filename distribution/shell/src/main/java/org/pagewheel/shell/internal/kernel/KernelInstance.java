package org.pagewheel.shell.internal.kernel;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * A tracing instance of the kernel's that is this process's own: buffers, events and clock apart
 * from everybody else's.
 *
 * <p>Its name has the process's number and the time of its start. Whoever makes one removes those
 * of dead processes first: a process of that number which started at another time is another one.
 */
final class KernelInstance implements AutoCloseable {
  /** Of each CPU: some 100,000 events of the scheduler. */
  private static final int BUFFER_KIB = 8192;

  private static final int ATTEMPTS = 100;
  private static final int PAUSE_MILLIS = 20;

  private final Path directory;

  private KernelInstance(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes the instance, which records nothing yet.
   *
   * @param tracefs where tracefs is
   * @param clock its clock
   * @param events systems and events, see {@link Tracefs#events}
   * @throws IOException if the kernel refuses; nothing is left then
   */
  static KernelInstance make(Path tracefs, String clock, List<String> events) throws IOException {
    removeDead(tracefs);
    List<Path> chosen = Tracefs.events(tracefs.resolve("events"), events);
    String name = ProcessName.own("pagewheel");
    Path directory = tracefs.resolve("instances").resolve(name);
    Files.createDirectory(directory);
    KernelInstance instance = new KernelInstance(directory);
    try {
      instance.write("tracing_on", "0");
      instance.write("trace_clock", clock);
      instance.write("buffer_size_kb", "" + BUFFER_KIB);
      instance.write("options/event-fork", "1");
      for (Path each : chosen) {
        String event = tracefs.resolve("events").relativize(each).toString();
        instance.write("events/" + event + "/enable", "1");
      }
      return instance;
    } catch (IOException | RuntimeException | Error e) {
      instance.close();
      throw e;
    }
  }

  /** Removes the instances of processes that were killed. */
  static void removeDead(Path tracefs) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(tracefs.resolve("instances"))) {
      for (Path each : all) {
        if (ProcessName.isDead("pagewheel", each.getFileName().toString())) {
          new KernelInstance(each).close();
        }
      }
    }
  }

  /** Limits it to threads and what they start; without any, all threads are recorded. */
  void limit(List<Integer> threads) throws IOException {
    for (int each : threads) {
      try {
        write("set_event_pid", each + "\n");
      } catch (IOException e) {
        if (Files.exists(Path.of("/proc", "" + each))) {
          throw e;
        }
      }
    }
  }

  void start() throws IOException {
    write("tracing_on", "1");
  }

  void stop() throws IOException {
    write("tracing_on", "0");
  }

  /** A file of the instance. */
  Path file(String name) {
    return directory.resolve(name);
  }

  private void write(String file, String text) throws IOException {
    Tracefs.write(directory.resolve(file), text);
  }

  /** Removes it. A reader that has just been killed may keep it for a moment. */
  @Override
  public void close() throws IOException {
    for (int i = 1; ; i++) {
      try {
        write("tracing_on", "0");
        Files.deleteIfExists(directory);
        return;
      } catch (NoSuchFileException e) {
        return; // another process has removed it
      } catch (FileSystemException e) {
        if (i == ATTEMPTS) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
