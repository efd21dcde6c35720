package org.pagewheel.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Starts the framework with every bundle of a Pagewheel home and runs the command line.
 *
 * <p>The exit status is 0 for success, 1 if a command failed, 2 if the arguments were wrong. Every
 * problem is reported in one line on the error stream.
 */
public final class Main {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  /** What pagewheel ps shows of this process. */
  private static final String COMMAND = "pagewheel.launcher.command";

  /** Set when the program is being ended: later failures are caused by that. */
  private static volatile boolean ending;

  private Main() {}

  /**
   * Runs Pagewheel and ends the JVM.
   *
   * @param args the command line, see {@code --help}
   */
  public static void main(String[] args) {
    var output = new ClosedPipe(new FileOutputStream(FileDescriptor.out), Main::exit);
    System.setOut(new PrintStream(output, true, Charset.defaultCharset()));
    atEnd("pagewheel-umask", Umask::ownerOnly);
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) ->
            tell("thread '%s' ended: %s".formatted(thread.getName(), Causes.inOneLine(thrown))));
    int status = run(args);
    exit(output.statusOr(status)); // its own thread may not have reached this yet
  }

  private static int run(String[] args) {
    try {
      Arguments arguments = Arguments.parse(args);
      return switch (arguments.mode()) {
        case HELP -> print(Arguments.HELP);
        case VERSION -> print(version());
        default -> start(arguments);
      };
    } catch (UsageException e) {
      return fail(USAGE, e);
    } catch (Exception | LinkageError e) {
      return fail(FAILED, e);
    }
  }

  private static int start(Arguments arguments) throws Exception {
    Path home = Home.locate();
    arguments.properties().forEach(System::setProperty);
    Home.describe(home);
    if (arguments.isAboutOthers()) {
      return OtherProcesses.run(home, arguments.words());
    }
    System.setProperty(COMMAND, arguments.command());
    boolean interactive = arguments.mode() == Arguments.Mode.SHELL && System.console() != null;
    Optional<LinesAbove> lines = interactive ? Optional.of(LinesAbove.install()) : Optional.empty();
    boolean runs = arguments.mode() == Arguments.Mode.RUN;
    var notify = runs ? Notify.of(System.getenv(Notify.SOCKET)) : Optional.<Notify>empty();
    var container = Container.of(home, runs);
    int status = run(container, arguments, interactive, lines, notify);
    return status == OK && container.hasFailed() ? FAILED : status;
  }

  private static int run(
      Container container,
      Arguments arguments,
      boolean interactive,
      Optional<LinesAbove> lines,
      Optional<Notify> notify)
      throws Exception {
    try (container) {
      if (!atEnd("pagewheel-stop", () -> end(container, notify))) {
        return FAILED;
      }
      container.start();
      if (arguments.isLong()) {
        container.openControl();
      }
      if (arguments.mode() == Arguments.Mode.RUN) {
        if (!container.shell().hasPrompt()) {
          return fail(
              FAILED,
              new UsageException("the shell's bundle did not start: it is unknown what records"));
        }
        Optional<String> idle = container.shell().idle();
        if (idle.isPresent()) {
          return fail(FAILED, new UsageException(idle.get()));
        }
        notify.ifPresent(each -> tell(each, Notify.READY));
        container.awaitStop();
        return OK;
      }
      if (interactive) {
        lines.ifPresent(each -> each.to(container.shell().above()));
        container.openShell();
        container.awaitStop();
        return OK;
      }
      try (var session = container.session()) {
        return new Commands(session, container.shell()).run(arguments);
      }
    }
  }

  /** Whether it will run: not if the process ends already. */
  private static boolean atEnd(String name, Runnable action) {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(action, name));
      return true;
    } catch (IllegalStateException e) {
      ending = true; // a signal came first
      return false;
    }
  }

  private static int print(String text) {
    System.out.println(text);
    return OK;
  }

  private static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return "pagewheel " + version + " (Java " + Runtime.version() + ")";
  }

  /** Reports what went wrong and returns the status. */
  static int fail(int status, Throwable cause) {
    if (cause instanceof UsageException) { // with a line for each mistake
      cause.getMessage().lines().forEach(Main::tellUnlessEnding);
    } else {
      tellUnlessEnding(Causes.inOneLine(cause));
    }
    return status;
  }

  static void tellUnlessEnding(String line) {
    if (!ending) {
      tell(line);
    }
  }

  static void tell(String line) {
    System.err.println("pagewheel: " + Printable.of(line)); // it repeats what the user wrote
  }

  /** A supervisor that does not listen must not prevent recording. */
  private static void tell(Notify supervisor, String state) {
    try {
      supervisor.send(state);
    } catch (IOException e) {
      tell(e.getMessage());
    }
  }

  private static void end(Container container, Optional<Notify> notify) {
    notify.ifPresent(each -> tell(each, Notify.STOPPING));
    if (!ending) {
      tellWhoEnds();
    }
    ending = true;
    container.close();
  }

  /** A bundle may have called System.exit; after a signal there is no caller to name. */
  private static void tellWhoEnds() {
    Thread.getAllStackTraces()
        .forEach(
            (thread, frames) -> {
              if (Stream.of(frames).anyMatch(Main::isExit)) {
                tell("System.exit was called by thread '%s'".formatted(thread.getName()));
              }
            });
  }

  private static boolean isExit(StackTraceElement frame) {
    return frame.getClassName().equals(Runtime.class.getName())
        && frame.getMethodName().equals("exit");
  }

  /** The shutdown hook stops the framework, should it still run. */
  private static void exit(int status) {
    ending = true;
    System.exit(status);
  }
}
