package org.pagewheel.shell.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.shell.internal.attach.AttachCommand;
import org.pagewheel.shell.internal.declaration.BashCompletion;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.ManPage;
import org.pagewheel.shell.internal.kernel.RecordCommand;

/**
 * Writes files that the build puts into an installation: the manual page and the bash completion.
 */
public final class Manual {
  private Manual() {}

  /**
   * Writes them.
   *
   * @param arguments the directory of the installation
   * @throws IOException if a file cannot be written
   */
  public static void main(String... arguments) throws IOException {
    Path share = Path.of(arguments[0], "share");
    List<Command> commands = commands();
    write(share.resolve("man/man1/pagewheel.1"), ManPage.of(commands));
    write(share.resolve("bash-completion/completions/pagewheel"), BashCompletion.of(commands));
  }

  /** Those of the command line: {@code run}, which the launcher does, attach, and the shell's. */
  static List<Command> commands() {
    List<Command> commands = new ArrayList<>();
    commands.add(
        Command.named("pagewheel", "run", "record until SIGTERM, without a shell")
            .means(
                "its ring is in $XDG_STATE_HOME/pagewheel/main.ring, else in"
                    + " ~/.local/state/pagewheel, so that a kill loses nothing, unless the"
                    + " configuration names another backend or file; NOTIFY_SOCKET hears when it"
                    + " is ready")
            .example("run", "from a systemd unit of Type=notify")
            .fails("a buffer cannot record")
            .bare()
            .runs(call -> null));
    commands.add(AttachCommand.command());
    commands.add(RecordCommand.command());
    new Commands(null, null)
        .all().stream().filter(command -> command.scope().equals("ring")).forEach(commands::add);
    return commands;
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
