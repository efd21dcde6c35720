package org.pagewheel.consumer.network.internal;

import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.tracedat.StreamHeader;
import org.pagewheel.tracedat.TraceMetadata;

/**
 * The protocol of the control connection to {@code trace-cmd listen}.
 *
 * <pre>
 *  listener                                   this side
 *  "tracecmd"                              →
 *                                          ←  V1: CPUs 0 page size 0 "1" 0 "4" 0 "TCP" 0
 *                                             V3: "-1V3" 0
 *                               V3: "V3" 0 →
 *                                          ←  V3: "766679" 0 0
 *                                 V3: "OK" →
 *                                          ←  V3: TINIT (CPUs, page size, 1 option, "tcp" 0)
 *  V1: "1500,1501" 0                       →
 *  V3: RINIT (CPUs, "1500" 0 "1501" 0)     →
 *                                          ←  V1: the header, bare
 *                                             V3: SEND_DATA (header) …, FIN_DATA
 *  … pages, on one connection for each port; their end …
 *                                          ←  V1: end of stream;  V3: CLOSE
 *
 *  message of V3, numbers big endian
 *  +----------+-------------+--------------------+----------------+---------+
 *  | u32 size | u32 command | u32 size of fixed  | fixed part     | data    |
 *  +----------+-------------+--------------------+----------------+---------+
 *  0          4             8                    12
 * </pre>
 */
enum Protocol {
  /** Text; a file of version 6. */
  V1 {
    @Override
    byte[] header(TraceMetadata metadata) {
      return StreamHeader.v6(metadata);
    }

    @Override
    List<Integer> begin(Talk talk, int cpus, int pageSize) throws IOException {
      talk.expect("tracecmd");
      talk.say(cpus + "\0" + pageSize + "\0" + "1\0" + "4\0" + "TCP\0");
      return ports(talk.word(cpus * MAX_PORT_TEXT).split(","), cpus);
    }

    @Override
    void send(Talk talk, byte[] header) throws IOException {
      talk.say(ByteBuffer.wrap(header));
    }

    @Override
    void end(Talk talk) {
      // the end of the stream says it
    }

    @Override
    boolean endsWithAnyReader() {
      return true;
    }
  },

  /** Messages; a file of version 7. */
  V3 {
    @Override
    byte[] header(TraceMetadata metadata) {
      return StreamHeader.v7(metadata);
    }

    @Override
    List<Integer> begin(Talk talk, int cpus, int pageSize) throws IOException {
      talk.expect("tracecmd");
      talk.say("-1V3\0");
      talk.expect("V3\0");
      talk.say("766679\0\0");
      talk.expect("OK");
      ByteBuffer init = ByteBuffer.allocate(MESSAGE_HEADER + 3 * Integer.BYTES + 4);
      init.putInt(init.capacity()).putInt(TINIT).putInt(3 * Integer.BYTES);
      init.putInt(cpus).putInt(pageSize).putInt(1).put("tcp\0".getBytes(StandardCharsets.US_ASCII));
      talk.say(init.flip());
      ByteBuffer head = talk.read(MESSAGE_HEADER);
      int size = head.getInt();
      int command = head.getInt();
      int fixed = head.getInt();
      if (command != RINIT || size > MAX_MESSAGE || fixed < 4 || size < MESSAGE_HEADER + fixed) {
        throw new StreamCorruptedException(
            "the listener answers with message " + command + " of " + size + " bytes");
      }
      ByteBuffer rest = talk.read(size - MESSAGE_HEADER);
      String text = StandardCharsets.US_ASCII.decode(rest.position(fixed)).toString();
      return ports(text.split("\0"), cpus);
    }

    /** At most 5 s may pass between two of these: the header is ready before the first. */
    @Override
    void send(Talk talk, byte[] header) throws IOException {
      int most = MAX_MESSAGE - MESSAGE_HEADER;
      for (int at = 0; at < header.length; at += most) {
        int length = Math.min(most, header.length - at);
        talk.say(message(SEND_DATA, length).put(header, at, length).flip());
      }
      talk.say(message(FIN_DATA, 0).flip());
    }

    @Override
    void end(Talk talk) throws IOException {
      talk.say(message(CLOSE, 0).flip());
    }

    private static ByteBuffer message(int command, int length) {
      ByteBuffer message = ByteBuffer.allocate(MESSAGE_HEADER + length);
      return message.putInt(message.capacity()).putInt(command).putInt(0);
    }
  };

  /** The control connection; each step has the same time limit. */
  record Talk(Wires wires, SocketChannel channel, long nanos) {
    void say(String text) throws IOException {
      say(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    void say(ByteBuffer bytes) throws IOException {
      wires.write(channel, bytes, nanos);
    }

    ByteBuffer read(int length) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(length);
      wires.read(channel, bytes, System.nanoTime() + nanos);
      return bytes.flip();
    }

    void expect(String text) throws IOException {
      String got = StandardCharsets.ISO_8859_1.decode(read(text.length())).toString();
      if (!got.equals(text)) {
        throw new StreamCorruptedException(
            "this is not trace-cmd listen: it says '"
                + got.replaceAll("[^ -~]", "?")
                + "' instead of '"
                + text.strip()
                + "'");
      }
    }

    /** Reads up to a NUL. */
    String word(int most) throws IOException {
      StringBuilder word = new StringBuilder();
      long until = System.nanoTime() + nanos;
      ByteBuffer one = ByteBuffer.allocate(1);
      while (word.length() <= most) {
        wires.read(channel, one.clear(), until);
        if (one.get(0) == 0) {
          return word.toString();
        }
        word.append((char) (one.get(0) & 0xff));
      }
      throw new StreamCorruptedException("the listener's ports have no end");
    }
  }

  private static final int MESSAGE_HEADER = 3 * Integer.BYTES;
  private static final int MAX_MESSAGE = 8192;
  private static final int CLOSE = 0;
  private static final int TINIT = 1;
  private static final int RINIT = 2;
  private static final int SEND_DATA = 3;
  private static final int FIN_DATA = 4;
  private static final int MAX_PORT_TEXT = "65535,".length();

  private static List<Integer> ports(String[] words, int cpus) throws StreamCorruptedException {
    List<Integer> ports = new ArrayList<>();
    for (String word : words) {
      if (!word.matches("\\d{1,5}") || Integer.parseInt(word) > 65535) {
        throw new StreamCorruptedException(
            "the listener names no ports: " + String.join(",", words));
      }
      ports.add(Integer.valueOf(word));
    }
    if (ports.size() != cpus) {
      throw new StreamCorruptedException(
          "the listener names " + ports.size() + " ports for " + cpus + " CPUs");
    }
    return ports;
  }

  /** Sends the header, which precedes the pages. */
  abstract byte[] header(TraceMetadata metadata);

  /** Greets the listener; its answer is the data ports, by CPU. */
  abstract List<Integer> begin(Talk talk, int cpus, int pageSize) throws IOException;

  abstract void send(Talk talk, byte[] header) throws IOException;

  /** Says that all data connections have ended. */
  abstract void end(Talk talk) throws IOException;

  /** Whether the listener begins to make its file once it has read all data of any one CPU. */
  boolean endsWithAnyReader() {
    return false;
  }
}
