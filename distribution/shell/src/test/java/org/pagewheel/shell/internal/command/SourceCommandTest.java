package org.pagewheel.shell.internal.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pagewheel.shell.internal.command.SourceCommand.Statement;
import org.pagewheel.shell.internal.print.CommandFailed;

/** A script is run in statements, each of which is known by its first line. */
class SourceCommandTest {
  private static List<Statement> statements(String script) throws CommandFailed {
    return SourceCommand.statements("s", script.lines().toList());
  }

  @Test
  void linesThatBelongTogetherAreOneStatement() throws Exception {
    assertEquals(
        List.of(
            new Statement(2, "ring:list"),
            new Statement(4, "each [1 2] {\n  echo $it\n}"),
            new Statement(7, "echo \"a\nb\"")),
        statements("# comment\nring:list\n\neach [1 2] {\n  echo $it\n}\necho \"a\nb\"\n"));
  }

  @Test
  void aBracketThatIsNotClosedIsReportedWhereItOpens() {
    var failed = assertThrows(CommandFailed.class, () -> statements("echo a\necho (b\necho c\n"));
    assertEquals("s, line 2: a quote or a bracket is not closed", failed.getMessage());
  }
}
