package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pagewheel.acceptance.Program.Result;

/** Questions in SQL, asked as a user does, with the add-on and without it. */
class SqlIT {
  private static final Path GUIDE = Path.of("..", "sql", "README.md");
  private static final Pattern QUESTION = Pattern.compile("(?s)```sql\\n(.*?)\\n```");
  private static final long MAX_ARCHIVE = 20_000_000;

  @TempDir Path directory;

  /** The home as an archive has it. */
  private Path homeWithoutAddons() throws Exception {
    Path home = directory.resolve("home");
    Program.run(directory, "cp", "-r", Program.home().toString(), home.toString()).assertStatus(0);
    Program.run(directory, "rm", "-r", home.resolve("addons").toString()).assertStatus(0);
    return home;
  }

  private Result ask(Path home, String... words) throws Exception {
    return Program.run(
        directory,
        Stream.concat(Stream.of(home.resolve("pagewheel").toString()), Stream.of(words))
            .toArray(String[]::new));
  }

  @Test
  void eachQuestionOfTheGuideHasAnAnswer() throws Exception {
    Program.pagewheel(directory, "demo", "-n", "2000", "-o", "demo.dat").assertStatus(0);
    SpansProgram.record(directory, "web.dat");
    List<String> questions =
        QUESTION.matcher(Files.readString(GUIDE)).results().map(each -> each.group(1)).toList();
    assertTrue(questions.size() >= 10, questions::toString);
    List<String> lines =
        questions.stream()
            .map(
                each -> (each.contains("from spans") ? "web.dat" : "demo.dat") + " \"" + each + '"')
            .map(words -> "ring:sql " + words + "; echo answered")
            .toList();
    Files.write(directory.resolve("questions"), lines);
    Result all =
        Program.run(directory, "bash", "-c", Program.home().resolve("pagewheel") + " < questions");
    assertEquals("", all.assertStatus(0).err().replaceAll("(?m)^the trace lost .* them\n", ""));
    String[] answers = all.out().split("answered\n");
    assertEquals(questions.size(), answers.length, all::out);
    for (String answer : answers) {
      boolean mayBeEmpty = answer.matches("(?s)(cpu|id  took) .*"); // losses, what was slow
      assertTrue(answer.lines().count() > 1 || mayBeEmpty, all::out);
    }
    Result json =
        Program.pagewheel(
                directory,
                "sql",
                "web.dat",
                "--json",
                "select type, count(*) n, count(*) filter (failed) failed from spans"
                    + " where type like 'web:%' group by type order by type")
            .assertStatus(0);
    assertEquals(
        List.of(
            "{\"type\":\"web:job\",\"n\":20,\"failed\":0}",
            "{\"type\":\"web:parsed\",\"n\":20,\"failed\":0}",
            "{\"type\":\"web:request\",\"n\":21,\"failed\":1}",
            "{\"type\":\"web:step\",\"n\":23,\"failed\":0}"),
        json.lines());
  }

