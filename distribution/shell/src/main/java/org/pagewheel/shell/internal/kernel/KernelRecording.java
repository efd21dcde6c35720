package org.pagewheel.shell.internal.kernel;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageFormat;
import org.pagewheel.tracedat.TraceBuffer;
import org.pagewheel.tracedat.TraceFileWriter;
import org.pagewheel.tracedat.TraceMetadata;
import org.pagewheel.tracedat.TraceMetadataBuilder;
import org.pagewheel.tracedat.TraceOption;
import org.pagewheel.tracedat.TraceVersion;

/**
 * What an instance records, as a trace.dat file. Pages are read while it records, by one thread:
 * only as many as its account says are there, for a read of more would wait for the next event.
 */
final class KernelRecording implements Closeable {
  private static final Pattern ENTRIES = Pattern.compile("(?m)^entries: (\\d{1,18})$");
  private static final Pattern BYTES = Pattern.compile("(?m)^bytes: (\\d{1,18})$");
  private static final Pattern DATA =
      Pattern.compile("field: char data;\\s*offset:(\\d{1,7});\\s*size:(\\d{1,7});");
  private static final Pattern FORMAT = Pattern.compile("(?s)name: (\\S+)\nID: (\\d{1,5})\n.*");

  /** Functions: data has no use in a trace, and is two thirds of all. */
  private static final Pattern FUNCTION = Pattern.compile("(?!0+ )[0-9a-f]+ [tTwW] .*");

  private final Path tracefs;
  private final KernelInstance instance;
  private final List<String> events;
  private final String clock;
  private final PageFormat format;
  private final List<FileInputStream> pipes = new ArrayList<>();
  private final TraceFileWriter writer;
  private final byte[] page;

  /** Begins to read; the instance stays its owner's. */
  KernelRecording(
      Path tracefs, KernelInstance instance, String clock, List<String> events, Path target)
      throws IOException {
    this.tracefs = tracefs;
    this.instance = instance;
    this.clock = clock;
    this.events = events;
    Matcher data = DATA.matcher(Tracefs.read(tracefs.resolve("events/header_page")));
    if (!data.find()) {
      throw new IOException("this kernel describes its pages in a way that is not known here");
    }
    int size = Integer.parseInt(data.group(1)) + Integer.parseInt(data.group(2));
    this.format = PageFormat.of(size);
    this.page = new byte[size];
    int cpus = 0;
    while (Files.isDirectory(instance.file("per_cpu/cpu" + cpus))) {
      cpus++;
    }
    this.writer =
        TraceFileWriter.create(
            target, TraceVersion.V6, format, List.of(new TraceBuffer("", clock, size, cpus)));
    try {
      for (int cpu = 0; cpu < cpus; cpu++) {
        pipes.add(new FileInputStream(instance.file(name(cpu, "trace_pipe_raw")).toFile()));
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private static String name(int cpu, String file) {
    return "per_cpu/cpu" + cpu + "/" + file;
  }

  /** Takes the full pages that are there. */
  void take() throws IOException {
    for (int cpu = 0; cpu < pipes.size(); cpu++) {
      long full = number(BYTES, stats(cpu)) / page.length;
      while (full-- > 0) {
        read(cpu);
      }
    }
  }

  private String stats(int cpu) throws IOException {
    return Tracefs.read(instance.file(name(cpu, "stats")));
  }

  private static long number(Pattern what, String stats) {
    Matcher line = what.matcher(stats);
    return line.find() ? Long.parseLong(line.group(1)) : 0;
  }

  private boolean read(int cpu) throws IOException {
    int count = pipes.get(cpu).readNBytes(page, 0, page.length);
    if (count == page.length) {
      writer.write(0, cpu, MemorySegment.ofArray(page), 0);
    }
    return count == page.length;
  }

  /** Takes what is left of an instance that has stopped, and gives the file its name. */
  void finish() throws IOException {
    TraceMetadataBuilder metadata =
        TraceMetadata.builder(format)
            .cpuCount(pipes.size())
            .option(TraceOption.clock(clock))
            .option(TraceOption.uname());
    for (int cpu = 0; cpu < pipes.size(); cpu++) {
      String stats = stats(cpu);
      metadata.option(TraceOption.text(TraceOption.CPUSTAT, "CPU: " + cpu + "\n" + stats));
      while (number(ENTRIES, stats(cpu)) > 0 && read(cpu)) {
        // the next page
      }
    }
    formats("ftrace", metadata);
    for (String system : events.stream().map(each -> each.split(":")[0]).distinct().toList()) {
      formats(system, metadata);
    }
    names(metadata);
    metadata.kallsyms(symbols());
    writer.finish(metadata.build());
  }

  private void formats(String system, TraceMetadataBuilder into) throws IOException {
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(tracefs.resolve("events").resolve(system), Files::isDirectory)) {
      for (Path event : all) {
        Matcher text = FORMAT.matcher(Tracefs.read(event.resolve("format")));
        if (text.matches()) {
          int id = Integer.parseInt(text.group(2));
          into.format(new EventFormat(id, system, text.group(1), text.group()));
        }
      }
    }
  }

  /** Of threads that the kernel has noticed, and of those that live. */
  private void names(TraceMetadataBuilder into) throws IOException {
    for (String line : Tracefs.read(tracefs.resolve("saved_cmdlines")).split("\n")) {
      String[] words = line.strip().split(" ", 2);
      if (words.length == 2 && words[0].matches("\\d{1,9}")) {
        into.threadName(Integer.parseInt(words[0]), words[1]);
      }
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        for (int thread : Tasks.of(process)) {
          try {
            Path comm = process.resolve("task/" + thread + "/comm");
            into.threadName(thread, Files.readString(comm).strip());
          } catch (IOException e) {
            // it has ended
          }
        }
      }
    }
  }

  private static String symbols() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/kallsyms"))) {
      return lines
          .filter(each -> FUNCTION.matcher(each).matches())
          .map(each -> each + "\n")
          .collect(Collectors.joining());
    }
  }

  @Override
  public void close() throws IOException {
    for (FileInputStream each : pipes) {
      each.close();
    }
    writer.close();
  }
}
