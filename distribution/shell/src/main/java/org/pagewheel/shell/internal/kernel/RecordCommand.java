package org.pagewheel.shell.internal.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Lines;
import org.pagewheel.shell.internal.print.Printable;
import org.pagewheel.shell.internal.print.WrongInput;
import org.pagewheel.spi.Reason;
import org.pagewheel.tracedat.TraceFileWriter;

/** The command record of the command line: the kernel's events with those of a process. */
public final class RecordCommand {
  private static final String KERNEL = "--kernel";
  private static final String PID = "--pid";
  private static final String CLOCK = "--clock";
  private static final String OUT = "-o";
  private static final String USUAL_FILE = "record.dat";

  private RecordCommand() {}

  /** The declaration; it needs no container, and is no command of the shell. */
  public static Command command() {
    return Command.named(
            "pagewheel",
            "record",
            "record the kernel's events with those of a process, in one file")
        .any("COMMAND", Kind.NEW)
        .text()
        .required(
            KERNEL, "EVENTS", Kind.NEW, "systems and events, as sched,irq,block:block_rq_issue")
        .option(PID, "PID", Kind.NEW, "a process that runs, until Ctrl-C or its end")
        .option(CLOCK, "CLOCK", Kind.CLOCK, "that of the process's buffers; mono without it")
        .option(OUT, "OUT.dat", Kind.FILE, "the file to make; " + USUAL_FILE + " without it")
        .means(
            "COMMAND, after --, is run to its end and its JVM saves its buffers then; that of PID"
                + " is asked over its control socket. Where the kernel's events are not to be had,"
                + " a line says why, and the file has only those of the process")
        .example("record --kernel sched,irq -o slow.dat -- java -jar shop.jar", "all that it does")
        .example("record --kernel sched --pid 4711", "until Ctrl-C")
        .fails("nothing was recorded, or OUT.dat could not be written")
        .runs(RecordCommand::record);
  }

  private static List<String> record(Call call) throws IOException, InterruptedException {
    List<String> events = List.of(call.value(KERNEL).split(","));
    List<String> command = call.plain();
    String pid = call.value(PID);
    if (command.isEmpty() == (pid == null)) {
      throw call.wrong("either --pid PID or -- COMMAND says what to record");
    }
    if (pid != null && !(pid.matches("\\d{1,9}") && Files.isDirectory(Path.of("/proc", pid)))) {
      throw new CommandFailed("there is no process " + pid);
    }
    if (pid == null && !isProgram(call, command.getFirst())) {
      throw new CommandFailed(
          "there is no program " + command.getFirst() + ": nothing is recorded");
    }
    String name = call.value(OUT);
    Path out = call.path(name == null ? USUAL_FILE : name);
    TraceFileWriter.checkTarget(out);
    List<String> lines = new ArrayList<>();
    try (Recording recording = Recording.begin(out, events, clock(call), RecordCommand::complain)) {
      if (pid == null) {
        recording.run(command);
      } else {
        recording.follow(Long.parseLong(pid));
      }
      lines.addAll(recording.finish());
    } catch (WrongInput e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailed(Reason.of(e), e);
    }
    return new Lines(lines);
  }

  private static String clock(Call call) {
    String clock = call.value(CLOCK);
    return clock == null ? "mono" : clock;
  }

  /** As a shell finds it: by its path, or in the directories of PATH. */
  private static boolean isProgram(Call call, String name) {
    Stream<Path> places =
        name.contains("/")
            ? Stream.of(call.path(name))
            : Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":"))
                .map(each -> Path.of(each, name));
    return places.anyMatch(each -> Files.isRegularFile(each) && Files.isExecutable(each));
  }

  private static void complain(String line) {
    System.err.println("pagewheel: " + Printable.of(line));
  }
}