  /** The formats, times of day, and a ring file of a process that was killed. */
  @Test
  void answersGoIntoFiles() throws Exception {
    Result made =
        Program.run(
            directory,
            "bash",
            "-c",
            """
            P=%s
            $P demo -n 1000000 -Dpagewheel.buffers.main.backend=offheap \
              -Dpagewheel.buffers.main.file=ring > demo.txt &
            until grep -qs 'While they trade' demo.txt; do sleep 0.1; done
            kill -9 $!; wait
            for each in csv jsonl parquet txt; do
              $P sql ring -o answer.$each --wall 'select ts, id from order_placed limit 5' || exit 9
            done
            """
                .formatted(Program.home().resolve("pagewheel")));
    assertEquals(4, made.assertStatus(0).out().split("5 rows are in ", -1).length - 1, made::out);
    List<String> csv = Files.readAllLines(directory.resolve("answer.csv"));
    assertEquals("ts,id", csv.getFirst());
    assertTrue(csv.get(1).matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+,\\d+"), csv::toString);
    assertEquals(6, csv.size());
    assertEquals(5, Files.readAllLines(directory.resolve("answer.jsonl")).size());
    assertEquals(6, Files.readAllLines(directory.resolve("answer.txt")).size());
    byte[] parquet = Files.readAllBytes(directory.resolve("answer.parquet"));
    assertEquals("PAR1", new String(Arrays.copyOf(parquet, 4), StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FILE 'select * from sched_swich' | 2 | Did you mean \"sched_switch\"? (line 1, column 15)",
        "FILE 'select 1/' | 2 | Parser Error",
        "FILE \"select cast(next_comm as int) from sched_switch\" | 1 | Could not convert string",
        "FILE \"select * from read_csv('/etc/passwd')\" | 2 | file system operations are disabled",
        "nothere.dat 'select 1' | 1 | there is no such file",
        "FILE | 2 | a file and a question in SQL are needed",
        "FILE 'select 1' --format xml | 2 | no format xml, there are: text, csv, jsonl, parquet",
        "FILE 'select 1' --format parquet | 2 | -o FILE is missing",
        "FILE 'select 1' --wall | 2 | does not say what time of day",
      })
  void aMistakeIsOneLine(String words, int status, String part) throws Exception {
    String line =
        Program.home().resolve("pagewheel")
            + " sql "
            + words.replace("FILE", Program.kernelTrace("sched").toString());
    Program.run(directory, "bash", "-c", line).assertStatus(status).assertOneErrorLine(part);
  }

  @Test
  void withoutTheAddonOneLineSaysHowToGetIt() throws Exception {
    Path home = homeWithoutAddons();
    String trace = Program.kernelTrace("sched").toString();
    ask(home, "sql", trace, "select 1")
        .assertStatus(1)
        .assertOneErrorLine(
            "mvn dependency:copy -Dmdep.stripVersion"
                + " -Dartifact=org.pagewheel:pagewheel-sql:1.0.0-SNAPSHOT -DoutputDirectory="
                + home.resolve("addons"));
    assertEquals("", ask(home, "summary", trace).assertStatus(0).err());
    ask(home, "sql", "--help").assertStatus(0);
  }

  @Test
  void anAddonThatOthersCouldHavePutThereIsNotStarted() throws Exception {
    Path home = homeWithoutAddons();
    Path addons = Files.createDirectory(home.resolve("addons"));
    Files.copy(
        Program.home().resolve("addons").resolve("pagewheel-sql.jar"),
        addons.resolve("pagewheel-sql.jar"));
    for (Path open : List.of(addons, addons.resolve("pagewheel-sql.jar"))) {
      Object mode = Files.getAttribute(open, "unix:mode");
      Files.setAttribute(open, "unix:mode", 0777);
      Result result = ask(home, "sql", Program.kernelTrace("sched").toString(), "select 1");
      assertTrue(
          result
              .assertStatus(1)
              .err()
              .contains(
                  "no add-ons are started: " + open.toRealPath() + " belongs to another user"),
          result::err);
      Files.setAttribute(open, "unix:mode", (int) mode & 07777);
    }
    Program.run(directory, "mkfifo", addons.resolve("a-pipe.jar").toString()).assertStatus(0);
    Result result = ask(home, "sql", Program.kernelTrace("sched").toString(), "select 1 as one");
    assertEquals(List.of("one", "  1"), result.assertStatus(0).lines());
  }

  @Test
  void theArchiveDoesNotBringIt() throws Exception {
    try (Stream<Path> files = Files.list(Program.home().getParent())) {
      for (Path archive : files.filter(each -> each.toString().endsWith(".zip")).toList()) {
        assertTrue(Files.size(archive) < MAX_ARCHIVE, archive + ": " + Files.size(archive));
        try (ZipFile zip = new ZipFile(archive.toFile())) {
          assertTrue(zip.stream().noneMatch(entry -> entry.getName().contains("/addons/")));
        }
      }
    }
    assertTrue(Files.exists(Program.home().resolve("addons").resolve("pagewheel-sql.jar")));
  }
}
