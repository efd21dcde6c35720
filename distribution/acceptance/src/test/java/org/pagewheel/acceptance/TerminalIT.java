package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.acceptance.load.LoadActivator;

/** The interactive shell on a real terminal, one that {@code script} makes: keys in, screen out. */
class TerminalIT {
  private static final String PROMPT = "ring> ";
  private static final String INTERRUPT = "\u0003";

  /** How often a thing is interrupted; {@code -Dterminal.rounds=50} for the long form. */
  private static final int ROUNDS = Integer.getInteger("terminal.rounds", 3);

  @TempDir Path directory;
  private Process shell;
  private OutputStream keys;

  /** What has come so far; guarded by itself. */
  private final StringBuilder screen = new StringBuilder();

  /** Up to where it has been looked at. */
  private int seen;

  /** What stands above the first prompt. */
  private String banner;

  @BeforeEach
  void start() throws Exception {
    String command =
        "stty cols 120 rows 40; exec %s -Duser.home=%s"
            .formatted(Program.home().resolve("pagewheel"), directory);
    ProcessBuilder builder = new ProcessBuilder("script", "-qec", command, "/dev/null");
    builder.environment().put("PAGEWHEEL_JAVA", System.getProperty("java.home"));
    builder.environment().put("TERM", "xterm-256color");
    builder.environment().remove("NO_COLOR");
    shell = builder.directory(directory.toFile()).redirectErrorStream(true).start();
    keys = shell.getOutputStream();
    Thread.ofPlatform().daemon().start(this::read);
    banner = await(PROMPT);
  }

  @AfterEach
  void stop() throws Exception {
    shell.descendants().forEach(ProcessHandle::destroy);
    shell.destroy();
    assertTrue(shell.waitFor(120, TimeUnit.SECONDS));
  }

