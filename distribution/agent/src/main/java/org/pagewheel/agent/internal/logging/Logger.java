package org.pagewheel.agent.internal.logging;

/**
 * Prints warnings on standard error, and nothing else. Has only the methods that libraries in the
 * jar call.
 */
public final class Logger {
  private static final Logger ONLY = new Logger();

  private Logger() {}

  public static Logger getLogger(String name) {
    return ONLY;
  }

  public boolean isLoggable(Level level) {
    return level == Level.SEVERE || level == Level.WARNING;
  }

  public void log(LogRecord line) {
    log(line.level, line.message);
  }

  public void log(Level level, String message) {
    if (isLoggable(level)) {
      System.err.println("pagewheel: " + message);
    }
  }

  public void log(Level level, String message, Object parameter) {
    log(level, message + " " + parameter);
  }

  public void log(Level level, String message, Object[] parameters) {
    log(level, message);
  }

  public void log(Level level, String message, Throwable thrown) {
    log(level, message + ": " + thrown);
  }

  public void severe(String message) {
    log(Level.SEVERE, message);
  }

  public void warning(String message) {
    log(Level.WARNING, message);
  }

  public void info(String message) {
    log(Level.INFO, message);
  }

  public void fine(String message) {
    log(Level.FINE, message);
  }
}
