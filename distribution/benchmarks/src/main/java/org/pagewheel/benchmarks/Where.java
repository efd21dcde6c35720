package org.pagewheel.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.pagewheel.benchmarks.CodeListing.Frame;

/**
 * Where an event's time goes, in generated code: the instructions that the writing thread executes.
 * Counted, not sampled: the thread is stepped through some hundred events, and the shortest path
 * that they took is listed by method.
 */
final class Where {
  private static final Frame EVENT = new Frame(WhereLoop.class.getName(), "event");
  private static final int STEPS = 100_000;

  /** Instructions of a method, and of what is inlined into it from elsewhere than from us. */
  private static final class Part {
    int instructions;
    int foreign;
    int loads;
    int stores;
    int branches;
    int locked;
    final Set<String> slow = new LinkedHashSet<>();

    void add(Instruction instruction, boolean ours) {
      instructions++;
      foreign += ours ? 0 : 1;
      loads += instruction.loads() ? 1 : 0;
      stores += instruction.stores() ? 1 : 0;
      branches += instruction.isBranch() ? 1 : 0;
      locked += instruction.isLocked() ? 1 : 0;
      if (instruction.isSlow()) {
        slow.add(instruction.name());
      }
    }

    void add(Part part) {
      instructions += part.instructions;
      foreign += part.foreign;
      loads += part.loads;
      stores += part.stores;
      branches += part.branches;
      locked += part.locked;
    }
  }

  private final String name;
  private final Steps.Way way;
  private final Map<String, Part> parts = new LinkedHashMap<>();

  private Where(String name, Steps steps, CodeListing listing) throws IOException {
    this.name = name;
    this.way = steps.shortestFrom(listing.beginsOf(EVENT));
    String caller = EVENT.toString();
    for (long address : way.addresses()) {
      List<Frame> frames = listing.framesAt(address);
      boolean outside = frames.isEmpty();
      if (!outside) {
        caller =
            frames.stream().filter(Frame::isOurs).findFirst().orElse(frames.getFirst()).toString();
      }
      parts
          .computeIfAbsent(outside ? caller + ", outside Java" : caller, key -> new Part())
          .add(steps.instructions().get(address), !outside && frames.getFirst().isOurs());
    }
  }

  /** Whether it is an event of 24 bytes, written by one thread to a buffer that nobody reads. */
  static boolean canMeasure(Entry entry) {
    return entry.threads() == 1 && WhereLoop.EVENTS.contains(entry.method());
  }

  /**
   * Steps through an event.
   *
   * @param entry one of those that {@link #canMeasure}
   * @throws IOException if a tool is missing or fails; the message is one line
   */
  static Where measure(Entry entry) throws IOException, InterruptedException {
    String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!machine.equals("Linux amd64")) {
      throw new IOException("--where can step on Linux amd64 only, not on " + machine);
    }
    Path directory = Files.createTempDirectory("pagewheel-where");
    try {
      return measure(entry, directory);
    } finally {
      try (Stream<Path> files = Files.walk(directory)) { // the program that was killed left some
        for (Path file : files.toList().reversed()) {
          Files.delete(file);
        }
      }
    }
  }

  private static Where measure(Entry entry, Path directory)
      throws IOException, InterruptedException {
    String step = directory.resolve("step").toString();
    Path source = directory.resolve("step.c");
    try (InputStream program = Where.class.getResourceAsStream("step.c")) {
      Files.copy(program, source);
    }
    Tool.run(List.of("cc", "-O2", "-o", step, source.toString()), "Debian: gcc");
    Path printed = directory.resolve("printed");
    List<String> words = new ArrayList<>(List.of(step, Integer.toString(STEPS)));
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of(Measurement.JVM_FLAGS));
    words.addAll(
        List.of(
            "-XX:-BackgroundCompilation", // on a busy machine the compilers might come too late
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:+DebugNonSafepoints",
            "-XX:+DisplayVMOutputToStderr",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=dontinline," + EVENT.type() + "::" + EVENT.method(),
            "-XX:CompileCommand=print,org.pagewheel.*::*"));
    words.addAll(
        List.of("-Djava.io.tmpdir=" + directory, "-cp", System.getProperty("java.class.path")));
    Map<String, String> parameters = entry.parameters();
    words.addAll(List.of(WhereLoop.class.getName(), entry.method()));
    words.addAll(List.of(parameters.get("backend"), parameters.getOrDefault("clock", "mono")));
    Path stepped = directory.resolve("stepped");
    Process process =
        new ProcessBuilder(words)
            .redirectOutput(stepped.toFile())
            .redirectError(printed.toFile())
            .start();
    int status = process.waitFor();
    List<String> lines = Files.readAllLines(printed);
    if (status != 0) {
      throw new IOException(lines.isEmpty() ? "the stepper failed" : lines.getLast());
    }
    return new Where(
        entry.name(), Steps.read(Files.readAllLines(stepped), directory), new CodeListing(lines));
  }

  /** The instructions of a whole event that lock a word. */
  int locked() {
    return sum().locked;
  }

  private Part sum() {
    Part sum = new Part();
    parts.values().forEach(sum::add);
    return sum;
  }

  /** A line for each method, in the order in which an event comes to them. */
  void print(PrintStream out) {
    out.println(
        "%s: the instructions of one event, as %d of %d events executed them"
            .formatted(name, way.taken(), way.all()));
    out.println();
    out.println(
        line("all", "JDK", "loads", "stores", "branches", "locked", "method, and what is slow"));
    parts.forEach((method, part) -> out.println(line(method + slow(part), part)));
    out.println(line("in all", sum()));
    out.println();
    out.println(
        "JDK: of all, those of the JDK's methods that were inlined there, such as VarHandle's");
  }

  private static String slow(Part part) {
    return part.slow.isEmpty() ? "" : ": " + String.join(", ", part.slow);
  }

  private static String line(String what, Part part) {
    return line(
        part.instructions, part.foreign, part.loads, part.stores, part.branches, part.locked, what);
  }

  private static String line(Object... cells) {
    return String.format(Locale.ROOT, "%5s %5s %6s %7s %9s %7s  %s", cells);
  }
}
