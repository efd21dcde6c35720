package org.pagewheel.shell.internal.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What no command has a use for does not reach the terminal, wherever it is cut. */
class TerminalOutputTest {
  private static final String COLOURED = "\u001b[1mCPU\u001b[0m ä€ \u2029 𝄞\n";

  private static String shown(String text, int piece) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    try (TerminalOutput out = new TerminalOutput(screen, true)) {
      for (int i = 0; i < bytes.length; i += piece) {
        out.write(bytes, i, Math.min(piece, bytes.length - i));
      }
    }
    return screen.toString(StandardCharsets.UTF_8);
  }

  @Test
  void controlsOfEightBitsAndTurnsAreShownByTheirNumber() throws IOException {
    for (int piece = 1; piece < 12; piece++) {
      assertEquals(
          "a\\x9b31m\\x85 \\u202eb\\u202a\\u2066\\u2069",
          shown("a\u009b31m\u0085 \u202eb\u202a\u2066\u2069", piece));
      assertEquals(COLOURED, shown(COLOURED, piece), "all else as it is");
    }
  }
}
