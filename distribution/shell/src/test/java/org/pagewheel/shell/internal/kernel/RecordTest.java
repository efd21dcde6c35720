package org.pagewheel.shell.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.tracedat.TraceFile;
import org.pagewheel.tracedat.TraceMerge;

/**
 * The kernel's own tracing, as root; where a kernel does not have it, or not for this user, each
 * test asks for Java's events alone.
 */
@Timeout(600)
class RecordTest {
  /** The number of the process that records, for the program that it starts. */
  static final String RECORDER = "RECORDER";

  /** Set for that program where the kernel is not traced. */
  static final String UNTRACED = "UNTRACED";

  private static final int KILLS = Integer.getInteger("kernel.kills", 3);
  private static final Path TRACEFS = Path.of("/sys/kernel/tracing");
  private static final Pattern MARK =
      Pattern.compile(".* \\[\\d+] +(\\d+\\.\\d{9}): (?:tick: +number=|print: .*: number )(\\d+)");
  private static final Pattern TIME = Pattern.compile(" \\[\\d{3}] +(\\d+\\.\\d{9}): ");
  private static final String JAVA = System.getProperty("java.home") + "/bin/java";

  @TempDir Path directory;

  /** Of the program that is recorded. */
  private Map<String, String> environment = Map.of();

  /** Empty if the kernel can be traced; otherwise the reason that record prints. */
  private static Optional<String> lack;

  @BeforeAll
  static void mount() throws Exception {
    if (Tracefs.place().isEmpty()) {
      Path dev = Path.of("/dev/null");
      new ProcessBuilder("mount", "-t", "tracefs", "nodev", "" + TRACEFS)
          .redirectErrorStream(true)
          .redirectOutput(dev.toFile())
          .start()
          .waitFor();
    }
    lack = Tracefs.lack();
    lack.ifPresent(what -> System.out.println("RecordTest: Java's events alone: " + what));
  }

  /** Without the kernel's events, the reason is printed and the file has Java's. */
  private boolean isWithoutKernel() throws Exception {
    if (lack.isEmpty()) {
      return false;
    }
    assertRecords(marking(List.of("--kernel", "sched", "-o", "ours.dat", "--")));
    assertTrue(output().contains("without the kernel's events: " + lack.get()), output());
    assertTrue(output().endsWith("ours.dat holds Java's events\n"), output());
    long ticks = report("ours.dat").stream().filter(line -> line.contains(" tick: ")).count();
    assertEquals(MarkingProgram.MARKS, ticks);
    return true;
  }

  static List<String> java(Class<?> program) {
    return List.of(
        JAVA,
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        program.getName());
  }

