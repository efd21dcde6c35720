package org.pagewheel.sources.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class JvmStreamTest {
  private final List<String> lines = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          lines.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @Test
  void eventsThatAreLostAreLoggedOnce() {
    Logger log = Logger.getLogger(JvmStream.class.getName());
    log.addHandler(handler);
    try (JvmStream stream = new JvmStream(null)) { // it has not started and has no buffer
      for (int i = 0; i < 1000; i++) {
        stream.lost(new IllegalStateException("event " + i));
      }
    } finally {
      log.removeHandler(handler);
    }
    assertEquals(List.of("source jvm loses events: event 0"), lines);
  }
}
