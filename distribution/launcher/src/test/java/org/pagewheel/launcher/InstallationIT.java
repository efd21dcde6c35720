package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an installation brings for the system around it, judged by that system's own tools. */
class InstallationIT {
  private static final Path SHARE = Script.home().resolve("share");

  @TempDir Path directory;

  @Test
  void theManualPageHasNoFaultsAndEveryCommand() throws Exception {
    Script script = new Script(directory).with("LC_ALL", "C.UTF-8").with("MANWIDTH", "100");
    var page =
        script.run("man", "--warnings=all", "-l", SHARE.resolve("man/man1/pagewheel.1").toString());
    page.assertStatus(0);
    assertEquals("", page.err());
    for (String command :
        List.of("run    record until", "list [--json]\n", "show BUFFER [CPU] [--json]\n")) {
      assertTrue(page.out().contains("\n       " + command), page::toString);
    }
  }

  @Test
  void bashCompletesWords() throws Exception {
    assertEquals("stats\n", completed("pagewheel", "stat"));
    assertEquals("page-size\n", completed("pagewheel", "-Da", "=", "b", "page"));
    assertEquals("--json\n", completed("pagewheel", "list", "-"));
    assertEquals("overwrite\n", completed("pagewheel", "mode", "main", "o"));
    Files.createFile(directory.resolve("kernel one.dat"));
    assertEquals("kernel one.dat\n", completed("pagewheel", "replay", "ker"));
    assertEquals("", completed("pagewheel", "-c", "ring:li"));
    assertEquals("kernel one.dat\n", completed("pagewheel", "snapshot", "-o", "ker"));
  }

  /** At a real terminal: the tabulator key. */
  @Test
  void bashCompletesWhatIsTyped() throws Exception {
    Path completion = SHARE.resolve("bash-completion/completions/pagewheel");
    String typed =
        "source %s\npagewheel() { echo \"ran-$1-$2\"; }\npagewheel swa\tma\t\nexit\n"
            .formatted(completion);
    var result =
        new Script(directory)
            .with("TERM", "dumb")
            .feed(typed, "script", "-qec", "bash --norc -i", "/dev/null");
    assertTrue(result.out().contains("ran-swap-main"), result::toString);
  }

  /** As bash does it: {@code compopt} works only while bash itself completes. */
  private String completed(String... words) throws Exception {
    String program =
        """
        source "$1"; shift
        compopt() { :; }
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        _pagewheel
        [ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\\n' "${COMPREPLY[@]}"
        """;
    List<String> command = new ArrayList<>(List.of("bash", "-c", program, "bash"));
    command.add(SHARE.resolve("bash-completion/completions/pagewheel").toString());
    command.addAll(List.of(words));
    var result = new Script(directory).run(command.toArray(String[]::new));
    assertEquals("", result.err());
    return result.out();
  }

  /** But for the place of the program, which is this home's. */
  @Test
  void systemdTakesTheUnit() throws Exception {
    String unit = Files.readString(SHARE.resolve("systemd/pagewheel.service"));
    String place = "/opt/pagewheel/pagewheel run";
    assertTrue(unit.contains("ExecStart=" + place), unit);
    Path file = directory.resolve("pagewheel.service");
    Files.writeString(file, unit.replace(place, Script.home().resolve("pagewheel") + " run"));
    var result =
        new Script(directory).run("systemd-analyze", "verify", "--man=no", file.toString());
    assertEquals("", result.err());
    result.assertStatus(0);
  }
}
