package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pagewheel.acceptance.Program.Result;

/** Questions about traces, asked as a user does. */
class AnalysisIT {
  private static final Path README = Path.of("..", "..", "README.md");

  @TempDir Path directory;

  private Result bash(String script) throws Exception {
    String home = Program.home().resolve("pagewheel").toString();
    return Program.run(directory, "bash", "-c", script.replace("pagewheel ", home + " "));
  }

  private static long number(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertTrue(matcher.find(), text);
    return Long.parseLong(matcher.group(1).replace(",", ""));
  }

  @Test
  void whatTheReadmeAsksHasAnAnswer() throws Exception {
    String all = Files.readString(README);
    List<String> commands =
        all.substring(all.indexOf("## Answers from a trace"))
            .lines()
            .skip(1)
            .takeWhile(line -> !line.startsWith("#"))
            .filter(line -> line.startsWith("    distribution/pagewheel "))
            .map(line -> line.strip().replace("distribution/", ""))
            .toList();
    assertEquals(15, commands.size(), commands::toString);
    bash("pagewheel demo -n 2000 -o demo.dat").assertStatus(0);
    SpansProgram.record(directory, "web.dat");
    Files.copy(Program.kernelTrace("sched"), directory.resolve("both.dat"));
    for (String command : commands) {
      Result result = bash(command).assertStatus(0);
      String err =
          result
              .err()
              .replaceAll("(?m)^the trace lost .* may be among them\n", "")
              .replaceAll("(?m)^\\d threads are recorded only in part: .*\n", "");
      assertEquals("", err, command); // the demo overwrites what is too much for its ring
      assertTrue(!result.out().isBlank(), command);
    }
    long pairs =
        number(
            bash("pagewheel latency demo.dat order_placed order_filled --by id --json").out(),
            "\"pairs\":(\\d+)");
    assertTrue(pairs > 0, "there are pairs");
  }

  @Test
  void theRingOfAKilledProcessAnswers() throws Exception {
    Result result =
        bash(
            """
            pagewheel demo -n 1000000 -Dpagewheel.buffers.main.backend=offheap \
              -Dpagewheel.buffers.main.file=ring > demo.txt &
            until grep -qs 'While they trade' demo.txt; do sleep 0.1; done
            pagewheel summary ring | head -2
            kill -9 $!; wait
            pagewheel summary --json ring
            pagewheel query --json ring | wc -l
            pagewheel recover ring -o out.dat
            """);
    assertEquals("", result.assertStatus(0).err().replaceAll("(?m)^.*Killed.*\n", ""));
    assertTrue(result.out().contains("/ring\n"), "while it lived: " + result.out());
    long recovered = number(result.out(), "wrote [^:]*: ([\\d,]+) events");
    assertEquals(recovered, number(result.out(), "\"events\":(\\d+)"));
    assertTrue(number(result.out(), "(?m)^(\\d+)$") >= recovered, result.out()); // losses, too
  }

  @Test
  void whoHasSeenEnoughEndsIt() throws Exception {
    Path trace = Program.kernelTrace("sched");
    Result result = bash("pagewheel query " + trace + " | head -3").assertStatus(0);
    assertEquals("", result.err());
    assertEquals(Program.report(trace).get(1), bash("pagewheel query -t " + trace).lines().get(0));
    assertEquals(3, result.lines().size());
  }

  @Test
  void ofACutFileThereIsWhatIsThere() throws Exception {
    bash("pagewheel demo -n 2000 -o demo.dat").assertStatus(0);
    byte[] bytes = Files.readAllBytes(directory.resolve("demo.dat"));
    Files.write(directory.resolve("cut.dat"), Arrays.copyOf(bytes, bytes.length * 3 / 4));
    Result result = bash("pagewheel query cut.dat 'order_placed'");
    result.assertStatus(1).assertOneErrorLine("cut.dat, offset ");
  }

  /** A ring in discard mode that is full: what it refuses is in no page. */
  @Test
  void whatWasLostIsSaidBesideTheAnswer() throws Exception {
    bash("pagewheel demo -n 100000 -Dpagewheel.buffers.main.mode=discard"
            + " -Dpagewheel.buffers.main.pages=8 -o full.dat")
        .assertStatus(0);
    long lost = number(bash("pagewheel summary --json full.dat").out(), "\"lost\":(\\d+),\"losses");
    assertTrue(lost > 0, "events were refused");
    String note = "the trace lost %,d events: some that were asked for may be among them\n";
    for (String question : List.of("rate full.dat", "hist full.dat order_placed side")) {
      Result text = bash("pagewheel " + question).assertStatus(0);
      assertEquals(note.formatted(lost), text.err(), question);
      Result json = bash("pagewheel " + question + " --json").assertStatus(0);
      assertEquals("", json.err(), question);
      assertEquals(lost, number(json.out(), "\"lost\":(\\d+)"), question);
    }
    Result csv = bash("pagewheel query full.dat order_placed --csv").assertStatus(0);
    assertEquals(note.formatted(lost), csv.err());
    assertTrue(csv.lines().stream().allMatch(line -> line.contains(",")), csv::out);
  }

  @Test
  void nothingAroundAnEventIsSaid() throws Exception {
    String trace = Program.kernelTrace("sched").toString();
    Result result = bash("pagewheel query " + trace + " --around 'sched_switch if prev_pid == -9'");
    assertEquals("", result.assertStatus(0).out());
    result.assertOneErrorLine("no event is one of sched_switch if prev_pid == -9");
  }

  @ParameterizedTest
  @CsvSource({
    "summary nothere.dat, 1, there is no such file",
    "summary --jsn FILE, 2, did you mean --json?",
    "summary, 2, no file is named",
    "query FILE nothere.dat, 1, there is no such file",
    "query FILE sched_switch 'if prev_pid > 4', 2, no such file; if it is an event",
    "rate FILE sched_switch if prev_pid == 4, 2, no such file; if it is an event",
    "latency FILE sched_waking if x sched_switch, 2, no such file; if it is an event",
    "query FILE sched_swich, 2, did you mean sched_switch?",
    "query FILE 'prev_pdi == 1', 2, did you mean prev_pid?",
    "query FILE --off-cpu --sort time, 2, --sort is for events",
    "query FILE --off-cpu sched_switch, 2, is not a span",
    "query FILE --wall, 2, does not say what time of day",
    "latency FILE sched_waking sched_switch --by pdi, 2, did you mean pid?",
    "latency FILE sched_waking, 2, is not a span: name two events",
    "latency nothere sched_waking, 2, nothere: there is no such file",
    "hist FILE sched_switch prev_pid.log3, 2, FIELD.log2",
    "rate FILE --every never, 2, is not a length of time",
    "diff FILE, 2, two files are needed"
  })
  void aMistakeIsOneLineThatSaysWhatWouldBeRight(String command, int status, String part)
      throws Exception {
    String words = command.replace("FILE", Program.kernelTrace("sched").toString());
    bash("pagewheel " + words).assertStatus(status).assertOneErrorLine(part);
  }

  @ParameterizedTest
  @CsvSource({"summary", "query", "latency", "hist", "rate", "diff", "sql"})
  void eachExplainsItself(String command) throws Exception {
    Result result = bash("pagewheel " + command + " --help").assertStatus(0);
    assertTrue(result.out().startsWith("usage: " + command + " "), result::out);
    assertTrue(result.out().contains("Exit status: "), result::out);
    result.lines().forEach(line -> assertTrue(line.length() <= 88, line));
  }
}
