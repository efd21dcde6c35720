package org.pagewheel.spi;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.System.LoggerFinder;
import java.util.function.Consumer;
import java.util.logging.LogRecord;
import org.pagewheel.internal.LogDestination;
import org.pagewheel.internal.OneLine;

/**
 * The messages of Pagewheel and its plugins to people: lines of the platform's log, under the
 * single name {@code org.pagewheel}. Never used on the path of an event.
 *
 * <p>How it works: {@link System.Logger} sends the lines wherever the application configures. By
 * default it is {@code java.util.logging}, which looks at the stack and prints the class and method
 * that logged before each line. It prints the logger's name instead if the log record has no class,
 * and only a record made here can have none.
 */
public final class Log {
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

  private Log() {}

  /**
   * Something does not work, or not as it should.
   *
   * @param line plain words, without class names
   */
  public static void warning(String line) {
    log(Level.WARNING, line, null);
  }

  /**
   * Something works again, or has begun to.
   *
   * @param line plain words, without class names
   */
  public static void info(String line) {
    log(Level.INFO, line, null);
  }

  /**
   * For authors of plugins.
   *
   * @param line what failed
   * @param thrown its stack is logged
   */
  public static void debug(String line, Throwable thrown) {
    log(Level.DEBUG, line, thrown);
  }

  private static void log(Level level, String line, Throwable thrown) {
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
