package org.pagewheel.shell.internal.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The unit of data that goes through the socket.
 *
 * @param type a letter
 * @param body at most {@link #MAX_BODY} bytes
 */
record Frame(char type, byte[] body) {
  static final String VERSION_NUMBER = "1";

  static final char VERSION = 'V';
  static final char STATUS = 'S';
  static final char COMPLETE = 'C';
  static final char EXECUTE = 'X';
  static final char INTERRUPT = 'I';
  static final char OUTPUT = 'O';
  static final char ERRORS = 'E';
  static final char RESULT = 'R';

  static final int MAX_BODY = 1 << 16;
  static final int HEADER = 1 + Integer.BYTES;

  static Frame of(char type, String text) {
    return new Frame(type, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same for lines: as many as fit. */
  static Frame ofLines(char type, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int end = bytes.length;
    if (end > MAX_BODY) {
      end = MAX_BODY;
      while (end > 0 && bytes[end - 1] != '\n') {
        end--;
      }
    }
    return new Frame(type, Arrays.copyOf(bytes, end));
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  ByteBuffer encoded() {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER + body.length);
    return bytes.put((byte) type).putInt(body.length).put(body).flip();
  }

  /** Assembles frames from bytes that come in pieces of any size. */
  static final class Reader {
    private final ByteBuffer header = ByteBuffer.allocate(HEADER);
    private ByteBuffer body;

    /** Where the next bytes belong; it has room. */
    ByteBuffer room() {
      return body == null ? header : body;
    }

    /**
     * The next complete frame; null if there is none yet.
     *
     * @throws IOException if what came cannot be a frame
     */
    Frame next() throws IOException {
      if (body == null && !header.hasRemaining()) {
        int length = header.getInt(1);
        if (length < 0 || length > MAX_BODY) {
          throw new IOException("it sent something that is not a request");
        }
        body = ByteBuffer.allocate(length);
      }
      if (body == null || body.hasRemaining()) {
        return null;
      }
      Frame whole = new Frame((char) header.get(0), body.array());
      header.clear();
      body = null;
      return whole;
    }
  }
}
