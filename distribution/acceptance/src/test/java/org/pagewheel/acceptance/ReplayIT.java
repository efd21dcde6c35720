package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.acceptance.Program.Result;

/** What {@code pagewheel replay} makes of the traces of a real kernel. */
class ReplayIT {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"sched", "discard", "idle"})
  void theReportIsTheSame(String name) throws Exception {
    Path in = Program.kernelTrace(name);
    Path out = directory.resolve("out.dat");
    Result result =
        Program.pagewheel(directory, "replay", in.toString(), "-o", "out.dat").assertStatus(0);
    assertEquals("", result.err());
    assertTrue(result.out().contains("refused 0, overrun 0"), result::toString);
    assertEquals(Program.report(in), Program.report(out));
  }

  @Test
  void readsCompressedFilesAndHonoursTheConfiguration() throws Exception {
    Path in = directory.resolve("zstd.dat");
    Program.run(
            directory,
            "trace-cmd",
            "convert",
            "-i",
            Program.kernelTrace("sched").toString(),
            "-o",
            in.toString(),
            "--compression",
            "zstd")
        .assertStatus(0);
    Result result =
        Program.pagewheel(
                directory,
                "-Dpagewheel.buffers.main.page-size=16384",
                "replay",
                "zstd.dat",
                "-o",
                "out.dat",
                "pages=3")
            .assertStatus(0);
    assertTrue(result.out().contains("3 pages of 16,384 bytes"), result::toString);
    assertEquals(Program.report(in), Program.report(directory.resolve("out.dat")));
  }

  @Test
  void damagedInputGivesOneLineStatusOneAndNoOutput() throws Exception {
    Path in = directory.resolve("in.dat");
    byte[] bytes = Files.readAllBytes(Program.kernelTrace("idle"));
    Files.write(in, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    Program.pagewheel(directory, "replay", "in.dat", "-o", "out.dat")
        .assertStatus(1)
        .assertOneErrorLine("in.dat");
    Program.pagewheel(directory, "replay", "in.dat", "-o", "in.dat")
        .assertStatus(1)
        .assertOneErrorLine("give the output another name");
    assertEquals(1, Files.list(directory).count());
  }

  @Test
  void wrongArgumentsGiveOneLineAndStatusTwo() throws Exception {
    Program.pagewheel(directory, "replay", "in.dat")
        .assertStatus(2)
        .assertOneErrorLine("usage: replay IN.dat -o OUT.dat");
    Program.pagewheel(directory, "replay", "a", "b", "-o", "c")
        .assertStatus(2)
        .assertOneErrorLine("too many arguments, from 'b' on");
  }

  @Test
  void pipesAndSeveralCommandsWork() throws Exception {
    Result result =
        Program.pagewheel(
                directory,
                "-c",
                "ring:mark main needle; ring:cat main | grep needle; ring:stats main | grep"
                    + " overrun")
            .assertStatus(0);
    assertEquals(
        1,
        result.lines().stream().filter(l -> l.endsWith("mark: needle")).count(),
        result::toString);
    assertTrue(result.lines().stream().anyMatch(l -> l.startsWith("overrun ")), result::toString);
    Program.pagewheel(directory, "-c", "ring:show nothere")
        .assertStatus(1)
        .assertOneErrorLine("there is no buffer nothere");
  }
}
