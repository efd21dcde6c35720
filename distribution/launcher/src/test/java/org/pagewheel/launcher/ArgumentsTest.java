package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pagewheel.launcher.Arguments.Mode;

class ArgumentsTest {
  @Test
  void noArgumentsOpenTheShell() throws UsageException {
    assertEquals(new Arguments(Mode.SHELL, Map.of(), List.of()), Arguments.parse());
  }

  @Test
  void propertiesMayStandAnywhere() throws UsageException {
    var expected =
        new Arguments(
            Mode.SUBCOMMAND, Map.of("a", "1", "b", "x=y", "c", ""), List.of("demo", "-o", "O.dat"));
    assertEquals(expected, Arguments.parse("-Da=1", "demo", "-Db=x=y", "-o", "O.dat", "-Dc="));
  }

  @Test
  void theLastOfTwoEqualKeysCounts() throws UsageException {
    assertEquals(Map.of("a", "2"), Arguments.parse("-Da=1", "-Da=2").properties());
  }

  @Test
  void commandsAreTakenAsTheyAre() throws UsageException {
    var expected = new Arguments(Mode.COMMANDS, Map.of("k", "v"), List.of("-Dx=1; list"));
    assertEquals(expected, Arguments.parse("-c", "-Dx=1; list", "-Dk=v"));
  }

  @Test
  void aSubcommandKeepsItsOwnOptions() throws UsageException {
    assertEquals(List.of("demo", "--help"), Arguments.parse("demo", "--help").words());
  }

  @ParameterizedTest
  @CsvSource({
    "--help,HELP",
    "-h,HELP",
    "--version,VERSION",
  })
  void optionsThatStandAlone(String option, Mode mode) throws UsageException {
    assertEquals(mode, Arguments.parse(option).mode());
    assertThrows(UsageException.class, () -> Arguments.parse(option, "more", "words"));
  }

  @Test
  void helpExplainsACommand() throws UsageException {
    Arguments arguments = Arguments.parse("--help", "demo");
    assertEquals(Mode.SUBCOMMAND, arguments.mode());
    assertEquals(List.of("help", "demo"), arguments.words());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-x|unknown option -x; try: pagewheel --help",
        "-c|-c needs commands, as in: pagewheel -c \"ring:list\"",
        "-D|'-D' is not of the form -Dkey=value, as in: -Dpagewheel.buffers.main.backend=heap",
        "-D=v|'-D=v' is not of the form -Dkey=value, as in: -Dpagewheel.buffers.main.backend=heap",
        "-Dkey|'-Dkey' is not of the form -Dkey=value, as in:"
            + " -Dpagewheel.buffers.main.backend=heap",
        "''|an empty word is not a command; try: pagewheel --help",
      })
  void wrongArgumentsSayWhatIsWrongAndWhatIsRight(String argument, String message) {
    var thrown = assertThrows(UsageException.class, () -> Arguments.parse(argument));
    assertEquals(message, thrown.getMessage());
  }

  /** The shell has an attach, too, for consumers. */
  @ParameterizedTest
  @CsvSource({"4711, true", "--help, true", "-h, true", "main, false"})
  void attachIsAboutProcessesOrConsumers(String word, boolean isAboutOthers) throws Exception {
    assertEquals(isAboutOthers, Arguments.parse("attach", word).isAboutOthers());
  }

  @Test
  void commandsAreOneArgument() {
    var thrown = assertThrows(UsageException.class, () -> Arguments.parse("-c", "echo", "hi"));
    assertTrue(thrown.getMessage().contains("'hi' follows"), thrown.getMessage());
  }
}
