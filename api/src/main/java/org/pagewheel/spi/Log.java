package org.pagewheel.spi;

import java.lang.System.Logger.Level;
import org.pagewheel.internal.PlatformLog;

/**
 * The messages of Pagewheel and its plugins to people: lines of the platform's log, under the
 * single name {@code org.pagewheel}. Never used on the path of an event.
 */
public final class Log {
  private Log() {}

  /**
   * Something does not work, or not as it should.
   *
   * @param line plain words, without class names
   */
  public static void warning(String line) {
    PlatformLog.log(Level.WARNING, line, null);
  }

  /**
   * Something works again, or has begun to.
   *
   * @param line plain words, without class names
   */
  public static void info(String line) {
    PlatformLog.log(Level.INFO, line, null);
  }

  /**
   * For authors of plugins.
   *
   * @param line what failed
   * @param thrown its stack is logged
   */
  public static void debug(String line, Throwable thrown) {
    PlatformLog.log(Level.DEBUG, line, thrown);
  }
}
