package org.pagewheel.analysis;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.UUID;

/**
 * The stream of one CPU of one buffer in the Common Trace Format: a file of packets.
 *
 * <pre>
 * packet    header  context  event…             numbers are little-endian, nothing is aligned
 *   header  c1 1f fc c1  uuid (16)  stream (4)
 *   context begin (8)  end (8)  content (8)  packet (8)  discarded (8)  cpu (4)  buffer…0
 *                           content and packet are bits, discarded is the sum so far
 *   event   type (2)  time (8)  tid (4)  name…0  fields
 * </pre>
 *
 * <p>What was lost stands in a packet of its own without events, from the end of the packet before
 * to the next event, so that readers see where it was. They take the sum of a file's first packet
 * as where it starts: it is 0. The file is open only while a packet is written, for there may be
 * more CPUs than a process may have files. For one thread.
 */
final class CtfStream {
  /** Where the numbers are in a packet that are known only at its end. */
  private static final int BEGIN = 24;

  private static final int END = BEGIN + Long.BYTES;
  private static final int CONTENT = END + Long.BYTES;
  private static final int SIZE = CONTENT + Long.BYTES;
  private static final int DISCARDED = SIZE + Long.BYTES;

  private static final int MAGIC = 0xc1fc1fc1;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final int enough;
  private final int head;
  private byte[] bytes = new byte[1 << 10];
  private int at;
  private int event;
  private long last;
  private long discarded;
  private boolean isWritten;

  /**
   * Begins a stream.
   *
   * @param file exists and is empty
   * @param uuid that of the trace
   * @param number that of the trace's types
   * @param lane the CPU and buffer
   * @param enough a packet ends after the event that fills so many bytes
   */
  CtfStream(Path file, UUID uuid, int number, Lane lane, int enough) {
    this.file = file;
    this.enough = enough;
    number(MAGIC);
    ByteBuffer big = ByteBuffer.allocate(16);
    big.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    raw(big.array());
    number(number);
    for (int i = BEGIN; i <= DISCARDED; i += Long.BYTES) {
      number(0L);
    }
    number(lane.cpu());
    text(lane.buffer());
    head = at;
  }

  /** The latest time so far; 0 if there is none. */
  long last() {
    return last;
  }

  /** Begins an event, not earlier than {@link #last}. */
  void begin(int type, long time, int tid, String thread) {
    if (at == head) {
      LONG.set(bytes, BEGIN, time);
    }
    event = at;
    number((short) type);
    number(time);
    number(tid);
    text(thread);
    last = time;
  }

  /** Takes back what was written since {@link #begin}; another begin follows. */
  void undo() {
    at = event;
  }

  /** Ends an event. */
  void end() throws IOException {
    if (at >= enough) {
      write();
    }
  }

  /** What was lost until a time. */
  void lose(long time, long events) throws IOException {
    if (at > head) {
      write();
    }
    if (!isWritten) {
      LONG.set(bytes, BEGIN, time);
      last = time;
      write();
    }
    LONG.set(bytes, BEGIN, last);
    last = time;
    discarded += events;
    write();
  }

  /** Writes what is left. */
  void finish() throws IOException {
    if (at > head) {
      write();
    }
  }

  private void write() throws IOException {
    LONG.set(bytes, END, last);
    LONG.set(bytes, CONTENT, (long) at * Byte.SIZE);
    LONG.set(bytes, SIZE, (long) at * Byte.SIZE);
    LONG.set(bytes, DISCARDED, discarded);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
      ByteBuffer packet = ByteBuffer.wrap(bytes, 0, at);
      while (packet.hasRemaining()) {
        channel.write(packet);
      }
    }
    isWritten = true;
    at = head;
    if (bytes.length > 2 * enough) {
      bytes = Arrays.copyOf(bytes, enough); // one event was large
    }
  }

  void number(byte value) {
    room(Byte.BYTES);
    bytes[at++] = value;
  }

  void number(short value) {
    room(Short.BYTES);
    SHORT.set(bytes, at, value);
    at += Short.BYTES;
  }

  void number(int value) {
    room(Integer.BYTES);
    INT.set(bytes, at, value);
    at += Integer.BYTES;
  }

  void number(long value) {
    room(Long.BYTES);
    LONG.set(bytes, at, value);
    at += Long.BYTES;
  }

  /** The lowest bytes of a number: 1, 2, 4 or 8. */
  void number(long value, int size) {
    switch (size) {
      case Byte.BYTES -> number((byte) value);
      case Short.BYTES -> number((short) value);
      case Integer.BYTES -> number((int) value);
      default -> number(value);
    }
  }

  /** A text, until the first NUL in it. */
  void text(String text) {
    int end = text.indexOf(0);
    raw((end < 0 ? text : text.substring(0, end)).getBytes(StandardCharsets.UTF_8));
    number((byte) 0);
  }

  void raw(byte[] from) {
    room(from.length);
    System.arraycopy(from, 0, bytes, at, from.length);
    at += from.length;
  }

  private void room(int more) {
    if (bytes.length - at < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, at + more));
    }
  }
}
