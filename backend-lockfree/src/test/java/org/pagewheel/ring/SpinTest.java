package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks the models of the protocol in every state that they can reach, with {@code spin} and
 * {@code gcc}, and that a mistake put into them is found. In all runs of the ring's there are two
 * writers and a reader, and one of the writers may stand still for ever, anywhere. The models say
 * what the flags mean.
 */
class SpinTest {
  private static final Path MODELS = Path.of("src", "test", "spin");
  private static final String RING = "ring.pml";
  private static final String CLOSING = "closing.pml";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-DOVER=1 -DCAP=1 -DNEV=2 -DNEV2=1 -DRA=1",
        "-DOVER=1 -DNEV=3 -DNEV2=1 -DRA=1 -DFLUSH",
        "-DOVER=1 -DNEV=3 -DNEV2=2 -DRA=1 -DPREFIX",
        "-DOVER=1 -DNEV=2 -DNEV2=2 -DRA=1 -DPREFIX -DDISC",
        "-DOVER=1 -DNEV=2 -DNEV2=2 -DRA=1 -DPREFIX -DDISC -DBACK",
        "-DNEV=2 -DNEV2=2 -DRA=2 -DPREFIX -DDISC -DBACK",
        "-DPASS -DSP=2 -DNEV=1 -DNEV2=4 -DRA=1 -DDISC -DBACK",
        "-DOVER=1 -DCAP=1 -DNW=3 -DNEV=1 -DRA=0 -DSTALL=2",
        "-DCAP=1 -DNEV=2 -DNEV2=2 -DRA=2",
        "-DNEV=2 -DNEV2=2 -DRA=2 -DFLUSH",
        "-DNEV=2 -DNEV2=2 -DRA=2 -DPREFIX",
        "-DCAP=1 -DNEV=2 -DNEV2=1 -DRA=0 -DSEAL",
        "-DOVER=1 -DCAP=1 -DNEV=2 -DNEV2=1 -DRA=0 -DSEAL",
        "-DOVER=1 -DCAP=1 -DNEV=2 -DNEV2=1 -DRA=0 -DTIME -DNOWMAX=1",
        "-DCAP=1 -DNEV=2 -DNEV2=1 -DRA=1 -DTIME -DNOWMAX=1",
        "-DPASS -DSP=2 -DNEV=1 -DNEV2=5 -DRA=1",
        "-DPASS -DFLUSH -DSP=2 -DNEV=1 -DNEV2=3 -DRA=2",
      })
  @Execution(CONCURRENT)
  void noEventIsLostDoubledOrTornInAnyState(String flags) throws Exception {
    assertEquals(0, errors(RING, flags), () -> flags + "\n" + last());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-DSOLO=60 -DOVER=1 -DCAP=1 -DNEV=2 -DNEV2=1 -DRA=0"})
  void aWriterThatRunsAloneEndsItsEvent(String flags) throws Exception {
    assertEquals(0, errors(RING, flags), () -> flags + "\n" + last());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-DM_NO_WALK -DOVER=1 -DCAP=1",
        "-DM_NO_ZERO -DOVER=1 -DCAP=1",
        "-DM_FREE_UNCHECKED -DOVER=1 -DCAP=1",
        "-DM_ACCOUNT_UNCHECKED -DOVER=1 -DCAP=1 -DNEV=2 -DRA=1",
        "-DM_ACCOUNT_STORED -DOVER=1 -DCAP=1 -DNEV=2 -DRA=1",
        "-DM_OPENEARLY -DOVER=1 -DCAP=1 -DNEV=3 -DNEV2=1 -DRA=0 -DSEAL",
        "-DM_SEAL_NO_CLOSE -DCAP=1 -DNEV=2 -DNEV2=1 -DRA=1 -DSEAL",
        "-DM_SEAL_NO_HELP -DCAP=1 -DNEV=2 -DNEV2=1 -DRA=1 -DSEAL",
        "-DM_COMMIT_FIRST -DPREFIX",
        "-DM_TAKE_NO_WALK -DNEV=2 -DRA=2 -DFLUSH",
        "-DM_TAKE_UNCHECKED -DOVER=1 -DCAP=1 -DNEV=2 -DNEV2=1 -DRA=1",
        "-DM_PREFIX_UNCHECKED -DOVER=1 -DNEV=3 -DNEV2=2 -DRA=1 -DPREFIX",
        "-DM_TIME_STORED -DOVER=1 -DCAP=1 -DNEV=2 -DNEV2=1 -DRA=1 -DTIME",
        "-DM_NO_CARRY -DOVER=1 -DCAP=1 -DNEV=2 -DNEV2=1 -DRA=1 -DTIME",
        "-DM_STEP_NO_CARRY -DOVER=1 -DCAP=1 -DNEV=3 -DNEV2=1 -DRA=0 -DTIME -DNOWMAX=1",
        "-DM_TAKE_NO_CARRY -DCAP=1 -DNEV=2 -DNEV2=1 -DRA=2 -DTIME -DNOWMAX=1 -DFLUSH",
        "-DM_PASS_REUSE -DPASS -DSP=2 -DNEV=1 -DNEV2=5 -DRA=2",
        "-DM_PASS_READ_TWICE -DPASS -DSP=2 -DNEV=1 -DNEV2=5 -DRA=1",
        "-DM_BACK_UNCHECKED -DOVER=1 -DNEV=2 -DNEV2=2 -DRA=1 -DPREFIX -DDISC -DBACK",
        "-DM_PASS_EMPTIED -DPASS -DSP=2 -DNEV=1 -DNEV2=2 -DRA=1",
        "-DSOLO=40 -DOVER=1 -DCAP=1 -DNEV=2 -DNEV2=1 -DRA=0", // 60 suffice, see above
      })
  @Execution(CONCURRENT)
  void aMistakeInTheProtocolIsFound(String flags) throws Exception {
    assertTrue(errors(RING, flags) > 0, () -> "the model does not find " + flags + "\n" + last());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-DNEV=2", "-DTAKEN -DREAD -DNEV2=0"})
  @Execution(CONCURRENT)
  void eachPageIsWokenForAndTheMemoryOfAClosedRingIsFreedOnce(String flags) throws Exception {
    assertEquals(0, errors(CLOSING, flags), () -> flags + "\n" + last());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-DNEV=2 -DM_KEEP_HINT",
        "-DM_LATE_LEAVE",
        "-DTAKEN -DM_NO_NOTE -DNEV2=0",
        "-DREAD -DM_NO_USERS -DNEV2=0",
      })
  @Execution(CONCURRENT)
  void aMistakeInClosingIsFound(String flags) throws Exception {
    assertTrue(
        errors(CLOSING, flags) > 0, () -> "the model does not find " + flags + "\n" + last());
  }

  private int errors(String name, String flags) throws IOException, InterruptedException {
    Path model = MODELS.resolve(name).toAbsolutePath();
    List<String> spin = new ArrayList<>(List.of("spin", "-a"));
    spin.addAll(List.of(flags.split(" ")));
    spin.add(model.toString());
    run("Debian's package spin", spin);
    // Without -O2: the models are small, and optimising takes longer than running them.
    run("a C compiler", List.of("gcc", "-w", "-DSAFETY", "-DCOLLAPSE", "-o", "pan", "pan.c"));
    String result = run("the model", List.of("./pan", "-m100000", "-E"));
    assertFalse(result.contains("max search depth too small"), result);
    Matcher errors = Pattern.compile("errors: (\\d+)").matcher(result);
    assertTrue(errors.find(), result);
    return Integer.parseInt(errors.group(1));
  }

  private String run(String what, List<String> command) throws InterruptedException {
    Path output = directory.resolve("output");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      assertTrue(process.waitFor(20, TimeUnit.MINUTES), () -> command + " takes too long");
      assertEquals(0, process.exitValue(), () -> command + " failed:\n" + last());
      return last();
    } catch (IOException e) {
      return fail("this test needs " + what + ": " + e.getMessage(), e);
    }
  }

  private String last() {
    try {
      return Files.readString(directory.resolve("output"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
