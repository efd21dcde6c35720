package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Json;
import org.pagewheel.shell.internal.print.Printable;

/**
 * In place of Gogo's {@code ls}, which opens every entry to read its extended attributes: it waits
 * for ever at a pipe without a writer.
 */
public final class FileCommands {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        Command.named("gogo", "ls", "list files")
            .any("FILE", Kind.FILE)
            .means("the current directory if none is named")
            .flag("-1", "one below the other, as they are shown anyway")
            .flag("-a", "hidden files, too")
            .flag("-F", "a / after a directory, an @ after a link")
            .flag("-l", "all there is to know")
            .flag("-r", "in reverse")
            .flag("-S", "by size")
            .flag("-t", "by time")
            .printing()
            .example("ls -lt", "the newest first")
            .fails("there is no such file")
            .runs(this::ls));
  }

  /** A file, without opening it. */
  private record Entry(String name, Path path, PosixFileAttributes attributes) {
    static Entry of(String name, Path path) {
      try {
        PosixFileAttributes attributes =
            Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return new Entry(name, path, attributes);
      } catch (IOException e) {
        return new Entry(name, path, null); // gone meanwhile, or not accessible
      }
    }

    long size() {
      return attributes == null ? 0 : attributes.size();
    }

    long time() {
      return attributes == null ? 0 : attributes.lastModifiedTime().toMillis();
    }

    String text(Call call) {
      String text = name + (call.has("-F") ? suffix() : "");
      if (!call.has("-l")) {
        return text;
      }
      return attributes == null
          ? "?  " + text
          : String.format(
              Locale.ROOT,
              "%s%s %-8s %-8s %12d %s %s%s",
              kind(),
              PosixFilePermissions.toString(attributes.permissions()),
              attributes.owner().getName(),
              attributes.group().getName(),
              attributes.size(),
              TIME.format(attributes.lastModifiedTime().toInstant()),
              text,
              target());
    }

    Map<String, Object> json() {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("name", name);
      object.put("size", attributes == null ? null : attributes.size());
      object.put("modified", attributes == null ? null : attributes.lastModifiedTime().toString());
      object.put("directory", attributes != null && attributes.isDirectory());
      return object;
    }

    private char kind() {
      return attributes.isDirectory()
          ? 'd'
          : attributes.isSymbolicLink() ? 'l' : attributes.isOther() ? 'o' : '-';
    }

    private String suffix() {
      return attributes == null
          ? ""
          : attributes.isDirectory() ? "/" : attributes.isSymbolicLink() ? "@" : "";
    }

    private String target() {
      try {
        return attributes.isSymbolicLink() ? " -> " + Files.readSymbolicLink(path) : "";
      } catch (IOException e) {
        return "";
      }
    }
  }

  private Object ls(Call call) throws IOException {
    List<String> names = call.plain();
    PrintStream out = call.out();
    List<Entry> files = new ArrayList<>();
    List<String> directories = new ArrayList<>();
    for (String name : names.isEmpty() ? List.of(".") : names) {
      Path path = call.path(name);
      if (Files.isDirectory(path)) {
        directories.add(name);
      } else if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        files.add(Entry.of(name, path));
      } else {
        throw new CommandFailed(name + ": there is no such file");
      }
    }
    print(files, call, out);
    for (String name : directories) {
      if (names.size() > 1 && !call.isJson()) {
        boolean first = files.isEmpty() && name.equals(directories.getFirst());
        out.println((first ? "" : "\n") + Printable.of(name) + ":");
      }
      print(entries(call.path(name), call.has("-a")), call, out);
    }
    return null;
  }

  private static List<Entry> entries(Path directory, boolean all) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(path -> Entry.of(path.getFileName().toString(), path))
          .filter(entry -> all || !entry.name().startsWith("."))
          .collect(Collectors.toCollection(ArrayList::new));
    }
  }

  private static void print(List<Entry> entries, Call call, PrintStream out) {
    Comparator<Entry> order = Comparator.comparing(Entry::name);
    if (call.has("-S")) {
      order = Comparator.comparing(Entry::size).reversed().thenComparing(order);
    } else if (call.has("-t")) {
      order = Comparator.comparing(Entry::time).reversed().thenComparing(order);
    }
    entries.sort(call.has("-r") ? order.reversed() : order);
    entries.forEach(
        entry ->
            out.println(call.isJson() ? Json.of(entry.json()) : Printable.of(entry.text(call))));
  }
}
