package org.pagewheel.agent;

import java.util.List;
import org.pagewheel.shell.internal.PlainShell;

/** {@code pagewheel ctl} and its like, from the class path of the tests. */
final class Command {
  private Command() {}

  public static void main(String[] args) {
    System.exit(PlainShell.run(List.of(args)));
  }
}
