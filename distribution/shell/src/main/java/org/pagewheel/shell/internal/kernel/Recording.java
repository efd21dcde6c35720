package org.pagewheel.shell.internal.kernel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.spi.Reason;
import org.pagewheel.tracedat.TraceFile;
import org.pagewheel.tracedat.TraceMerge;
import org.pagewheel.tracedat.TraceOption;

/**
 * One recording: the kernel's instance and pages, the process with its threads, its buffers, and
 * the file that is made of all that.
 *
 * <p>A signal ends it as the end of the process does: the JVM waits in its shutdown hook until the
 * file is written.
 */
final class Recording implements Closeable {
  /** A thread that lives shorter may be missed in a PID namespace; pages wait for so long. */
  private static final long LOOK_MILLIS = 50;

  /** What a signal leaves a process that ends by it, too, and this one to write the file. */
  private static final long PATIENCE_SECONDS = 10;

  private static final long END_SECONDS = 120;

  private final Path out;
  private final Path directory;
  private final Consumer<String> complaints;
  private final JavaBuffers buffers;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::end, "pagewheel-record-end");
  private Optional<KernelInstance> instance = Optional.empty();
  private Optional<KernelRecording> kernel = Optional.empty();
  private Tasks tasks;

  private Recording(Path out, Path directory, Consumer<String> complaints) {
    this.out = out;
    this.directory = directory;
    this.complaints = complaints;
    this.buffers = JavaBuffers.in(directory);
  }

  /**
   * Prepares one; nothing is recorded yet.
   *
   * @param clock of the kernel's, which has to be that of the process's buffers
   * @param complaints get one line for each thing that is missing
   */
  static Recording begin(Path out, List<String> events, String clock, Consumer<String> complaints)
      throws IOException {
    Recording recording = new Recording(out, JavaBuffers.directory(), complaints);
    Runtime.getRuntime().addShutdownHook(recording.hook); // before there is what must not be left
    try {
      Optional<String> lack = Tracefs.lack();
      if (lack.isEmpty()) {
        recording.open(Tracefs.place().orElseThrow(), clock, events);
      } else {
        complaints.accept("without the kernel's events: " + lack.get());
      }
      return recording;
    } catch (IOException | RuntimeException | Error e) {
      recording.close();
      throw e;
    }
  }

  private void open(Path tracefs, String clock, List<String> events) throws IOException {
    KernelInstance made = KernelInstance.make(tracefs, clock, events);
    instance = Optional.of(made);
    kernel = Optional.of(new KernelRecording(tracefs, made, clock, events, kernelFile()));
  }

  private Path kernelFile() {
    return directory.resolve("kernel.dat");
  }

  private void end() {
    stop.countDown();
    try {
      done.await(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs a command to its end, which is recorded from its first instruction on. */
  void run(List<String> command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    if (instance.isPresent()) {
      // The shell becomes the command, so that its number is known before the command begins.
      String program = "echo $$ > \"$1\" && echo 1 > \"$2\" || exit 126; shift 2; exec \"$@\"";
      String filter = instance.get().file("set_event_pid").toString();
      String on = instance.get().file("tracing_on").toString();
      words.addAll(List.of("/bin/sh", "-c", program, "record", filter, on));
    }
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words).inheritIO();
    buffers.askFor(builder.environment());
    Process process = builder.start();
    tasks = new Tasks(process.pid());
    watch(process.toHandle());
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroy();
      process.waitFor();
    }
    if (process.exitValue() != 0) {
      complaints.accept(command.getFirst() + " ended with status " + process.exitValue());
    }
    if (!buffers.areThere()) {
      complaints.accept(
          "without events of Java: no JVM with Pagewheel has saved its buffers at its end");
    }
  }

  /** Records a process until it ends, or somebody wants that. */
  void follow(long pid) throws IOException, InterruptedException {
    tasks = new Tasks(pid);
    if (instance.isPresent()) {
      instance.get().limit(Tasks.of(Path.of("/proc", "" + pid)));
      instance.get().start();
    }
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isPresent()) {
      watch(process.get());
    }
    try {
      buffers.save(pid, tasks.insideOfRoot());
    } catch (IOException e) {
      complaints.accept("without events of Java: " + Reason.of(e));
    }
  }

  private void watch(ProcessHandle process) throws IOException, InterruptedException {
    do {
      tasks.look();
      if (kernel.isPresent()) {
        kernel.get().take();
      }
    } while (process.isAlive() && !stop.await(LOOK_MILLIS, TimeUnit.MILLISECONDS));
  }

  /** Makes the file; returns a summary of its content. */
  List<String> finish() throws IOException {
    List<Path> files = new ArrayList<>();
    if (kernel.isPresent()) {
      instance.orElseThrow().stop();
      kernel.get().finish();
      files.add(kernelFile());
    }
    if (buffers.areThere()) {
      files.add(buffers.file());
    }
    if (files.isEmpty()) {
      throw new CommandFailed("nothing was recorded, and " + out + " is not made");
    }
    List<TraceFile> open = new ArrayList<>();
    try {
      for (Path file : files) {
        open.add(TraceFile.open(file));
      }
      List<String> lines =
          new ArrayList<>(new TraceMerge(open).threads(outside(open.getLast())).write(out));
      lines.add(out + " holds " + what());
      return lines;
    } finally {
      for (TraceFile each : open) {
        each.close();
      }
    }
  }

  private String what() {
    if (kernel.isEmpty()) {
      return "Java's events";
    }
    return buffers.areThere() ? "the kernel's events and Java's" : "the kernel's events";
  }

  /** The file names the process that wrote it, by its number in its own namespace. */
  private Map<Integer, Integer> outside(TraceFile file) {
    return file.metadata().options().stream()
        .map(TraceOption::process)
        .filter(each -> each.isPresent())
        .findFirst()
        .map(each -> tasks.outside(each.getAsInt()))
        .orElse(Map.of());
  }

  /** Removes all but the file. */
  @Override
  public void close() throws IOException {
    try {
      if (kernel.isPresent()) {
        kernel.get().close();
      }
      Files.deleteIfExists(kernelFile());
    } finally {
      if (instance.isPresent()) {
        instance.get().close();
      }
      buffers.remove();
      done.countDown();
      letGo();
    }
  }

  private void letGo() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the JVM is ending
    }
  }
}
