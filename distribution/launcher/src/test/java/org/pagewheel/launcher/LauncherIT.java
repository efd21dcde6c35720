package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The assembled home, started the way a user starts it. */
class LauncherIT {
  @TempDir Path directory;
  private Script script;
  private final String pagewheel = Script.home().resolve("pagewheel").toString();

  @BeforeEach
  void makeScript() throws IOException {
    script = new Script(directory);
  }

  @Test
  void commandsPrintTheirResults() throws Exception {
    var result = script.run(pagewheel, "-c", "echo one; [1 2]\n echo three | grep three");
    result.assertStatus(0);
    assertEquals(List.of("one", "1", "2", "", "three"), result.out().lines().toList());
    assertEquals("", result.err());
  }

  @Test
  void everyBundleOfTheHomeStarts() throws Exception {
    var result = script.run(pagewheel, "-c", "lb -s");
    result.assertStatus(0);
    var notActive = result.out().lines().filter(line -> line.matches(" +\\d+\\|(?!Active).*"));
    assertTrue(
        notActive.allMatch(line -> line.contains("jline")), () -> "not active: " + result.out());
  }

  @Test
  void eachMistakeOfAConfigurationHasALine() throws Exception {
    Path file = directory.resolve("a.conf");
    Files.writeString(file, "foo = 1\npagewheel.buffers.main {\n  pages = 1\n  mode = foo\n}\n");
    var result = script.run(pagewheel, "-Dpagewheel.config=" + file, "-c", "echo never");
    assertEquals("", result.out());
    List<String> lines = result.err().lines().toList();
    assertEquals(3, lines.size(), result::toString);
    for (int i = 0; i < 3; i++) {
      String place = "pagewheel: " + file + ":" + List.of(1, 3, 4).get(i) + ": ";
      assertTrue(lines.get(i).startsWith(place), result::toString);
    }
    Files.writeString(file, "pagewheel {\n  buffers.main.pages = 64\n");
    var open = script.run(pagewheel, "-Dpagewheel.config=" + file, "-c", "echo never");
    open.assertErrorLine(
        "pagewheel: %s:3: the file ends, and a { or ( is not closed; the bracket that closes it"
                .formatted(file)
            + " would be right");
  }

  @Test
  void eachMistakeOfAReloadHasALine() throws Exception {
    Path file = directory.resolve("a.conf");
    Files.writeString(file, "pagewheel.buffers.main.pages = 64\n");
    Process process = startWaiting(pagewheel, "-Dpagewheel.config=" + file);
    Files.writeString(file, "pagewheel.buffers.main {\n  pages = 1\n  mode = foo\n}\n");
    try (var input = process.outputWriter()) {
      input.write("ring:reload\n");
    }
    var result = script.await(process);
    result.assertStatus(1);
    List<String> lines = result.err().lines().toList();
    assertEquals(2, lines.size(), result::toString);
    assertTrue(lines.get(0).startsWith("pagewheel: " + file + ":2: "), result::toString);
    assertTrue(lines.get(1).startsWith("pagewheel: " + file + ":3: "), result::toString);
  }

  @Test
  void exitEndsALineAndAScript() throws Exception {
    var line = script.run(pagewheel, "-c", "echo one; exit; echo never");
    line.assertStatus(0);
    assertEquals("one\n", line.out());
    assertEquals("", line.err());
    var lines = script.feed("nosuch\nexit\necho never\n", pagewheel);
    lines.assertStatus(1);
    assertEquals("", lines.out());
    lines.assertErrorLine("pagewheel: there is no command nosuch; help lists them all");
  }

  @Test
  void whatADemoCannotWriteIsRefusedBeforeItBegins() throws Exception {
    var result = script.run(pagewheel, "demo", "-o", "/dev/full");
    result.assertStatus(1);
    assertEquals("", result.out());
    result.assertErrorLine("pagewheel: /dev/full is not a regular file and is not replaced");
  }

  @Test
  void aFailingCommandGivesOneLineAndStatusOne() throws Exception {
    var result = script.run(pagewheel, "-c", "nosuch; echo never");
    result.assertStatus(1);
    result.assertErrorLine("pagewheel: there is no command nosuch; help lists them all");
    assertEquals("", result.out());
  }

