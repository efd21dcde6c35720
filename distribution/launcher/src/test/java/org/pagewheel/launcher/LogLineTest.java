package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** What a plugin throws reaches a terminal as text. */
class LogLineTest {
  @Test
  void whatATerminalWouldObeyIsEscaped() {
    var record = new LogRecord(Level.WARNING, "consumer x: accept failed: \u001b[2J\u0007\u202e");
    assertEquals(
        "pagewheel: consumer x: accept failed: \\x1b[2J\\x07\\u202e" + System.lineSeparator(),
        new LogLine().format(record));
  }

  @Test
  void theHomeLogsByIt() throws Exception {
    Path file = Path.of("src/home/etc/logging.properties");
    String line = "java.util.logging.ConsoleHandler.formatter=" + LogLine.class.getName();
    assertTrue(Files.readAllLines(file).contains(line));
  }
}
