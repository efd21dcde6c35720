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
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Printable;
import org.pagewheel.shell.internal.print.WrongInput;
import org.pagewheel.shell.internal.terminal.Terminals;

/**
 * In place of Gogo's {@code ls}, which opens every entry to read its extended attributes: it waits
 * for ever at a pipe without a writer.
 */
public final class FileCommands {
  /** The functions of this class, for Gogo. */
  public static final String[] FUNCTIONS = {"ls"};

  private static final String USAGE = "ls [-1aFlrSt] [FILE...]";
  private static final String OPTIONS = "1aFlrSt";
  private static final Set<String> HELP = Set.of("--help", "-h", "-?");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

  /** A file: nothing of it is opened. */
  private record Entry(String name, Path path, PosixFileAttributes attributes) {
    static Entry of(String name, Path path) {
      try {
        PosixFileAttributes attributes =
            Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return new Entry(name, path, attributes);
      } catch (IOException e) {
        return new Entry(name, path, null); // gone meanwhile, or not ours to see
      }
    }

    long size() {
      return attributes == null ? 0 : attributes.size();
    }

    long time() {
      return attributes == null ? 0 : attributes.lastModifiedTime().toMillis();
    }

    String text(Set<Character> options) {
      String text = name + (options.contains('F') ? suffix() : "");
      if (!options.contains('l')) {
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

  /**
   * Lists files.
   *
   * @param session knows the current directory and where to print to
   * @param arguments options and files
   * @throws IOException if there is no such file or it cannot be read
   */
  @Descriptor("list files")
  public void ls(
      CommandSession session,
      @Descriptor(
              "[-1aFlrSt] [FILE...]: the current directory if none is named; -a shows hidden files,"
                  + " -F what is a directory or a link, -l all there is to know; -S sorts by size,"
                  + " -t by time, -r in reverse")
          String... arguments)
      throws IOException {
    Set<Character> options = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (String argument : arguments) {
      if (HELP.contains(String.valueOf(argument))) {
        throw new WrongInput("usage: " + USAGE + "; for more: help gogo:ls");
      }
      if (argument == null || !argument.matches("-[" + OPTIONS + "]+")) {
        names.addAll(Arguments.plain(USAGE, 1, 1, argument));
      } else {
        argument.chars().skip(1).forEach(option -> options.add((char) option));
      }
    }
    PrintStream out = Terminals.out(session);
    List<Entry> files = new ArrayList<>();
    List<String> directories = new ArrayList<>();
    for (String name : names.isEmpty() ? List.of(".") : names) {
      Path path = Paths.of(session, name);
      if (Files.isDirectory(path)) {
        directories.add(name);
      } else if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        files.add(Entry.of(name, path));
      } else {
        throw new CommandFailed(name + ": there is no such file");
      }
    }
    print(files, options, out);
    for (String name : directories) {
      if (names.size() > 1) {
        boolean first = files.isEmpty() && name.equals(directories.getFirst());
        out.println((first ? "" : "\n") + Printable.of(name) + ":");
      }
      print(entries(Paths.of(session, name), options.contains('a')), options, out);
    }
  }

  private static List<Entry> entries(Path directory, boolean all) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(path -> Entry.of(path.getFileName().toString(), path))
          .filter(entry -> all || !entry.name().startsWith("."))
          .collect(Collectors.toCollection(ArrayList::new));
    }
  }

  private static void print(List<Entry> entries, Set<Character> options, PrintStream out) {
    Comparator<Entry> order = Comparator.comparing(Entry::name);
    if (options.contains('S')) {
      order = Comparator.comparing(Entry::size).reversed().thenComparing(order);
    } else if (options.contains('t')) {
      order = Comparator.comparing(Entry::time).reversed().thenComparing(order);
    }
    entries.sort(options.contains('r') ? order.reversed() : order);
    entries.forEach(entry -> out.println(Printable.of(entry.text(options))));
  }
}
