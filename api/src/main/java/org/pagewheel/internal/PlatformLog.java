package org.pagewheel.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.System.LoggerFinder;
import java.util.function.Consumer;
import java.util.logging.LogRecord;

/**
 * The lines of {@link System.Logger}, or of where an agent sends them.
 *
 * <p>By default they go to {@code java.util.logging}, which looks at the stack and prints the class
 * and method that logged before each line. It prints the logger's name instead if the log record
 * has no class, and only a record made here can have none.
 */
public final class PlatformLog {
  private static final String NAME = "org.pagewheel";

  /** Separate, because an agent must not ask for it, see {@link LogDestination}. */
  private static final class Platform {
    static final Logger LOGGER = System.getLogger(NAME);

    static final boolean IS_JUL =
        "java.logging".equals(LoggerFinder.getLoggerFinder().getClass().getModule().getName());
  }

  /** Separate, because java.util.logging may be missing. */
  private static final class Jul {
    private static final java.util.logging.Logger LOGGER = java.util.logging.Logger.getLogger(NAME);

    static void log(Level level, String line, Throwable thrown) {
      LogRecord log = new LogRecord(of(level), line);
      log.setLoggerName(NAME);
      log.setSourceClassName(null);
      log.setSourceMethodName(null);
      log.setThrown(thrown);
      LOGGER.log(log);
    }

    private static java.util.logging.Level of(Level level) {
      return switch (level) {
        case WARNING -> java.util.logging.Level.WARNING;
        case INFO -> java.util.logging.Level.INFO;
        default -> java.util.logging.Level.FINE;
      };
    }
  }

  private PlatformLog() {}

  /**
   * Logs a line.
   *
   * @param level how important it is
   * @param line plain words
   * @param thrown its stack is logged; may be null
   */
  public static void log(Level level, String line, Throwable thrown) {
    String plain = OneLine.of(line);
    Consumer<String> other = LogDestination.get();
    if (other != null) {
      if (level == Level.WARNING) {
        other.accept(plain);
      }
    } else if (Platform.IS_JUL) {
      Jul.log(level, plain, thrown);
    } else {
      Platform.LOGGER.log(level, plain, thrown);
    }
  }
}
