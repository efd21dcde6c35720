package org.pagewheel.shell.internal;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.pagewheel.Buffers;
import org.pagewheel.runtime.Administration;
import org.pagewheel.shell.internal.attach.AttachCommand;
import org.pagewheel.shell.internal.command.Completion;
import org.pagewheel.shell.internal.command.Services;
import org.pagewheel.shell.internal.control.Control;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.kernel.RecordCommand;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Printable;
import org.pagewheel.shell.internal.print.ResultConverter;
import org.pagewheel.shell.internal.terminal.Complaints;

/**
 * The commands without a container: Gogo's processor needs none. It gets no streams of the process,
 * so {@link System#out} stays unchanged.
 */
public final class PlainShell {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  /** The services where nothing records. */
  private static final Services NOTHING =
      new Services() {
        @Override
        public Buffers buffers() {
          throw new IllegalStateException("nothing is recorded here");
        }

        @Override
        public Administration administration() {
          throw new IllegalStateException("nothing is recorded here");
        }
      };

  private final CommandProcessorImpl processor = new CommandProcessorImpl(null);
  private final Commands commands;
  private final Control control;

  /**
   * Makes one.
   *
   * @param services what the commands work on
   */
  public PlainShell(Services services) {
    this.commands = new Commands(services, null);
    this.control = new Control(services, commands.lines(), commands.completion(), Map.of());
    processor.addConverter(new ResultConverter());
    commands.all().forEach(each -> processor.addCommand(each.scope(), each, each.name()));
    for (String function : Completion.FUNCTIONS) {
      processor.addCommand(Completion.SCOPE, commands.completion(), function);
    }
  }

  /**
   * Opens this process's control socket.
   *
   * @param environment says where it may be
   */
  public Control openControl(Map<String, String> environment) {
    control.open(processor, environment);
    return control;
  }

  /**
   * Runs commands, and drops what they print.
   *
   * @param program commands as {@code pagewheel ctl} takes them
   * @return why one failed, which was then the last; empty if none did
   */
  public Optional<String> execute(String program) {
    return control.run(processor, program);
  }

  /**
   * Runs a command that works on other processes.
   *
   * @param words the command and its arguments
   * @return the exit status
   */
  public static int run(List<String> words) {
    return new PlainShell(NOTHING).command(words);
  }

  private int command(List<String> words) {
    CommandSession session =
        processor.createSession(InputStream.nullInputStream(), System.out, System.err);
    try {
      Optional<Command> command =
          Stream.concat(
                  Stream.of(AttachCommand.command(), RecordCommand.command()),
                  commands.all().stream())
              .filter(each -> each.name().equals(words.getFirst()))
              .findFirst();
      Object result =
          command.orElseThrow().execute(session, new ArrayList<>(words.subList(1, words.size())));
      if (result != null) {
        String text = session.format(result, Converter.INSPECT).toString();
        System.out.println(System.console() == null ? text : Printable.of(text));
      }
      return OK;
    } catch (Exception | LinkageError | StackOverflowError e) {
      if (!(e instanceof CommandFailed failed) || !failed.getMessage().isEmpty()) {
        Complaints.line(e, List.of())
            .lines()
            .forEach(line -> System.err.println("pagewheel: " + Printable.of(line)));
      }
      return e instanceof IllegalArgumentException ? USAGE : FAILED;
    } finally {
      session.close();
    }
  }
}
