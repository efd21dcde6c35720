package org.pagewheel.shell.internal.terminal;

import java.io.Console;
import java.io.PrintStream;
import java.lang.reflect.Method;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Process;

/**
 * The terminal of a session, if it has one. JLine's classes may be missing, or exist twice in a
 * container: hence reflection.
 */
public final class Terminals {
  /** The session's variable that holds its terminal. */
  public static final String TERMINAL = ".terminal";

  private static final int OUT = 1;

  private Terminals() {}

  /** The output of a command: a pipe, if it is in one. */
  public static PrintStream out(CommandSession session) {
    Process process = Process.Utils.current();
    return process == null ? session.getConsole() : process.out();
  }

  /** The output for what is not part of a command's answer. */
  public static PrintStream err() {
    Process process = Process.Utils.current();
    return process == null ? System.err : process.err();
  }

  /** Whether a command's output or result now goes to a terminal with colours. */
  public static boolean hasColours(CommandSession session) {
    Process process = Process.Utils.current();
    return System.getenv("NO_COLOR") == null
        && (process == null || process.isTty(OUT))
        && isReal(session);
  }

  /** Whether there is a terminal that can do more than print lines. */
  public static boolean isReal(CommandSession session) {
    Object terminal = session.get(TERMINAL);
    return terminal != null
        && call(terminal, "getType") instanceof String type
        && !type.startsWith("dumb");
  }

  /** The maximum width of a command's output; unlimited if no terminal shows it. */
  public static int columns(CommandSession session) {
    Process process = Process.Utils.current();
    boolean shown = process == null || process.isTty(OUT);
    if (shown && session.get(TERMINAL) instanceof RemoteTerminal remote) {
      return remote.columns();
    }
    return shown
            && isReal(session)
            && call(session.get(TERMINAL), "getWidth") instanceof Integer width
            && width > 0
        ? width
        : Integer.MAX_VALUE;
  }

  /** Whether a user is there who can press Ctrl-C, even if the session has no terminal. */
  public static boolean hasUser(CommandSession session) {
    return session.get(TERMINAL) instanceof RemoteTerminal remote
        ? remote.hasUser()
        : System.console() instanceof Console console && console.isTerminal();
  }

  /** The first key that is pressed ends the command; without a terminal, none ever is. */
  public static Keys keys(CommandSession session, Stop stop) {
    return new Keys(isReal(session) ? session.get(TERMINAL) : null, stop);
  }

  /**
   * The keyboard, each key for itself and without an echo, until it is closed. A separate thread
   * reads it: JLine loses a key when a reading thread is interrupted.
   */
  public static final class Keys implements AutoCloseable {
    private static final long SLICE_MILLIS = 20;

    /** JLine's result if no key was pressed in time. */
    private static final int NONE = -2;

    private final Object terminal;
    private final Object before;
    private final Stop stop;
    private final Thread listener;
    private volatile boolean closed;

    private Keys(Object terminal, Stop stop) {
      this.terminal = terminal;
      this.stop = stop;
      this.before = terminal == null ? null : call(terminal, "enterRawMode");
      this.listener =
          terminal == null
              ? null
              : Thread.ofPlatform().daemon().name("pagewheel-keys").start(this::listen);
    }

    private void listen() {
      Object reader = call(terminal, "reader");
      try {
        Method peek = method(reader, "peek", long.class);
        while (!closed) {
          boolean none = Integer.valueOf(NONE).equals(peek.invoke(reader, SLICE_MILLIS));
          if (!none && !closed) { // once closed, the key is for the prompt, which may be back
            method(reader, "read", long.class).invoke(reader, SLICE_MILLIS);
            stop.ask();
            return;
          }
        }
      } catch (ReflectiveOperationException | RuntimeException e) {
        // an unknown terminal, or it is gone: an interrupt ends the command as well
      }
    }

    @Override
    public void close() {
      closed = true;
      if (listener != null) {
        try {
          listener.join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      if (before != null) {
        for (Method method : terminal.getClass().getMethods()) {
          if (method.getName().equals("setAttributes")) {
            call(terminal, method, before);
            return;
          }
        }
      }
    }
  }

  private static Object call(Object target, String name) {
    try {
      return call(target, method(target, name));
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  static Object call(Object target, Method method, Object... arguments) {
    try {
      method.setAccessible(true);
      return method.invoke(target, arguments);
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null; // an unknown terminal
    }
  }

  private static Method method(Object target, String name, Class<?>... types)
      throws NoSuchMethodException {
    Method method = target.getClass().getMethod(name, types);
    method.setAccessible(true); // the class may be private to its package
    return method;
  }
}
