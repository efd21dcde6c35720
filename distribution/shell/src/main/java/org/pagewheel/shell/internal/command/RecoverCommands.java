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
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.pagewheel.EventReader;
import org.pagewheel.Readers;
import org.pagewheel.ringfile.RingFile;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.EventLines;
import org.pagewheel.shell.internal.print.FileProblem;
import org.pagewheel.shell.internal.print.Lines;
import org.pagewheel.shell.internal.recover.Recovery;
import org.pagewheel.shell.internal.terminal.Stop;
import org.pagewheel.shell.internal.terminal.Terminals;
import org.pagewheel.spi.OwnedReaders;
import org.pagewheel.spi.Reason;
import org.pagewheel.spi.Wakeup;

/** Commands on the ring files of other processes: recover, follow. */
public final class RecoverCommands {
  /** The functions of this class, for Gogo. */
  public static final String[] FUNCTIONS = {"recover", "follow"};

  private static final Duration POLL = Duration.ofMillis(100);

  public RecoverCommands() {}

  /**
   * Recovers what a dead process has left.
   *
   * @param session knows the directory that a relative path is meant in
   * @param arguments the files
   * @return the report
   * @throws IOException if it cannot be done; nothing is written then
   */
  @Descriptor("make a trace.dat file of the ring that a dead process has left in a file")
  public List<String> recover(
      CommandSession session, @Descriptor("FILE -o OUT.dat") String... arguments)
      throws IOException {
    Arguments parsed = new Arguments("recover FILE -o OUT.dat", Set.of("-o"), Set.of(), arguments);
    Path from = Paths.of(session, parsed.plain(1, 1).getFirst());
    if (parsed.value("-o") == null) {
      throw parsed.wrong("no output is named with -o");
    }
    Path to = Paths.of(session, parsed.value("-o"));
    try {
      return new Lines(Recovery.recover(from, to));
    } catch (IOException e) {
      throw new CommandFailed(FileProblem.of(e, from, to), e);
    }
  }

  /**
   * Prints the events of another process's ring as they come, until that process dies or closes it.
   *
   * @param session where to print to
   * @param arguments the file
   * @return how it ended
   * @throws IOException if the file is no ring's or cannot be read
   */
  @Descriptor("print the events of another process's ring file as they come")
  public String follow(CommandSession session, @Descriptor("FILE") String... arguments)
      throws IOException {
    Path path = Paths.of(session, Arguments.plain("follow FILE", 1, 1, arguments).getFirst());
    try (Stop stop = Stop.open(session);
        RingFile file = RingFile.open(path)) {
      Readers readers = new OwnedReaders(file.follow(), new Wakeup(), file.metadata()).view();
      return follow(file, path, readers, Terminals.out(session), stop);
    } catch (IOException e) {
      throw new CommandFailed(Reason.of(e), e);
    } catch (InterruptedException e) {
      return null; // the user has had enough
    }
  }

  private static String follow(
      RingFile file, Path path, Readers readers, PrintStream out, Stop stop)
      throws IOException, InterruptedException {
    Object key = key(path);
    try (EventReader events = readers.iterate()) {
      while (true) {
        // Both before the last look, or its last words were lost.
        boolean alive = file.isBeingWritten();
        boolean replaced = !Objects.equals(key, key(path));
        file.refresh();
        print(file, events, out, stop);
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

  /** What tells a file from another one that has its name; null if there is none. */
  private static Object key(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static void print(RingFile file, EventReader events, PrintStream out, Stop stop)
      throws IOException {
    EventLines lines = null;
    while (!stop.isAsked() && events.next()) {
      if (lines == null) {
        lines =
            EventLines.of(file.metadata(), file.pageSize(), file.clock(), EventLines.Style.MICROS);
      }
      lines.print(events, out::println);
    }
  }
}
