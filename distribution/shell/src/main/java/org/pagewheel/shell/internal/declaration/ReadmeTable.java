package org.pagewheel.shell.internal.declaration;

import java.util.List;

/** The commands as the README lists them. */
public final class ReadmeTable {
  private ReadmeTable() {}

  /** A table in Markdown, of the commands of scope {@code ring}. */
  public static String of(List<Command> commands) {
    StringBuilder table = new StringBuilder("| command | what it does |\n|---|---|\n");
    for (Command command : commands) {
      if (command.scope().equals("ring")) {
        String usage = command.usage().replace(" [" + Command.JSON + "]", "").replace("|", "\\|");
        table.append("| `%s` | %s |%n".formatted(usage, command.what()));
      }
    }
    return table.toString();
  }
}
