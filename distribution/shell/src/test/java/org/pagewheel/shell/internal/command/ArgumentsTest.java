package org.pagewheel.shell.internal.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
  private static final String USAGE = "paint IN -o OUT [colour=C]";

  private static Arguments parse(String... arguments) {
    return new Arguments(USAGE, Set.of("-o"), Set.of("colour"), arguments);
  }

  private static void refuses(String message, String... arguments) {
    var e = assertThrows(IllegalArgumentException.class, () -> parse(arguments).plain(1, 1));
    assertEquals(message + "; usage: " + USAGE, e.getMessage());
  }

  @Test
  void takesOptionsAndSettingsInAnyPlace() {
    Arguments arguments = parse("-o", "b", "a", "colour=red=ish");
    assertEquals(List.of("a"), arguments.plain(1, 1));
    assertEquals("b", arguments.value("-o"));
    assertEquals("red=ish", arguments.value("colour"));
  }

  @Test
  void saysWhatIsWrong() {
    refuses("too few arguments", "-o", "b");
    refuses("too many arguments, from 'c' on", "a", "c", "d");
    refuses("no value after -o", "a", "-o");
    refuses("-o is given twice", "-o", "a", "-o", "b");
    refuses("unknown option -x, there is -o", "-x");
    refuses("unknown setting size, there are colour", "a", "size=3");
  }

  @Test
  void numbersAreWholeAndNotNegative() {
    assertEquals(7, parse("colour=7").number("colour", 3));
    assertEquals(3, parse().number("colour", 3));
    for (String text : List.of("-1", "x", "1.5", "99999999999")) {
      var e =
          assertThrows(
              IllegalArgumentException.class, () -> parse("colour=" + text).number("colour", 3));
      assertEquals(
          "colour must be a whole number of at least 0, not '" + text + "'; usage: " + USAGE,
          e.getMessage());
    }
  }
}