  private Process record(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", RECORDER + "=$$ exec \"$@\"", "sh"));
    command.addAll(java(RecordProgram.class));
    command.add("record");
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("XDG_STATE_HOME", "" + directory.resolve("state"));
    builder.environment().remove("XDG_RUNTIME_DIR");
    builder.environment().putAll(environment);
    lack.ifPresent(what -> builder.environment().put(UNTRACED, what));
    return builder
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("out.txt").toFile())
        .start();
  }

  private void assertRecords(String... words) throws Exception {
    Process process = record(words);
    assertEquals(0, process.waitFor(), this::output);
  }

  private String output() {
    try {
      return Files.readString(directory.resolve("out.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String[] marking(List<String> before, String... more) {
    return Stream.of(before, java(MarkingProgram.class), List.of(more))
        .flatMap(List::stream)
        .toArray(String[]::new);
  }

  private List<String> report(String name) throws Exception {
    Process process =
        new ProcessBuilder("trace-cmd", "report", "-t", "" + directory.resolve(name))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    byte[] text = process.getInputStream().readAllBytes();
    assertEquals(0, process.waitFor());
    return new String(text, StandardCharsets.UTF_8).lines().toList();
  }

  /** Each number twice, first in our event and then in the kernel's mark. */
  private static void assertInOrder(int marks, List<String> lines) {
    int count = 0;
    long soon = 0;
    String last = "0";
    for (String line : lines) {
      Matcher mark = MARK.matcher(line);
      if (mark.matches()) {
        assertEquals(count / 2, Integer.parseInt(mark.group(2)), line);
        assertEquals(count % 2 == 1, line.contains(" print: "), line);
        boolean isSoon = seconds(mark.group(1)) - seconds(last) < 1e-3;
        soon += count % 2 == 1 && isSoon ? 1 : 0;
        last = mark.group(1);
        count++;
      }
    }
    assertEquals(2 * marks, count);
    System.out.println("RecordTest: " + soon + " marks within 1 ms after their events");
  }

  private static double seconds(String text) {
    return Double.parseDouble(text);
  }

  /** The kernel would cut the name after 15 characters. */
  private static void assertNamed(List<String> lines) {
    String name = MarkingProgram.THREAD + "-(\\d+) .*";
    List<String> threads =
        lines.stream()
            .map(line -> line.replaceFirst("^ *\\w+: +", "").strip())
            .filter(line -> line.matches(name))
            .map(line -> line.replaceFirst(name, "$1"))
            .distinct()
            .toList();
    assertEquals(1, threads.size(), "one number of the thread, here as there: " + threads);
    assertTrue(
        lines.stream().anyMatch(line -> line.matches(" *" + name + " sched_switch: .*")),
        "the thread's name stands on the kernel's lines");
  }

  @Test
  void eventsOfAProgramAndOfTheKernelAreInOrder() throws Exception {
    if (isWithoutKernel()) {
      return;
    }
    assertRecords(marking(List.of("--kernel", "sched", "-o", "both.dat", "--")));
    List<String> lines = report("both.dat");
    assertInOrder(MarkingProgram.MARKS, lines);
    assertNamed(lines);
    assertTrue(output().endsWith("both.dat holds the kernel's events and Java's\n"), output());
    assertNoneIsLeft();
  }

  /** Every one of 10,000, and the times are those of the clock mono. */
  @Test
  void withTheProcessorsCounterAllMarksAreInOrder() throws Exception {
    environment = Map.of(MarkingProgram.CLOCK, "x86-tsc", MarkingProgram.COUNT, "10000");
    List<String> before =
        List.of("--kernel", "sched:sched_switch", "--clock", "x86-tsc", "-o", "both.dat", "--");
    long begin = System.nanoTime();
    assertRecords(marking(before));
    long end = System.nanoTime();
    List<String> lines = report("both.dat");
    if (lack.isEmpty()) {
      assertInOrder(10_000, lines);
    } else {
      assertEquals(10_000, lines.stream().filter(line -> line.contains(" tick: ")).count());
    }
    for (String line : lines) {
      Matcher time = TIME.matcher(line);
      if (time.find()) {
        double seconds = seconds(time.group(1));
        assertTrue(seconds > begin / 1e9 && seconds < end / 1e9, line);
      }
    }
    try (TraceFile file = TraceFile.open(directory.resolve("both.dat"))) {
      assertEquals("x86-tsc", TraceMerge.clock(file));
      assertFalse(file.metadata().isTimeOfDay());
    }
  }

  /** Beside the kernel's clock mono, from which it differs a little. */
  @Test
  void withMonoByTheCounterNearlyAllMarksAreInOrder() throws Exception {
    environment = Map.of(MarkingProgram.CLOCK, "mono-tsc", MarkingProgram.COUNT, "10000");
    assertRecords(marking(List.of("--kernel", "sched:sched_switch", "-o", "both.dat", "--")));
    List<String> lines = report("both.dat");
    double[][] times = new double[2][10_000]; // ours, the kernel's
    int count = 0;
    for (String line : lines) {
      Matcher mark = MARK.matcher(line);
      if (mark.matches()) {
        int whose = line.contains(" print: ") ? 1 : 0;
        times[whose][Integer.parseInt(mark.group(2))] = seconds(mark.group(1));
        count++;
      }
    }
    assertEquals(lack.isEmpty() ? 20_000 : 10_000, count);
    int wrong = 0;
    for (int i = 0; i < 10_000 && lack.isEmpty(); i++) {
      boolean isBefore = times[0][i] <= times[1][i];
      wrong += isBefore && (i == 0 || times[1][i - 1] <= times[0][i]) ? 0 : 1;
    }
    System.out.println("RecordTest: " + wrong + " of 10,000 marks with mono-tsc out of order");
    assertTrue(wrong <= 10, wrong + " out of order");
  }

  @Test
  void threadsOfAPidNamespaceHaveTheNumbersOutside() throws Exception {
    if (isWithoutKernel()) {
      return;
    }
    List<String> unshare = List.of("unshare", "--pid", "--fork", "--mount-proc");
    List<String> before = new ArrayList<>(List.of("--kernel", "sched", "-o", "both.dat", "--"));
    before.addAll(unshare);
    assertRecords(marking(before));
    List<String> lines = report("both.dat");
    assertInOrder(MarkingProgram.MARKS, lines);
    assertNamed(lines);
  }

  @Test
  void aProcessThatRunsIsAskedOverItsSocket() throws Exception {
    if (isWithoutKernel()) {
      return;
    }
    Path ready = directory.resolve("ready");
    Process recorder =
        record("--kernel", "sched:sched_switch", "--pid", "" + ProcessHandle.current().pid());
    await(() -> !instances().isEmpty());
    List<String> command = List.of(marking(List.of(), "" + ready));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("XDG_STATE_HOME", "" + directory.resolve("state"));
    builder.environment().remove("XDG_RUNTIME_DIR");
    builder.environment().put(RECORDER, "" + recorder.pid());
    Process process = builder.redirectOutput(directory.resolve("app.txt").toFile()).start();
    await(() -> Files.exists(ready));
    Process second = recordSecond(process.pid());
    await(() -> isOn(second.pid()));
    new ProcessBuilder("kill", "-INT", "" + second.pid()).start().waitFor();
    second.waitFor();
    recorder.destroy();
    recorder.waitFor();
    process.destroyForcibly().waitFor();
    String text = Files.readString(directory.resolve("second.txt"));
    assertTrue(Files.exists(directory.resolve("second.dat")), text);
    assertFalse(text.contains("without events of Java"), text);
    List<String> ticks =
        report("second.dat").stream().filter(line -> line.contains(" tick: ")).toList();
    assertEquals(MarkingProgram.MARKS, ticks.size());
    assertNoneIsLeft();
  }

  @Test
  void aProcessThatSeesOtherFilesIsNamedAsSuch() throws Exception {
    List<String> hidden =
        List.of(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs none \"$1\" && exec sleep 1000",
            "sh",
            System.getProperty("java.io.tmpdir"));
    Process process = new ProcessBuilder(hidden).start();
    try {
      Path seen = Path.of("/proc/" + process.pid() + "/root" + directory);
      await(() -> !Files.exists(seen));
      Process second = recordSecond(process.pid());
      Path text = directory.resolve("second.txt");
      if (lack.isEmpty()) {
        await(() -> isOn(second.pid()));
        new ProcessBuilder("kill", "-INT", "" + second.pid()).start().waitFor();
      } else {
        process.destroy();
      }
      second.waitFor();
      String problem = "without events of Java: process " + process.pid() + " sees other files";
      assertEquals(
          lack.isEmpty(), Files.readString(text).contains(problem), Files.readString(text));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private Process recordSecond(long pid) throws IOException {
    List<String> command = new ArrayList<>(java(RecordProgram.class));
    command.addAll(
        List.of(
            "record",
            "--kernel",
            "sched",
            "--pid",
            "" + pid,
            "-o",
            "" + directory.resolve("second.dat")));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("XDG_STATE_HOME", "" + directory.resolve("state"));
    builder.environment().remove("XDG_RUNTIME_DIR");
    return builder.redirectOutput(directory.resolve("second.txt").toFile()).start();
  }

  @Test
  void whatAKilledOneHasLeftIsRemovedByTheNext() throws Exception {
    if (isWithoutKernel()) {
      return;
    }
    for (int i = 0; i < KILLS; i++) {
      Process process = record("--kernel", "sched,irq", "--", "sleep", "1000");
      await(() -> isOn(process.pid()));
      List<ProcessHandle> children = process.toHandle().descendants().toList();
      process.destroyForcibly().waitFor();
      children.forEach(ProcessHandle::destroyForcibly);
      assertEquals(1, instances().size(), "a killed one leaves its instance: " + instances());
      Process living = record("--kernel", "irq", "--", "sleep", "1000");
      await(() -> isOn(living.pid()));
      assertEquals(1, instances().size(), "the next one removes it: " + instances());
      assertRecords("--kernel", "irq", "-o", "true.dat", "--", "true");
      assertTrue(isOn(living.pid()), "one that lives is left alone: " + instances());
      List<ProcessHandle> sleeping = living.toHandle().descendants().toList();
      living.destroy();
      living.waitFor();
      sleeping.forEach(ProcessHandle::destroyForcibly);
      assertNoneIsLeft();
    }
  }

  @Test
  void aProgramThatDoesNotExistIsRefusedBeforeAnythingIsRecorded() throws Exception {
    Path out = directory.resolve("nothing.dat");
    for (String name : List.of("nosuchprogram", "./nosuchprogram", "/")) {
      assertEquals(1, record("--kernel", "sched", "-o", "nothing.dat", "--", name).waitFor());
      assertEquals("pagewheel: there is no program " + name + ": nothing is recorded\n", output());
      assertFalse(Files.exists(out));
    }
  }

  @Test
  void whatTheKernelDoesNotHaveIsNamedWithTheNearest() throws Exception {
    if (isWithoutKernel()) {
      return;
    }
    assertEquals(2, record("--kernel", "sched,scehd", "--", "true").waitFor());
    assertEquals(
        "pagewheel: --kernel scehd: this kernel has no events scehd, did you mean sched?\n",
        output());
    assertEquals(2, record("--kernel", "sched_switch", "--", "true").waitFor());
    assertTrue(output().endsWith(", did you mean sched:sched_switch?\n"), output());
    assertEquals(2, record("--kernel", "nothing-like-it", "--", "true").waitFor());
    assertEquals(
        "pagewheel: --kernel nothing-like-it: this kernel has no events nothing-like-it, ls "
            + TRACEFS
            + "/events lists those that it has, such as sched\n",
        output());
    assertNoneIsLeft();
  }

  private static List<String> instances() {
    try (Stream<Path> all = Files.list(TRACEFS.resolve("instances"))) {
      return all.map(each -> each.getFileName().toString())
          .filter(each -> each.matches("pagewheel-\\d+-\\d+"))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isOn(long pid) {
    return instances().stream()
        .filter(each -> each.startsWith("pagewheel-" + pid + "-"))
        .anyMatch(
            each -> {
              try {
                Path on = TRACEFS.resolve("instances").resolve(each).resolve("tracing_on");
                return Tracefs.read(on).startsWith("1");
              } catch (IOException e) {
                return false;
              }
            });
  }

  private static void assertNoneIsLeft() {
    assertEquals(List.of(), instances());
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it takes too long");
      Thread.sleep(20);
    }
  }
}
