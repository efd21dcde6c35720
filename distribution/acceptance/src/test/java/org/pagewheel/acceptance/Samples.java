package org.pagewheel.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Files that a release has written, and what is answered when one asks of them. */
final class Samples {
  /** Compressed, and the answers beside them. */
  static final Path DIRECTORY =
      PublishedJars.ROOT.resolve("distribution/acceptance/src/test/resources/samples");

  static final String CONFIGURATION = "pagewheel.conf";
  static final String RING = "main.ring";
  static final List<String> TRACES = List.of("v6.dat", "v7.dat", "spliced.dat");

  /** What commands answer of traces. */
  static final String ANSWERS = "answers.txt";

  /** What is understood of the configuration. */
  static final String VALUES = "values.txt";

  private static final String ENDING = ".gz";

  private Samples() {}

  /** Unpacks them all. */
  static void unpack(Path into) throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(ENDING)) {
          Files.write(into.resolve(name.replace(ENDING, "")), unpacked(file));
        } else {
          Files.copy(file, into.resolve(name));
        }
      }
    }
  }

  private static byte[] unpacked(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }

  /** Compresses a file into the samples. */
  static void pack(Path file) throws IOException {
    Path packed = DIRECTORY.resolve(file.getFileName() + ENDING);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(file, out);
    }
  }

  /** Each reader's, of each file. */
  static String answers(Path samples) throws Exception {
    List<String> commands = new ArrayList<>();
    for (String file : Stream.concat(Stream.of(RING), TRACES.stream()).toList()) {
      commands.add("ring:summary --json %s".formatted(file));
      commands.add("ring:query %s".formatted(file));
      commands.add("ring:export %s -o %s.jsonl".formatted(file, file));
    }
    commands.add("ring:recover %s -o recovered.dat".formatted(RING));
    commands.add("ring:query recovered.dat");
    String line =
        commands.stream()
            .map(command -> "echo '== %s'; %s".formatted(command, command))
            .collect(Collectors.joining("; "));
    StringBuilder answers =
        new StringBuilder(pagewheel(samples, "-Dpagewheel.sources.jvm.enabled=false", "-c", line));
    for (String file : Stream.concat(Stream.of(RING), TRACES.stream()).toList()) {
      answers.append("== ").append(file).append(".jsonl\n");
      answers.append(Files.readString(samples.resolve(file + ".jsonl")));
    }
    return answers.toString().replace(samples.toRealPath() + "/", "");
  }

  /** Of those keys that the file has, for there may be more in the next version. */
  static String values(Path samples) throws Exception {
    Path configuration = samples.resolve(CONFIGURATION);
    Path empty = Files.createTempDirectory(samples, "empty");
    return pagewheel(empty, "-Dpagewheel.config=" + configuration, "-c", "ring:config")
        .lines()
        .map(line -> line.replace(samples + "/", "").replaceAll(" +", " "))
        .filter(line -> line.matches(".* " + CONFIGURATION + ":\\d+"))
        .map(line -> line + "\n")
        .sorted()
        .collect(Collectors.joining());
  }

  private static String pagewheel(Path directory, String... arguments) throws Exception {
    Process process = start(directory, arguments);
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(out);
    }
    return out;
  }

  /** With what it prints as its output, errors too. */
  static Process start(Path directory, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(
        PublishedJars.ROOT.resolve("distribution/launcher/target/home/pagewheel").toString());
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("PAGEWHEEL_JAVA", System.getProperty("java.home"));
    return builder.redirectErrorStream(true).start();
  }
}
