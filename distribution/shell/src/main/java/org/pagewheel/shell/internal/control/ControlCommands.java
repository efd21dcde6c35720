package org.pagewheel.shell.internal.control;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Printable;
import org.pagewheel.shell.internal.print.Table;
import org.pagewheel.shell.internal.print.WrongInput;
import org.pagewheel.shell.internal.terminal.RemoteTerminal;
import org.pagewheel.shell.internal.terminal.Stop;
import org.pagewheel.shell.internal.terminal.Terminals;
import org.pagewheel.spi.Reason;

/** Commands on this user's other processes that record: ps, ctl, shell. */
public final class ControlCommands {
  private static final String PID = "PID";

  /** Over which rates are measured. */
  private static final Duration RATE = Duration.ofMillis(500);

  private static final double NANOS_PER_SECOND = 1e9;

  private final Map<String, String> environment = System.getenv();

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        Command.named("ps", "list this user's processes that record, with their buffers and rates")
            .means("rates are of the half second that it takes")
            .example("ps", "a line for each process")
            .runs(this::ps),
        Command.named("ctl", "run commands in another process that records, and print their output")
            .word(PID, Kind.NEW)
            .many("COMMAND", Kind.COMMAND)
            .text()
            .printing()
            .means(
                "the commands of its shell, in quotes; Ctrl-C ends them there, and the exit status"
                    + " is theirs")
            .example("ctl 4711 'ring:snapshot main'", "a snapshot of a buffer of process 4711")
            .example("ctl 4711 'ring:tail main'", "its events as they come")
            .fails("there is no such process, or a command failed there")
            .runs(this::ctl),
        Command.named("shell", "open the shell of another process that records")
            .word(PID, Kind.NEW)
            .printing()
            .means(
                "Ctrl-C ends a command there, exit leaves; without a terminal its commands come"
                    + " from standard input, line by line")
            .example("shell 4711", "a prompt in process 4711")
            .fails("there is no such process, or a line failed there")
            .runs(this::shell));
  }

  /** A line of {@code ps}. */
  record Line(
      String pid,
      String command,
      String since,
      String buffers,
      long eventsPerSecond,
      String state) {}

  private Table<Line> ps(Call call) throws IOException, InterruptedException, ExecutionException {
    List<Line> lines = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Line>> asked = new ArrayList<>();
      for (Path socket : ControlClient.sockets(environment)) {
        asked.add(threads.submit(() -> line(socket)));
      }
      for (Future<Line> each : asked) {
        lines.add(each.get());
      }
    }
    return new Table<>(
        Line.class, "no process of yours records; pagewheel run, for example, makes one", lines);
  }

  private static Line line(Path socket) throws InterruptedException {
    String pid = SocketFile.pid(socket);
    try (ControlClient client = ControlClient.connect(socket)) {
      Status before = client.status();
      long from = System.nanoTime();
      Thread.sleep(RATE);
      Status now = client.status();
      double seconds = (System.nanoTime() - from) / NANOS_PER_SECOND;
      long rate = Math.round(Math.max(0, now.written() - before.written()) / seconds);
      String since =
          DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
              now.since().truncatedTo(ChronoUnit.SECONDS).atZone(ZoneId.systemDefault()));
      List<String> names = now.buffers().stream().map(Status.BufferLine::name).toList();
      return new Line(pid, now.command(), since, String.join(",", names), rate, state(now));
    } catch (IOException e) {
      return new Line(pid, "", "", "", 0, Reason.of(e));
    }
  }

  private static String state(Status status) {
    List<String> others = new ArrayList<>();
    for (Status.BufferLine each : status.buffers()) {
      if (!each.state().equals("on") || !each.problem().isEmpty()) {
        String problem = each.problem().isEmpty() ? "" : ": " + each.problem();
        others.add(each.name() + " " + each.state() + problem);
      }
    }
    return others.isEmpty() ? "on" : String.join("; ", others);
  }

  /** A client's session has no terminal of its own to lend: it would be the application's. */
  private static void checkIsHere(Call call, String command) {
    if (call.session().get(Terminals.TERMINAL) instanceof RemoteTerminal) {
      throw new WrongInput(
          "leave this shell first, then: pagewheel " + command + " " + call.word(0));
    }
  }

  private Object ctl(Call call) throws IOException {
    checkIsHere(call, "ctl");
    String commands = String.join(" ", call.plain().subList(1, call.plain().size()));
    try (ControlClient client = ControlClient.connect(environment, call.word(0));
        Stop stop = Stop.open(call.session())) {
      boolean watched = Terminals.hasUser(call.session());
      int columns = Terminals.columns(call.session());
      new RemoteCommands(client, call.out(), watched, columns).run(commands, stop::isAsked);
    }
    return null;
  }

  private Object shell(Call call) throws IOException {
    checkIsHere(call, "shell");
    try (ControlClient client = ControlClient.connect(environment, call.word(0))) {
      if (System.console() instanceof Console console && console.isTerminal()) {
        new RemotePrompt(client).run();
        return null;
      }
      return lines(client, call);
    }
  }

  /**
   * As in a terminal, a failing line does not end it; but the first failure decides the exit
   * status.
   */
  private static Object lines(ControlClient client, Call call) throws IOException {
    RemoteCommands commands = new RemoteCommands(client, call.out(), false, Integer.MAX_VALUE);
    var lines = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    int failed = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (RemotePrompt.ENDS.contains(line.strip())) {
        break;
      }
      try {
        commands.run(line, () -> false);
      } catch (CommandFailed | WrongInput e) {
        System.err.println("pagewheel: " + Printable.of(e.getMessage()));
        failed++;
      }
    }
    if (failed > 0) {
      throw new CommandFailed(failed == 1 ? "one line failed" : failed + " lines failed");
    }
    return null;
  }
}