  /** With its line; what fails in a pipe of it is reported, and the script goes on. */
  @Test
  void whatFailsInAScriptIsReportedWithItsLine() throws Exception {
    Files.writeString(
        directory.resolve("s.gogo"),
        "# a script\necho one\nif { true } {\n  echo two\n}\nnosuch | cat\nnosuch\necho three\n");
    var result = script.run(pagewheel, "-c", "echo $(echo b | cat)\nsource s.gogo\necho never");
    result.assertStatus(1);
    assertEquals("b\none\ntwo\n", result.out());
    String failure = "there is no command nosuch; help lists them all";
    assertEquals(
        "pagewheel: %1$s\npagewheel: s.gogo, line 7: %1$s\n".formatted(failure), result.err());
  }

  /** As where it is typed: once, and not as an object. */
  @Test
  void aScriptPrintsTables() throws Exception {
    Files.writeString(
        directory.resolve("s.gogo"), "ring:backends\nring:backends | grep offheap\n[1 2]\n");
    var typed = script.run(pagewheel, "-c", "ring:backends");
    typed.assertStatus(0);
    var result = script.run(pagewheel, "-c", "source s.gogo");
    result.assertStatus(0);
    assertEquals(typed.out() + "offheap\n1\n2\n\n", result.out());
    assertEquals("", result.err());
  }

  @Test
  void whatGogosCommandsReportIsInWordsToo() throws Exception {
    var result = script.run(pagewheel, "-c", "cat nosuch.txt");
    result.assertStatus(1);
    assertTrue(result.err().contains("nosuch.txt"), result::toString);
    assertFalse(result.err().contains("Exception"), result::toString);
    assertEquals(1, result.err().lines().count(), result::toString);
  }

  @Test
  void aRedirectionIsFollowedOrRefused() throws Exception {
    Path work = Files.createDirectory(directory.resolve("work"));
    var program =
        "echo a > a.txt # b; echo c; ring:list > list.txt; echo never".replace("; ", "\n");
    var result = script.run("sh", "-c", "cd work && '%s' -c '%s'".formatted(pagewheel, program));
    result.assertStatus(1);
    result.assertErrorLine(
        "pagewheel: ring:list cannot be redirected with >: quote it, or write"
            + " ring:list | gogo:cat > FILE");
    assertEquals("c\n", result.out());
    assertEquals("a\n", Files.readString(work.resolve("a.txt")));
    assertFalse(Files.exists(work.resolve("list.txt")));
  }

  /** Gogo reports the last part of a pipe alone, and Felix returns what it has caught. */
  @Test
  void whatFailsInsideALineIsAFailureInWords() throws Exception {
    var result =
        script.run(
            pagewheel,
            "-c",
            """
            ring:cat mian | gogo:cat
            nosuch | gogo:cat
            ring:save nodir/x | gogo:cat
            felix:start x | gogo:cat
            ring:list | gogo:cat > /dev/full
            ring:list | head -n 1
            echo on
            """);
    result.assertStatus(1);
    assertEquals(
        """
        pagewheel: there is no buffer mian: did you mean main?
        pagewheel: there is no command nosuch; help lists them all
        pagewheel: %1$s/nodir/x: there is no directory %1$s/nodir
        pagewheel: no protocol: x
        pagewheel: not all of the output of 'ring:list | gogo:cat' could be written
        """
            .formatted(directory.toRealPath()),
        result.err());
    assertEquals("on", result.out().lines().toList().getLast());
  }

  /** Its command has said why; a grep that finds nothing fails as well, and says nothing. */
  @Test
  void anErrorNumberInsideAPipeIsAFailureToo() throws Exception {
    var result = script.run(pagewheel, "-c", "sort nosuch.txt | cat; echo on");
    result.assertStatus(1);
    assertEquals("on\n", result.out());
    assertFalse(result.err().isBlank(), result::toString);
    var none = script.run(pagewheel, "-c", "echo a | grep b | cat; echo on");
    none.assertStatus(0);
    assertEquals("on\n", none.out());
  }

