package org.pagewheel.shell.internal.declaration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pagewheel.shell.internal.Commands;
import org.pagewheel.shell.internal.attach.AttachCommand;
import org.pagewheel.shell.internal.kernel.RecordCommand;

/** What is made of the declarations of all commands. */
class CommandTest {
  private static final List<Command> ALL = new Commands(null, null).all();

  /** To repair it, put what the failure shows as expected in place of the table. */
  @Test
  void theReadmeListsWhatThereIs() throws Exception {
    String readme = Files.readString(Path.of("../../README.md"));
    String begin = "| command | what it does |\n";
    int from = readme.indexOf(begin);
    assertTrue(from >= 0, "README.md has no table of the commands");
    assertEquals(ReadmeTable.of(ALL), readme.substring(from, readme.indexOf("\n\n", from) + 1));
  }

  @Test
  void eachIsDeclaredWhole() {
    Set<String> names = new HashSet<>();
    List<Command> all = new ArrayList<>(ALL);
    all.add(AttachCommand.command());
    all.add(RecordCommand.command()); // of the command line alone
    for (Command command : all) {
      assertTrue(names.add(command.scope() + ":" + command.name()), command.name());
      assertFalse(command.examples().isEmpty(), command.name());
      command
          .examples()
          .forEach(each -> assertTrue(each.line().startsWith(command.name()), each.line()));
      List<String> page = HelpPage.of(command);
      String status = "exit status: 0 done, 1 .+, 2 the arguments are wrong";
      assertTrue(page.getLast().matches(status), page::toString);
      assertTrue(page.stream().anyMatch(line -> line.startsWith("  --json ")), page::toString);
      assertTrue(command.usage().contains(" [--json]"), command.usage());
    }
  }

  /** Those that print when events were: by {@code --wall} the time of day. */
  @Test
  void timesAreShownAsTimesOfDayToo() {
    Set<String> printing =
        Set.of(
            "cat",
            "diff",
            "follow",
            "hist",
            "latency",
            "query",
            "rate",
            "sql",
            "stats",
            "summary",
            "tail",
            "timeline");
    for (Command command : ALL) {
      boolean isShown =
          HelpPage.of(command).stream().anyMatch(line -> line.startsWith("  --wall "));
      assertEquals(printing.contains(command.name()), isShown, command.name());
    }
  }

  @Test
  void wordsAreKnownByTheirPlace() {
    Command swap = ALL.stream().filter(each -> each.name().equals("swap")).findFirst().get();
    assertEquals(Kind.BUFFER, swap.kind(1, "swap"));
    assertEquals(Kind.BACKEND, swap.kind(2, "main"));
    assertEquals(Kind.BACKEND_SETTING, swap.kind(5, "file=x"));
    Command cat = ALL.stream().filter(each -> each.name().equals("cat")).findFirst().get();
    assertEquals(Kind.EVENT, cat.kind(4, "x"));
    assertTrue(cat.names().containsAll(List.of("-t", "--wall", "--json", "from=", "to=")));
    Command save = ALL.stream().filter(each -> each.name().equals("snapshot")).findFirst().get();
    assertEquals(Kind.FILE, save.kind(2, "-o"));
  }
}
