package org.pagewheel.launcher;

import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * A line of the log on the error stream. Control characters are escaped: exceptions of plugins,
 * names and texts come from anywhere. Public for {@code java.util.logging}, which makes it by its
 * name.
 */
public final class LogLine extends Formatter {
  /** For the handler that {@code etc/logging.properties} names. */
  public LogLine() {}

  @Override
  public String format(LogRecord record) {
    return "pagewheel: " + Printable.of(formatMessage(record)) + System.lineSeparator();
  }
}