  @Test
  void whatFailsInTheBackgroundIsReported() throws Exception {
    var result = script.run(pagewheel, "-c", "ring:lst & ; echo on");
    result.assertStatus(1);
    assertEquals("on\n", result.out());
    result.assertErrorLine("pagewheel: there is no command ring:lst, did you mean ring:list?");
  }

  @Test
  void withoutATerminalTopPrintsOnce() throws Exception {
    var result = script.run(pagewheel, "-c", "ring:top main; echo on");
    result.assertStatus(0);
    assertEquals(3, result.out().lines().count(), result::toString);
  }

  @Test
  void aMistakeIsAnsweredInTheWordsThatWereTyped() throws Exception {
    var swap = script.run(pagewheel, "-c", "ring:swap main lockfree fil=x");
    swap.assertStatus(1);
    assertTrue(swap.err().startsWith("pagewheel: fil: there is no such key"), swap::toString);
    var redirection = script.run(pagewheel, "-c", "ring:list >");
    redirection.assertStatus(1);
    var needed = "pagewheel: > and < need the name of a file; ";
    assertTrue(redirection.err().startsWith(needed), redirection::toString);
  }

  @Test
  void aReaderInAPipeThatLeavesIsNoFailure() throws Exception {
    var many = "each [1 2 3 4 5 6 7 8 9] { echo line } | head -n 1";
    var result = script.run(pagewheel, "-c", many);
    result.assertStatus(0);
    assertEquals("", result.err());
  }

  @Test
  void whatIsNestedTooDeepIsRefused() throws Exception {
    var result = script.feed("(".repeat(1_000_000) + "\n", pagewheel);
    result.assertStatus(1);
    result.assertErrorLine("pagewheel: the command, or what it reads, is nested too deep");
  }

  /** To list a pipe is not to open it: nobody writes into this one. */
  @Test
  void filesAreListedWithoutBeingOpened() throws Exception {
    var command = "mkdir work && cd work && mkfifo ff && touch .h b && '%s' -c '%s'";
    var result = script.run("sh", "-c", command.formatted(pagewheel, "ls; ls -lF ff; ls nosuch"));
    result.assertStatus(1);
    result.assertErrorLine("pagewheel: nosuch: there is no such file");
    var lines = result.out().lines().toList();
    assertEquals(List.of("b", "ff"), lines.subList(0, 2), result::toString);
    assertTrue(lines.get(2).matches("orw\\S+ .* ff"), result::toString);
    assertEquals(3, lines.size(), result::toString);
  }

  @Test
  void tooFewDescriptorsAreReportedOnce() throws Exception {
    var result = script.run("sh", "-c", "ulimit -n 30; '" + pagewheel + "' -c 'echo x'");
    result.assertStatus(1);
    assertEquals("", result.out(), result::toString);
    var lines = result.err().lines().filter(line -> line.startsWith("pagewheel: ")).toList();
    assertEquals(1, lines.size(), result::toString);
    assertTrue(lines.getFirst().endsWith("Too many open files"), result::toString);
  }

  @Test
  void smallMistakesAreAnsweredInWords() throws Exception {
    var program =
        """
        ring:mark main $unset
        ring:mark $unset
        ring:trigger --help
        $
        ring:mark main %s
        ring:save /proc/self/nosuch/x.dat
        """
            .formatted("x".repeat(100_000));
    var result = script.feed(program, pagewheel);
    result.assertStatus(1);
    var usage = "; usage: mark [--json] BUFFER TEXT...";
    var said = result.err().lines().toList();
    assertEquals("pagewheel: a variable among the arguments is not set" + usage, said.get(0));
    assertEquals("pagewheel: a variable among the arguments is not set" + usage, said.get(1));
    assertEquals("pagewheel: there is no command $; help lists them all", said.get(2));
    assertTrue(said.get(3).startsWith("pagewheel: /proc/self/nosuch/x.dat: "), result::toString);
    assertEquals(4, said.size(), result::toString);
    assertTrue(
        result
            .out()
            .matches(
                "(?s)ring:trigger - .*usage: ring:trigger .*exit status: 0 .*"
                    + "at most the first 4,0\\d\\d of 100,000 bytes were kept: .*\\R"),
        result::toString);
    var help = script.run(pagewheel, "--help", "demo");
    help.assertStatus(0);
    assertTrue(help.out().contains("-n ORDERS"), help::toString);
  }

