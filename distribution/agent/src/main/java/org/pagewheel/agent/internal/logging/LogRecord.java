package org.pagewheel.agent.internal.logging;

/** A line and its severity; its origin does not matter here. */
public final class LogRecord {
  final Level level;
  final String message;

  public LogRecord(Level level, String message) {
    this.level = level;
    this.message = message;
  }

  public void setLoggerName(String name) {
    // all have the same destination
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
