package org.pagewheel.shell.internal.prompt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jline.terminal.Terminal;

/**
 * Passes a command's output to the terminal at once: Gogo puts a channel between the two, which
 * does not pass on flushes. A channel cuts long output anywhere, so the bytes stay bytes here.
 *
 * <p>All output passes here. The shell's own commands colour and clear the screen by ESC, so each
 * command escapes it in foreign text. But no command needs 8-bit controls, or characters that
 * change the direction of the text: these are printed as their numbers.
 */
final class TerminalOutput extends OutputStream {
  private static final int LEAD_OF_TWO = 0xc2;
  private static final int LEAD_OF_THREE = 0xe2;

  private final OutputStream destination;
  private final boolean utf8;

  /** The beginning of a character that may have to be escaped; usually empty. */
  private final byte[] begun = new byte[2];

  private int length;

  TerminalOutput(Terminal terminal) {
    this(terminal.output(), terminal.encoding().equals(StandardCharsets.UTF_8));
  }

  TerminalOutput(OutputStream destination, boolean utf8) {
    this.destination = destination;
    this.utf8 = utf8;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int count) throws IOException {
    if (utf8) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(count);
      for (int i = offset; i < offset + count; i++) {
        next(bytes[i], out);
      }
      out.writeTo(destination);
    } else {
      destination.write(bytes, offset, count);
    }
    destination.flush();
  }

  private void next(byte b, ByteArrayOutputStream out) {
    boolean continues = (b & 0xc0) == 0x80;
    if (length > 0 && continues) {
      int lead = begun[0] & 0xff;
      if (lead == LEAD_OF_THREE && length == 1) {
        begun[length++] = b;
        return;
      }
      int code =
          lead == LEAD_OF_TWO
              ? b & 0xff
              : 0x2000 | (begun[1] & 0x3f) << 6 | b & 0x3f; // the lead says 2
      if (isObeyed(code)) {
        out.writeBytes(
            String.format(code < 0x100 ? "\\x%02x" : "\\u%04x", code)
                .getBytes(StandardCharsets.US_ASCII));
        length = 0;
        return;
      }
    }
    out.writeBytes(Arrays.copyOf(begun, length));
    length = 0;
    int lead = b & 0xff;
    if (lead == LEAD_OF_TWO || lead == LEAD_OF_THREE) {
      begun[length++] = b;
    } else {
      out.write(b);
    }
  }

  private static boolean isObeyed(int code) {
    return code >= 0x80 && code < 0xa0
        || code >= 0x202a && code <= 0x202e
        || code >= 0x2066 && code <= 0x2069;
  }
}
