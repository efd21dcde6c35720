package org.pagewheel.shell.internal.declaration;

import java.util.List;

/** The manual page {@code pagewheel(1)}. */
public final class ManPage {
  private static final String HEAD =
      """
      .\\" made from the declarations of the commands
      .TH PAGEWHEEL 1 "" "Pagewheel" "User Commands"
      .SH NAME
      pagewheel \\- the Linux kernel's tracing ring buffer, for the JVM
      .SH SYNOPSIS
      .B pagewheel
      .RI [ \\-Dkey=value ]...
      .br
      .B pagewheel
      .RI [ \\-Dkey=value ]...
      .B \\-c
      .I COMMANDS
      .br
      .B pagewheel
      .RI [ \\-Dkey=value ]...
      .I COMMAND
      .RI [ ARGUMENT ]...
      .SH DESCRIPTION
      Without arguments it starts a container that records itself, and opens a shell. With a command
      it runs that and ends; with
      .B run
      it records until SIGTERM, without a shell.
      .SH OPTIONS
      .TP
      .B \\-D\\fIkey\\fB=\\fIvalue
      overrides a key of the configuration, such as pagewheel.buffers.main.pages
      .TP
      .BI \\-c " COMMANDS"
      runs commands of the shell, separated by ;
      .TP
      .BR \\-h ", " \\-\\-help " [\\fICOMMAND\\fR]"
      shows the usage, or explains a command
      .TP
      .B \\-\\-version
      shows the version
      .SH COMMANDS
      In the shell each has the scope
      .BR ring ,
      as in ring:list, but for
      .BR run .
      Each of these takes
      .BR \\-\\-json ,
      which gives the result as JSON.
      """;

  private static final String TAIL =
      """
      .SH EXIT STATUS
      .TP
      .B 0
      done
      .TP
      .B 1
      a command failed; a line on the error stream says why
      .TP
      .B 2
      the arguments or the configuration are wrong
      .TP
      .B 143
      SIGTERM ended it, in good order
      .SH ENVIRONMENT
      .TP
      .B PAGEWHEEL_JAVA
      the Java to run on, 25 or newer
      .TP
      .B PAGEWHEEL_OPTS
      further options for its JVM
      .TP
      .B NOTIFY_SOCKET
      where
      .B run
      reports that it is ready, and that it stops
      .TP
      .B XDG_STATE_HOME
      the directory below which
      .B run
      keeps its ring, and control sockets are kept without XDG_RUNTIME_DIR
      .TP
      .B XDG_RUNTIME_DIR
      the directory below which are the sockets that
      .BR ps ", " ctl " and " shell
      connect to
      .SH FILES
      .TP
      .I etc/pagewheel.conf
      the configuration, below the directory of the installation
      .TP
      .I ~/.local/state/pagewheel/main.ring
      the ring of
      .BR run ;
      pagewheel recover makes a trace of it
      .SH SEE ALSO
      .BR trace\\-cmd (1),
      .BR kernelshark (1)
      """;

  private ManPage() {}

  /** The page. */
  public static String of(List<Command> commands) {
    StringBuilder page = new StringBuilder(HEAD);
    for (Command command : commands) {
      page.append(".TP\n.B ").append(escaped(command.usage())).append('\n');
      line(page, command.what());
      if (!command.meaning().isEmpty()) {
        page.append(".br\n");
        line(page, command.meaning());
      }
      command.options().values().stream()
          .filter(option -> !option.name().equals(Command.JSON))
          .forEach(option -> indented(page, option.words() + ": " + option.meaning()));
      command
          .examples()
          .forEach(each -> indented(page, "pagewheel " + each.line() + " # " + each.what()));
      indented(page, "exits with 1 if " + command.failure());
    }
    return page.append(TAIL).toString();
  }

  private static void indented(StringBuilder page, String text) {
    page.append(".br\n");
    line(page, text);
  }

  /** A line that begins with a dot or a quote would be a request. */
  private static void line(StringBuilder page, String text) {
    String first = text.startsWith(".") || text.startsWith("'") ? "\\&" : "";
    page.append(first).append(escaped(text)).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-");
  }
}