  @Test
  void anErrorNumberIsAFailureToo() throws Exception {
    var result = script.run(pagewheel, "-c", "echo a | grep b; echo on");
    result.assertStatus(1);
    assertEquals("on", result.out().strip());
  }

  @Test
  void grepCountsTheLinesOfAPipe() throws Exception {
    var program =
        "ring:mark main needle 1; ring:mark main needle 2; ring:cat main | grep -c needle;"
            + " ring:cat main | grep -v needle | grep -c needle || echo none";
    var result = script.run(pagewheel, "-c", program);
    assertEquals(List.of("2", "0", "none"), result.out().lines().toList(), result::toString);
    result.assertStatus(0);
    var wrong = script.run(pagewheel, "-c", "echo a | grep '('");
    wrong.assertStatus(1);
    assertTrue(wrong.err().startsWith("pagewheel: '(' is not a pattern: "), wrong::toString);
  }

  @Test
  void aSyntaxErrorGivesOneLine() throws Exception {
    var result = script.run(pagewheel, "-c", "echo \"a");
    result.assertStatus(1);
    assertEquals(1, result.err().lines().count(), result::toString);
  }

  @Test
  void wrongArgumentsGiveOneLineAndStatusTwo() throws Exception {
    var option = script.run(pagewheel, "--frobnicate");
    option.assertStatus(2);
    option.assertErrorLine("pagewheel: unknown option --frobnicate; try: pagewheel --help");
    var word = script.run(pagewheel, "frobnicate", "x");
    word.assertStatus(2);
    assertTrue(word.err().startsWith("pagewheel: no command 'frobnicate'"), word::toString);
    assertEquals(1, word.err().lines().count(), word::toString);
    var near = script.run(pagewheel, "sumary", "x.dat");
    near.assertStatus(2);
    near.assertErrorLine("pagewheel: no command 'sumary'; did you mean summary?");
    var scoped = script.run(pagewheel, "ring:list");
    scoped.assertStatus(2);
    scoped.assertErrorLine("pagewheel: no command 'ring:list'; did you mean list?");
  }

  @Test
  void helpAndVersionNeedNoFramework() throws Exception {
    var help = script.run(pagewheel, "--help");
    help.assertStatus(0);
    assertTrue(help.out().startsWith("usage: pagewheel"), help::toString);
    var version = script.run(pagewheel, "--version");
    version.assertStatus(0);
    assertTrue(version.out().matches("pagewheel \\d.*\\R"), version::toString);
  }

  @Test
  void propertiesReachTheBundles() throws Exception {
    var program = "$.context getProperty pagewheel.buffers.test.pages";
    var result = script.run(pagewheel, "-Dpagewheel.buffers.test.pages=7", "-c", program);
    result.assertStatus(0);
    assertEquals("7", result.out().strip());
  }

  @Test
  void withoutATerminalCommandsComeFromStandardInput() throws Exception {
    var result = script.feed("echo a\nnosuch\necho b\n", pagewheel);
    result.assertStatus(1);
    assertEquals(List.of("a", "b"), result.out().lines().toList());
    result.assertErrorLine("pagewheel: there is no command nosuch; help lists them all");
  }

