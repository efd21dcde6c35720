package org.pagewheel.shell.internal.declaration;

import java.util.ArrayList;
import java.util.List;

/** The help page of a command. */
public final class HelpPage {
  private HelpPage() {}

  /** The lines. */
  public static List<String> of(Command command) {
    String whole = command.scope() + ":" + command.name();
    List<String> lines = new ArrayList<>();
    lines.add(whole + " - " + command.what());
    lines.add("usage: " + command.scope() + ":" + command.usage());
    if (!command.meaning().isEmpty()) {
      lines.add("  " + command.meaning());
    }
    int width =
        command.options().values().stream().mapToInt(o -> o.words().length()).max().orElse(0);
    command
        .options()
        .values()
        .forEach(
            option ->
                lines.add(
                    "  "
                        + option.words()
                        + " ".repeat(width - option.words().length() + 2)
                        + option.meaning()));
    command
        .examples()
        .forEach(
            each ->
                lines.add(
                    "example: " + command.scope() + ":" + each.line() + "  # " + each.what()));
    lines.add("exit status: 0 done, 1 " + command.failure() + ", 2 the arguments are wrong");
    return lines;
  }
}
