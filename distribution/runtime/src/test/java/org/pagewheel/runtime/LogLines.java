package org.pagewheel.runtime;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What Pagewheel logs, line by line, from the making of this until its close. */
final class LogLines extends LinkedBlockingQueue<String> implements AutoCloseable {
  private static final long serialVersionUID = 1;

  /** Kept here: a logger that nobody holds is collected, and its handlers with it. */
  private static final Logger LOG = Logger.getLogger("org.pagewheel");

  private final transient Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  LogLines() {
    LOG.addHandler(handler);
  }

  /** How many lines have a text. */
  long count(String part) {
    return stream().filter(line -> line.contains(part)).count();
  }

  @Override
  public void close() {
    LOG.removeHandler(handler);
  }
}
