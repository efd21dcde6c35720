package org.pagewheel.acceptance;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.pagewheel.tracedat.TraceFile;
import org.pagewheel.tracedat.TraceFileWriter;
import org.pagewheel.tracedat.TraceVersion;

/**
 * Keeps files as a release writes them, and what it answers when one asks of them: the ring of a
 * killed process, the file that it was writing by {@code splice}, and traces of both versions.
 * Later versions read them, see {@link SamplesIT}. After a build, at the root of the tree:
 *
 * <pre>
 * java -cp "$(echo api/target/*SNAPSHOT.jar consumers/trace-dat/target/*SNAPSHOT.jar | tr ' ' :)" \
 *   distribution/acceptance/src/test/java/org/pagewheel/acceptance/CutSamples.java
 * </pre>
 *
 * <p>With {@code answers} only what is answered is written anew: where an answer has been improved.
 */
final class CutSamples {
  private static final String LAST = "the last line";
  private static final String TYPED =
      """
      ring:demo -n 60
      ring:mark files "of the spliced file"
      ring:mark main a line of text
      ring:save v6.dat
      ring:mark main %s
      echo done
      """
          .formatted(LAST);

  private CutSamples() {}

  /**
   * Replaces the samples that are there, or their answers.
   *
   * @param arguments none, or {@code answers}
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory("samples");
    if (arguments.length == 0) {
      record(directory);
    }
    Path unpacked = Files.createTempDirectory("samples");
    Samples.unpack(unpacked);
    String values = Samples.values(unpacked);
    Files.writeString(Samples.DIRECTORY.resolve(Samples.VALUES), values);
    String answers = Samples.answers(unpacked);
    Samples.pack(Files.writeString(directory.resolve(Samples.ANSWERS), answers));
    System.out.println("done; " + directory + " and " + unpacked + " may be deleted");
  }

  private static void record(Path directory) throws Exception {
    Path configuration = Samples.DIRECTORY.resolve(Samples.CONFIGURATION);
    Process process = Samples.start(directory, "-Dpagewheel.config=" + configuration);
    try (var typed = process.getOutputStream();
        var printed = process.inputReader(StandardCharsets.UTF_8)) {
      typed.write(TYPED.getBytes(StandardCharsets.UTF_8));
      typed.flush();
      String line = printed.readLine();
      while (line != null && !line.endsWith("done")) {
        System.out.println(line);
        line = printed.readLine();
      }
      awaitSpliced(directory);
      process.toHandle().destroyForcibly();
      process.waitFor();
    }
    try (TraceFile trace = TraceFile.open(directory.resolve("v6.dat"))) {
      TraceFileWriter.copy(trace, directory.resolve("v7.dat"), TraceVersion.V7);
    }
    try (Stream<Path> spliced = Files.list(directory.resolve("spliced"))) {
      Files.move(spliced.findFirst().orElseThrow(), directory.resolve("spliced.dat"));
    }
    Samples.pack(directory.resolve(Samples.RING));
    for (String trace : Samples.TRACES) {
      Samples.pack(directory.resolve(trace));
    }
  }

  /** A page goes to the consumer after a second. */
  private static void awaitSpliced(Path directory) throws Exception {
    Path spliced = directory.resolve("spliced");
    boolean isThere = false;
    while (!isThere) {
      Thread.sleep(100);
      try (Stream<Path> files = Files.list(spliced)) {
        for (Path file : files.toList()) {
          String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
          isThere |= bytes.contains("of the spliced file");
        }
      }
    }
  }
}
