package org.pagewheel.shell.internal.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What would print a block or fill a file with nothing is refused, and nothing else. */
class TypedLineTest {
  private static final TypedLine LINES = new TypedLine(Set.of("ring:tail", "ring:top"));

  private static final List<String> COMMANDS = List.of("ring:list", "gogo:echo", "gogo:each");

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "{ ring:list } > /dev/full#a block in braces is run by a command such as each or if: write"
            + " its commands without braces",
        "{ring:list}#a block in braces is run by a command such as each or if: write"
            + " its commands without braces",
        "( ring:list ) > f#ring:list cannot be redirected with >: quote it, or write ring:list |"
            + " gogo:cat > FILE",
        "list > f#ring:list cannot be redirected with >: quote it, or write ring:list |"
            + " gogo:cat > FILE"
      })
  void refused(String line, String reason) {
    assertEquals(reason, LINES.refusal(line, COMMANDS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"each [1] { ring:list }", "f = { ring:list }", "( echo a ) > f", "echo '>' a"})
  void run(String line) {
    assertNull(LINES.refusal(line, COMMANDS));
  }
}