  @Test
  void aClosedStandardInputHasNoCommands() throws Exception {
    Files.createDirectory(directory.resolve("work"));
    var result = script.run("sh", "-c", "cd work && '" + pagewheel + "' <&-");
    result.assertStatus(0);
    assertEquals("", result.out() + result.err());
    try (var files = Files.list(directory.resolve("work"))) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void theClassArchiveIsForThisUserAloneWhateverTheUmask() throws Exception {
    script.with("XDG_CACHE_HOME", directory.resolve(".cache").toString());
    script.run("sh", "-c", "umask 000; '" + pagewheel + "' -c 'echo x'").assertStatus(0);
    try (var files = Files.list(directory.resolve(".cache/pagewheel"))) {
      var archives = files.toList();
      assertEquals(1, archives.size(), archives::toString);
      var permissions = Files.getPosixFilePermissions(archives.getFirst());
      assertEquals("rw-------", PosixFilePermissions.toString(permissions));
    }
  }

  /** The JVM's recordings among it: of what they say, and of code that libraries unpack. */
  @Test
  void temporaryFilesAreForThisUserAloneWhateverTheUmask() throws Exception {
    Process process = startWaiting("sh", "-c", "umask 000; exec '" + pagewheel + "'");
    for (int i = 0; i < 3600 && found("-name", "*.jfr").isEmpty(); i++) {
      Thread.sleep(50);
    }
    assertTrue(found("-name", "*.jfr").contains(".jfr"), "a recording runs");
    assertEquals("", found("-perm", "/077"));
    process.outputWriter().close();
    script.await(process).assertStatus(0);
  }

  /** Of the temporary files, which come and go, the names that {@code find} finds. */
  private String found(String... test) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("find", script.temporary() + "", "-mindepth", "1"));
    command.addAll(List.of(test));
    Process find =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return new String(find.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  @Test
  void onATerminalTheShellCompletesAndLeaves() throws Exception {
    // A tab completes the command, which it does on no dumb terminal; ^U takes the line away.
    var typed =
        "until grep -q 'ring> ' out; do sleep 0.1; done; printf 'echo up\\rfelix:unins\\t';"
            + " until grep -q 'uninstall' out; do sleep 0.1; done; printf '\\025exit\\r'; sleep 1";
    var session = "stty rows 30 cols 100; exec '" + pagewheel + "'";
    var result =
        script
            .with("TERM", "xterm")
            .run("sh", "-c", "(" + typed + ") | script -qec \"" + session + "\" /dev/null");
    result.assertStatus(0);
    assertTrue(result.out().contains("up\r\n"), result::toString);
    result.assertNoTrace();
  }

  @Test
  void aReaderThatLeavesEndsTheProgramQuietly() throws Exception {
    var endless = "while { true } { echo line }";
    var result = script.run("sh", "-c", "'" + pagewheel + "' -c '" + endless + "' | head -n 1");
    assertEquals("line", result.out().strip());
    assertEquals("", result.err());
  }

  @Test
  void aFullDiskIsTold() throws Exception {
    var result = script.run("sh", "-c", "'" + pagewheel + "' -c 'echo x' > /dev/full");
    result.assertStatus(1);
    result.assertErrorLine("pagewheel: cannot write the output: No space left on device");
  }

  @Test
  void anOutputThatIsClosedIsTold() throws Exception {
    var result = script.run("sh", "-c", "'" + pagewheel + "' -c 'echo x' >&-");
    result.assertStatus(1);
    result.assertErrorLine("pagewheel: cannot write the output: Bad file descriptor");
  }

  @Test
  void aSignalStopsInGoodOrder() throws Exception {
    Process process = startWaiting();
    process.destroy();
    var result = script.await(process);
    result.assertStatus(128 + 15);
    assertEquals("", result.err());
    assertEquals(List.of(), script.caches());
  }

  @Test
  void aKilledProcessIsSweptAfter() throws Exception {
    Process process = startWaiting();
    process.destroyForcibly();
    script.await(process);
    assertEquals(1, script.caches().size());
    script.run(pagewheel, "-c", "echo next").assertStatus(0);
    assertEquals(List.of(), script.caches());
  }

  /** A program that waits for its next line. */
  private Process startWaiting() throws IOException, InterruptedException {
    return startWaiting(pagewheel);
  }

  private Process startWaiting(String... command) throws IOException, InterruptedException {
    Process process = script.start(command);
    var input = process.outputWriter();
    input.write("echo up\n");
    input.flush();
    Path out = directory.resolve("out");
    for (int i = 0; i < 3600 && !Files.readString(out).contains("up"); i++) {
      Thread.sleep(50);
    }
    assertEquals(1, script.caches().size());
    return process;
  }
}
