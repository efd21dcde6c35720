package org.pagewheel.shell.internal.kernel;

import java.util.List;
import org.pagewheel.shell.internal.PlainShell;

/** The program {@code pagewheel record}, without an installation. */
final class RecordProgram {
  private RecordProgram() {}

  public static void main(String[] arguments) {
    System.exit(PlainShell.run(List.of(arguments)));
  }
}
