package org.pagewheel.agent.internal.logging;

/** A line and how much it matters; who logged it is not of interest here. */
public final class LogRecord {
  final Level level;
  final String message;

  public LogRecord(Level level, String message) {
    this.level = level;
    this.message = message;
  }

  public void setLoggerName(String name) {
    // there is one destination for all
  }

  public void setSourceClassName(String name) {
    // it is not printed
  }

  public void setSourceMethodName(String name) {
    // it is not printed
  }

  public void setThrown(Throwable thrown) {
    // it is not printed
  }
}
