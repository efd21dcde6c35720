package org.pagewheel.shell.internal.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.felix.service.command.Process;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Json;
import org.pagewheel.shell.internal.print.Printable;

/** Replaces Gogo's {@code grep}, whose {@code -c} counts one line too many. */
public final class GrepCommand {
  /** The exit status if no line matches. */
  private static final int NONE = 1;

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        Command.named("gogo", "grep", "print the lines that match a pattern")
            .word("PATTERN", Kind.NEW)
            .any("FILE", Kind.FILE)
            .means("a regular expression; lines of a pipe where no file is named")
            .flag("-c", "how many, instead of the lines")
            .flag("-i", "capital and small letters are the same")
            .flag("-n", "with the number of each")
            .flag("-v", "those that do not match")
            .flag("-q", "nothing: the exit status says whether any does")
            .printing()
            .example("grep -c order_filled report.txt", "how many lines have it")
            .fails("no line matches, or a file cannot be read")
            .runs(this::grep));
  }

  private Object grep(Call call) throws IOException {
    Pattern pattern = pattern(call);
    List<String> names = call.plain().subList(1, call.plain().size());
    long all = 0;
    if (names.isEmpty()) {
      all = search(call, pattern, "", Process.Utils.current().in());
    }
    for (String name : names) {
      Path file = call.path(name);
      if (!Files.isRegularFile(file)) {
        throw new CommandFailed(
            name + (Files.exists(file) ? " is not a regular file" : ": there is no such file"));
      }
      try (InputStream in = Files.newInputStream(file)) {
        all += search(call, pattern, names.size() > 1 ? name : "", in);
      }
    }
    if (all == 0) {
      Process.Utils.current().error(NONE);
    }
    return null;
  }

  private static Pattern pattern(Call call) {
    try {
      return Pattern.compile(call.word(0), call.has("-i") ? Pattern.CASE_INSENSITIVE : 0);
    } catch (PatternSyntaxException e) {
      throw call.wrong("'" + call.word(0) + "' is not a pattern: " + e.getDescription());
    }
  }

  /** Returns how many lines were found. */
  private static long search(Call call, Pattern pattern, String name, InputStream in)
      throws IOException {
    PrintStream out = call.out();
    var lines = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
    boolean isSilent = call.has("-c") || call.has("-q");
    long count = 0;
    long number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (pattern.matcher(line).find() == call.has("-v")) {
        continue;
      }
      count++;
      if (!isSilent) {
        out.println(shown(call, name, number, line));
        out.flush(); // lines of a long-running command appear at once
      }
      if (call.has("-q") || out.checkError()) {
        break;
      }
    }
    if (call.has("-c") && !call.has("-q")) {
      out.println(shown(call, name, -1, Long.toString(count)));
    }
    return count;
  }

  private static String shown(Call call, String name, long number, String text) {
    if (call.isJson()) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("file", name.isEmpty() ? null : name);
      object.put(number < 0 ? "count" : "line", number < 0 ? (Object) Long.valueOf(text) : number);
      if (number >= 0) {
        object.put("text", text);
      }
      return Json.of(object);
    }
    String place = call.has("-n") && number >= 0 ? number + ":" : "";
    return Printable.of((name.isEmpty() ? "" : name + ":") + place + text);
  }
}
