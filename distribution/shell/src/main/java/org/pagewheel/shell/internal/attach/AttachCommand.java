package org.pagewheel.shell.internal.attach;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.pagewheel.shell.internal.control.Recorders;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.doctor.Finding;
import org.pagewheel.shell.internal.doctor.Finding.State;
import org.pagewheel.shell.internal.doctor.OtherJvm;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.spi.Reason;

/** The command attach of the command line: loads the agent into a running JVM. */
public final class AttachCommand {
  private static final String HOME = "pagewheel.home";
  private static final String JAR = "lib/pagewheel-agent.jar";

  /** Long, for a busy machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private AttachCommand() {}

  /** The declaration; it is not a command of the shell, whose attach is for consumers. */
  public static Command command() {
    return Command.named("pagewheel", "attach", "record in a JVM that runs, without a restart")
        .word("PID", Kind.NEW)
        .optional("FILE", Kind.FILE)
        .means("FILE is a configuration; pagewheel ctl PID reaches what records there")
        .example("attach 4711", "its buffer main is in the user's state directory")
        .fails("the process forbids it; pagewheel doctor PID says why and what to do")
        .runs(AttachCommand::attach);
  }

  private static String attach(Call call) throws IOException, InterruptedException {
    String pid = call.word(0);
    refuse(pid);
    if (Recorders.isOne(pid)) {
      return "process %s records already: pagewheel ctl %s 'ring:list'".formatted(pid, pid);
    }
    Path jar = Path.of(System.getProperty(HOME, ""), JAR).toAbsolutePath();
    if (!Files.isRegularFile(jar)) {
      throw new CommandFailed("this installation lacks " + jar);
    }
    String file = call.word(1) == null ? "" : call.path(call.word(1)).toAbsolutePath().toString();
    if (!file.isEmpty() && !Files.isReadable(Path.of(file))) {
      throw new CommandFailed(file + " cannot be read");
    }
    load(pid, jar, file);
    String problem = Recorders.await(pid, PATIENCE);
    if (!problem.isEmpty()) {
      throw new CommandFailed(
          "process %s has loaded the agent, but %s: a line on its error stream says why"
              .formatted(pid, problem));
    }
    return "process %s records: pagewheel ctl %s 'ring:list'".formatted(pid, pid);
  }

  /** Known failures get their reason, not the JVM's message. */
  private static void refuse(String pid) throws CommandFailed {
    Optional<Finding> fault =
        OtherJvm.of(pid).findings().stream()
            .filter(each -> each.state() == State.FAULT)
            .findFirst();
    if (fault.isPresent()) {
      Finding found = fault.get();
      throw new CommandFailed(
          "process %s cannot be attached to, %s: %s; %s"
              .formatted(pid, found.check(), found.found(), found.advice()));
    }
  }

  private static void load(String pid, Path jar, String file) throws IOException {
    try {
      VirtualMachine machine = VirtualMachine.attach(pid);
      try {
        machine.loadAgent(jar.toString(), file);
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException e) {
      throw new CommandFailed(
          "process %s does not load the agent: %s; pagewheel doctor %s says what to do"
              .formatted(pid, Reason.of(e), pid),
          e);
    }
  }
}
