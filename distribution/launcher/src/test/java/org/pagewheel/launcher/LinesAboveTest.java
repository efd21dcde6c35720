package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Lines of logs come from anywhere: a terminal prints them and does not obey. */
@Isolated("the streams of the process are replaced")
class LinesAboveTest {
  @Test
  void whatATerminalWouldObeyIsEscaped() {
    PrintStream out = System.out;
    PrintStream err = System.err;
    List<String> lines = new ArrayList<>();
    try {
      LinesAbove.install().to(lines::add);
      System.err.print("bundle \u001b[31mE\u0007 \u202e");
      System.err.println("\u009bK\tends");
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    assertEquals(List.of("bundle \\x1b[31mE\\x07 \\u202e\\x9bK\tends"), lines);
  }
}
