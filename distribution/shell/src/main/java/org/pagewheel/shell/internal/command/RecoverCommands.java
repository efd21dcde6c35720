package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.pagewheel.EventReader;
import org.pagewheel.Readers;
import org.pagewheel.ringfile.RingFile;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.EventJson;
import org.pagewheel.shell.internal.print.EventLines;
import org.pagewheel.shell.internal.print.EventPrinter;
import org.pagewheel.shell.internal.print.FileProblem;
import org.pagewheel.shell.internal.print.Json;
import org.pagewheel.shell.internal.print.Lines;
import org.pagewheel.shell.internal.print.ShownTimes;
import org.pagewheel.shell.internal.print.WallTime;
import org.pagewheel.shell.internal.recover.Recovery;
import org.pagewheel.shell.internal.terminal.Stop;
import org.pagewheel.spi.OwnedReaders;
import org.pagewheel.spi.Reason;
import org.pagewheel.spi.Wakeup;

/** Commands on the ring files of other processes: recover, follow. */
public final class RecoverCommands {
  private static final Duration POLL = Duration.ofMillis(100);

  public RecoverCommands() {}

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        Command.named(
                "recover",
                "make a trace.dat file of the ring that a dead process has left in a file")
            .word("FILE", Kind.FILE)
            .required("-o", "OUT.dat", Kind.FILE, "the file to make")
            .example("recover main.ring -o out.dat", "every committed event, the last one included")
            .fails("the file is not a ring, its process lives, or OUT.dat could not be written")
            .runs(this::recover),
        Command.named("follow", "print the events of another process's ring file as they come")
            .word("FILE", Kind.FILE)
            .wall()
            .printing()
            .example("follow main.ring", "until that process ends, or Ctrl-C")
            .fails("the file is not a ring, or cannot be read")
            .runs(this::follow));
  }

  private List<String> recover(Call call) throws IOException {
    Path from = call.path(call.word(0));
    Path to = call.path(call.value("-o"));
    try {
      return new Lines(Recovery.recover(from, to));
    } catch (IOException e) {
      throw new CommandFailed(FileProblem.of(e, from, to), e);
    }
  }

  /** Until that process dies or closes it. */
  private Object follow(Call call) throws IOException {
    Path path = call.path(call.word(0));
    try (Stop stop = Stop.open(call.session());
        RingFile file = RingFile.open(path)) {
      Readers readers = new OwnedReaders(file.follow(), new Wakeup(), file.metadata()).view();
      String end = follow(call, file, path, readers, stop);
      return end != null && call.isJson() ? Json.of(end) : end;
    } catch (IOException e) {
      throw new CommandFailed(Reason.of(e), e);
    } catch (InterruptedException e) {
      return null; // the user has ended it
    }
  }

  private static String follow(Call call, RingFile file, Path path, Readers readers, Stop stop)
      throws IOException, InterruptedException {
    Object key = key(path);
    PrintStream out = call.out();
    try (EventReader events = readers.iterate()) {
      while (true) {
        // Both before the last look, or its last events would be lost.
        boolean alive = file.isBeingWritten();
        boolean replaced = !Objects.equals(key, key(path));
        file.refresh();
        EventPrinter printer = null;
        while (!stop.isAsked() && events.next()) {
          printer = printer == null ? printer(call, file) : printer;
          printer.print(events, out::println);
        }
        if (stop.isAsked() || out.checkError()) {
          return null;
        }
        if (!alive) {
          return file.isClosed()
              ? "process " + file.pid() + " has closed the ring"
              : "process " + file.pid() + " is dead; recover finds also what it had not finished";
        }
        if (replaced) {
          return path + " is another file now: follow it again for the events to come";
        }
        stop.within(POLL);
      }
    }
  }

  /** What distinguishes a file from another with its name; null if there is none. */
  private static Object key(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Types and threads that become known meanwhile are looked up at each look at the ring. */
  private static EventPrinter printer(Call call, RingFile file) {
    WallTime wall = call.has("--wall") ? WallTime.of(file.wallOffset()) : null;
    ShownTimes times = ShownTimes.of(file.clock(), file.scale());
    return call.isJson()
        ? new EventJson(file.metadata(), times, wall)
        : EventLines.of(file.metadata(), file.pageSize(), times, EventLines.Style.MICROS, wall);
  }
}