  private void read() {
    try (InputStream in = shell.getInputStream()) {
      byte[] bytes = new byte[4096];
      for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
        synchronized (screen) {
          screen.append(new String(bytes, 0, length, StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      // the terminal is gone
    }
  }

  private void type(String text) throws IOException {
    keys.write(text.getBytes(StandardCharsets.UTF_8));
    keys.flush();
  }

  /** Waits until a text has come, and returns what came before it since the last one. */
  private String await(String text) throws Exception {
    return await(text, "");
  }

  /** The same, while something is typed again and again. */
  private String await(String text, String typed) throws Exception {
    int[] at = {-1};
    try {
      Container.await(
          text,
          () -> {
            if (!typed.isEmpty()) {
              type(typed);
              Thread.sleep(500);
            }
            synchronized (screen) {
              at[0] = screen.indexOf(text, seen);
              return at[0] >= 0;
            }
          });
    } catch (AssertionError e) {
      synchronized (screen) {
        throw new AssertionError("not on the screen: " + text + "\n" + screen, e);
      }
    }
    synchronized (screen) {
      String before = screen.substring(seen, at[0]);
      seen = at[0] + text.length();
      return before;
    }
  }

  @Test
  @Execution(CONCURRENT)
  void twoLinesSayWhatToTryFirst() throws Exception {
    List<String> lines = banner.lines().limit(2).toList();
    assertTrue(lines.stream().allMatch(line -> line.length() <= 80), banner);
    assertTrue(lines.getFirst().endsWith("ring:show main, ring:cat main 20, ring:top"), banner);
    assertTrue(lines.getLast().contains("help lists the commands"), banner);
    type("ring:show main\n");
    await("CPU 0");
    await(PROMPT);
    type("ring:cat main 20 | grep -c :\n");
    await("20");
  }

  @Test
  @Execution(CONCURRENT)
  void theTabulatorKeyCompletesWhatIsThereAndShowHasColours() throws Exception {
    type("ring:show ma\t\n");
    String shown = await("clock mono") + await(PROMPT);
    assertTrue(shown.contains("\u001b[1mCPU 0"), shown);
    type("ring:swap main lockf\t\n");
    await("main: backend lockfree");
    await(PROMPT);
    type("ring:show main | grep 'pages of'\n");
    String piped = await("clock mono") + await(PROMPT);
    assertFalse(piped.contains("\u001b[1mCPU"), piped);
  }

  @Test
  @Execution(CONCURRENT)
  void topEndsWithAKey() throws Exception {
    type("ring:top -i 100ms\n");
    await("events/s");
    await("events/s");
    type("x");
    await(PROMPT);
    type("exit\n");
    assertTrue(shell.waitFor(120, TimeUnit.SECONDS));
    assertEquals(0, shell.exitValue());
  }

  /** It would take the second frame, and many more, to fill a buffer on the way. */
  @Test
  @Execution(CONCURRENT)
  void whatACommandPrintsIsShownAtOnce() throws Exception {
    type("ring:top -i 5s\n");
    await("events/s");
    type("x");
    await(PROMPT);
  }

  @Test
  @Execution(CONCURRENT)
  void afterAnInterruptNobodyTradesOnInTheDemo() throws Exception {
    type("ring:demo -n 100000000\n");
    await("While they trade:");
    assertTrue(threads().contains("trader-1"), threads()::toString);
    type(INTERRUPT);
    await(PROMPT);
    Container.await("the traders have gone", () -> !threads().toString().contains("trader"));
    assertEquals(attempted(), attempted());
  }

  private String attempted() throws Exception {
    type("ring:stats main\n");
    await("attempted ");
    return await(" = ");
  }

  /** The names of the threads of what runs on the terminal. */
  private List<String> threads() throws IOException {
    List<String> names = new ArrayList<>();
    for (ProcessHandle each : shell.descendants().toList()) {
      Path tasks = Path.of("/proc", Long.toString(each.pid()), "task");
      try (Stream<Path> all = Files.list(tasks)) {
        for (Path task : all.toList()) {
          names.add(Files.readString(task.resolve("comm")).strip());
        }
      } catch (NoSuchFileException e) {
        // it has ended meanwhile
      }
    }
    return names;
  }

  /**
   * Also in the midst of a line, for events come faster than they are printed; and each time the
   * shell has its output and its keyboard afterwards.
   */
  @ParameterizedTest
  @Execution(CONCURRENT)
  @CsvSource({"tail kept, step:", "tail kept | grep step, ''", "top -i 20ms, events/s"})
  void anInterruptEndsWhatGoesOnWithoutAWord(String command, String shown) throws Exception {
    for (String line : load("")) {
      type(line + "\n");
      await(PROMPT);
    }
    interrupted(command, shown);
  }

  @Test
  @Execution(CONCURRENT)
  void anInterruptEndsFollowWithoutAWord() throws Exception {
    Path ring = directory.resolve("kept.ring");
    Path out = directory.resolve("out.txt");
    Process other =
        new ProcessBuilder(
                Program.home().resolve("pagewheel").toString(),
                "-c",
                String.join("\n", load("backend=offheap file=" + ring))
                    + "\necho up; ring:tail jvm")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      Container.await("the other one is up", () -> Files.readString(out).contains("up"));
      interrupted("follow " + ring, "step:");
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  /** Begins to write events into a buffer, far more than a terminal shows. */
  private List<String> load(String settings) throws Exception {
    Path jar = FixtureBundle.of(directory.resolve("load.jar"), LoadActivator.class);
    return List.of(
        "ring:create kept pages=16 cpus=1 " + settings,
        "felix:install file:" + jar,
        "felix:start file:" + jar);
  }

  private void interrupted(String command, String shown) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      type("ring:" + command + "\n");
      await(shown);
      TimeUnit.MILLISECONDS.sleep(shown.isEmpty() ? 1000 : 0); // grep prints at the end alone
      type(INTERRUPT);
      String said = await(PROMPT);
      assertFalse(said.contains("Exception"), said);
      type("ring:list\n");
      await("jvm ");
      await(PROMPT);
    }
  }

  @ParameterizedTest
  @Execution(CONCURRENT)
  @ValueSource(strings = {"exit\n", "quit\n", "logout\n", "bye\n", "q\n", "\u0004"})
  void theShellEnds(String typed) throws Exception {
    type("felix:refresh\n");
    await(PROMPT);
    type("ring:mark main )\n");
    await(PROMPT);
    type(typed);
    assertTrue(shell.waitFor(120, TimeUnit.SECONDS), "still running");
    assertEquals(0, shell.exitValue());
  }

  @Test
  @Execution(CONCURRENT)
  void whatGogosCommandsPrintCanBeRedirected() throws Exception {
    type("ring:mark main here; ring:cat main ftrace:print | tail -1 > newest.txt\n");
    await(PROMPT);
    String newest = Files.readString(directory.resolve("newest.txt"));
    assertTrue(newest.endsWith("mark: here\n"), newest);
  }

  /** What is typed wrongly, and what a person reads. */
  private static final List<String> MISTAKES =
      List.of(
          "ring list|with a colon, such as ring:list",
          "ring:lst|did you mean ring:list?",
          "?|help lists the commands",
          "xit|did you mean exit?",
          "nosuch:*|there is no command nosuch:*",
          "ring:list --help|usage: ring:list",
          "ring:mark main )|a quote or a bracket does not match",
          "ring:trigger main ftrace:print traceoff if x > 100|is taken for a file",
          "ring:list > list.txt|gogo:cat > FILE",
          "ring:enable main nosuch:*|match",
          "cat|nothing to read: name a file");

  /** Whoever fails, a person reads words, and the shell goes on. */
  @Test
  @Execution(CONCURRENT)
  void mistakesAreAnsweredInWords() throws Exception {
    for (String mistake : MISTAKES) {
      String[] parts = mistake.split("\\|");
      type(parts[0] + "\n");
      String said = await(parts[1]) + await(PROMPT);
      assertFalse(said.contains("Exception"), said);
      type("ring:list\n");
      await("jvm ");
      await(PROMPT);
    }
    assertFalse(Files.exists(directory.resolve("100")));
    assertFalse(Files.exists(directory.resolve("list.txt")));
  }

  @Test
  @Execution(CONCURRENT)
  void whatFailsInAPipeIsAnsweredInWords() throws Exception {
    type("ring:cat mian | gogo:cat\n");
    await("there is no buffer mian");
    String said = await(PROMPT);
    type("nosuch | gogo:cat\n");
    await("there is no command nosuch");
    said += await(PROMPT);
    type("felix:start x\n");
    await("no protocol: x");
    said += await(PROMPT);
    type("ring:list | gogo:cat > /dev/full\n");
    await("not all of the output of 'ring:list | gogo:cat' could be written");
    said += await(PROMPT);
    assertFalse(said.contains("gogo: "), said);
  }

  /** Neither a trigger that stops recording nor a text that has orders for the terminal. */
  @Test
  @Execution(CONCURRENT)
  void nothingHappensSilentlyAndNoTextGivesOrders() throws Exception {
    type("ring:trigger main ftrace:print traceoff\n");
    await(PROMPT);
    type("ring:mark main stop\n");
    await("buffer main: off by trigger ftrace:print since ");
    type("ring:show main\n");
    await("clock mono, off by trigger ftrace:print since ");
    await(PROMPT);
    type("ring:on main; ring:trigger main ftrace:print '!traceoff'\n");
    await("no triggers; ring:trigger ");
    await(PROMPT);
    Files.writeString(directory.resolve("evil.txt"), "a\u001b[35mb\u202ec\u009bd\n");
    type("{ ring:list } > /dev/full\n");
    await("a block in braces is run by a command");
    await(PROMPT);
    type("evil = $(cat evil.txt)\n");
    await("a\\x1b[35mb\\u202ec\\x9bd");
    await(PROMPT);
  }

  /** Ctrl-C gives up what was typed before it, and nothing of what comes after. */
  @Test
  @Execution(CONCURRENT)
  void keysAfterAnInterruptAreNotLost() throws Exception {
    for (int round = 0; round < 20; round++) {
      type("nosuch" + INTERRUPT + "ring:list\n");
      await("jvm ");
      await(PROMPT);
    }
  }

  @Test
  @Execution(CONCURRENT)
  void thePromptComesBackWhenItsBundleIsRefreshed() throws Exception {
    type("lb -s\n");
    String before = await("|org.pagewheel.shell ");
    String number = before.replaceFirst("(?s).*?(\\d+)\\|Active[^\n]*$", "$1");
    type("felix:refresh " + number + "\n");
    // A refresh takes its time: what is typed at the prompt that goes is lost with it.
    await("jvm ", "ring:list\n");
  }

  @Test
  @Execution(CONCURRENT)
  void gogosOwnCommandsAreNotShadowedAndRefreshNeedsNoBundle() throws Exception {
    type("ring:mark main a; ring:mark main b; ring:mark main c\n");
    await(PROMPT);
    type("ring:cat main ftrace:print | tail -2\n");
    String said = await("mark: c") + await(PROMPT);
    assertTrue(said.contains("mark: b"), said);
    assertFalse(said.contains("mark: a"), said);
    type("felix:refresh\n");
    assertFalse(await(PROMPT).contains("null pointer"));
  }

  @Test
  @Execution(CONCURRENT)
  void aMistakeIsOneLine() throws Exception {
    type("ring:swap main lockfre\n");
    String said = await("there is no backend lockfre") + await(PROMPT);
    assertFalse(said.contains("\tat "), said);
    assertFalse(said.contains("Exception"), said);
  }
}
