package org.pagewheel.shell.internal.declaration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
  private static final Command PAINT =
      Command.named("paint", "paint a file")
          .word("IN", Kind.FILE)
          .required("-o", "OUT", Kind.FILE, "the file to make")
          .setting("colour", "C")
          .flag("-l", "light")
          .flag("-t", "thin")
          .runs(call -> null);

  private static final Command SAY =
      Command.named("say", "say it")
          .word("TO", Kind.NEW)
          .many("TEXT", Kind.NEW)
          .text()
          .runs(call -> null);

  private static final String USAGE = "paint IN -o OUT [-l] [-t] [colour=C] [--json]";

  private static Arguments parse(String... arguments) {
    return new Arguments(PAINT, arguments);
  }

  private static void refuses(String message, String... arguments) {
    var e = assertThrows(IllegalArgumentException.class, () -> parse(arguments));
    assertEquals(message + "; usage: " + USAGE, e.getMessage());
  }

  @Test
  void takesOptionsAndSettingsInAnyPlace() {
    Arguments arguments = parse("-o", "b", "a", "colour=red=ish", "-lt");
    assertEquals(List.of("a"), arguments.plain());
    assertEquals("b", arguments.value("-o"));
    assertEquals("red=ish", arguments.value("colour"));
    assertEquals("", arguments.value("-l"));
    assertEquals("", arguments.value("-t"));
  }

  @Test
  void saysWhatIsWrong() {
    refuses("too few arguments", "-o", "b");
    refuses("too many arguments, from 'c' on", "a", "c", "d");
    refuses("no value after -o", "a", "-o");
    refuses("no output is named with -o", "a");
    refuses("-o is given twice", "-o", "a", "-o", "b");
    refuses("unknown option -x, there is -o and -l and -t and --json", "-x");
    refuses("unknown option -lx, there is -o and -l and -t and --json", "-lx");
    refuses("unknown setting size, there are colour", "a", "size=3");
    refuses("a variable among the arguments is not set", "a", null);
  }

  @Test
  void numbersAreWholeAndNotNegative() {
    assertEquals(7, parse("a", "-o", "b", "colour=7").number("colour", 3));
    assertEquals(3, parse("a", "-o", "b").number("colour", 3));
    for (String text : List.of("-1", "x", "1.5", "99999999999")) {
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> parse("a", "-o", "b", "colour=" + text).number("colour", 3));
      assertEquals(
          "colour must be a whole number of at least 0, not '" + text + "'; usage: " + USAGE,
          e.getMessage());
    }
  }

  @Test
  void textIsTakenAsItIs() {
    Arguments arguments = new Arguments(SAY, "--json", "you", "-x", "a=b", "--json");
    assertEquals(List.of("you", "-x", "a=b", "--json"), arguments.plain());
    assertThrows(IllegalArgumentException.class, () -> new Arguments(SAY, "-x", "you"));
  }
}
