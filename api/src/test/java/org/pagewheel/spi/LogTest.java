package org.pagewheel.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an application sees that has configured nothing. */
class LogTest {
  private static final Logger LOG = Logger.getLogger("org.pagewheel");

  private final List<LogRecord> records = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    handler.setLevel(Level.ALL);
    LOG.addHandler(handler);
    LOG.setLevel(Level.FINE);
    LOG.setUseParentHandlers(false);
  }

  @AfterEach
  void giveBack() {
    LOG.setUseParentHandlers(true);
    LOG.setLevel(null);
    LOG.removeHandler(handler);
  }

  /** Two lines, as the JDK's formatter prints: the time with a name, and the level with a text. */
  private List<String> printed() {
    assertEquals(1, records.size());
    return new SimpleFormatter().format(records.getFirst()).lines().toList();
  }

  @Test
  void aLineHasTheNameOfTheLogAndNoClass() {
    Log.warning("buffer main waits: {0} is no ring");
    List<String> printed = printed();
    assertTrue(printed.getFirst().endsWith(" org.pagewheel"), printed::toString);
    assertEquals(
        Level.WARNING.getLocalizedName() + ": " + "buffer main waits: {0} is no ring",
        printed.get(1));
    assertEquals(2, printed.size());
    assertEquals("org.pagewheel", records.getFirst().getLoggerName());
  }

  @Test
  void aTextOfOthersIsOneLine() {
    Log.info("a\nb\u001b[2J\u202ec");
    assertEquals("a\\x0ab\\x1b[2J\\u202ec", records.getFirst().getMessage());
    assertEquals(Level.INFO, records.getFirst().getLevel());
  }

  @Test
  void aStackIsForWhoAsks() {
    Throwable thrown = new IllegalStateException("x");
    Log.debug("what failed", thrown);
    assertSame(thrown, records.getFirst().getThrown());
    LOG.setLevel(Level.INFO);
    Log.debug("again", thrown);
    assertEquals(1, records.size());
  }
}
