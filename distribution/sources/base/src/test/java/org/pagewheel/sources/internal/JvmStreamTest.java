package org.pagewheel.sources.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class JvmStreamTest {
  @Test
  void eventsThatAreLostAreLoggedOnce() {
    List<String> lines = new ArrayList<>();
    Logger log = Logger.getLogger("org.pagewheel");
    log.setFilter(record -> !lines.add(record.getMessage()));
    try (JvmStream stream = new JvmStream(null)) { // it has not started and has no buffer
      for (int i = 0; i < 1000; i++) {
        stream.lost(new IllegalStateException("event " + i));
      }
    } finally {
      log.setFilter(null);
    }
    assertEquals(List.of("source jvm loses events: event 0"), lines);
  }
}
