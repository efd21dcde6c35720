package org.pagewheel.event;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The least that trace-cmd takes for a trace file, version 6; and trace-cmd's report of it. */
final class TinyTraceFile {
  private static final String HEADER_PAGE =
      """
      \tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
      \tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;
      \tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;
      \tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;
      """;
  private static final String HEADER_EVENT =
      """
      # compressed entry header
      \ttype_len    :    5 bits
      \ttime_delta  :   27 bits
      \tarray       :   32 bits

      \tpadding     : type == 29
      \ttime_extend : type == 30
      \ttime_stamp : type == 31
      \tdata max type_len  == 28
      """;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private TinyTraceFile() {}

  /** What trace-cmd prints of pages: a line for each event, without the first line. */
  static List<String> report(List<EventFormat> formats, Map<Integer, String> names, PageRing ring)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile("events", ".dat");
    try {
      Files.write(file, new TinyTraceFile().bytes(formats, names, ring.pages()));
      Process process =
          new ProcessBuilder("trace-cmd", "report", "-t", file.toString())
              .redirectErrorStream(true)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError("trace-cmd report: " + text);
      }
      return text.lines()
          .filter(line -> !line.startsWith("cpus="))
          .map(
              line ->
                  line.replaceFirst(
                      "( \\[\\d+\\]) [.\\w#]{5}(?= *\\d)", "$1")) // flags, from 3.2 on
          .toList();
    } finally {
      Files.delete(file);
    }
  }

  private byte[] bytes(List<EventFormat> formats, Map<Integer, String> names, List<byte[]> pages) {
    out.writeBytes(new byte[] {0x17, 0x08, 0x44});
    text("tracing6\0\0\10");
    number(4, PageRing.PAGE_SIZE);
    text("header_page\0");
    counted(HEADER_PAGE);
    text("header_event\0");
    counted(HEADER_EVENT);
    number(4, 0);
    Map<String, List<EventFormat>> systems =
        formats.stream()
            .collect(Collectors.groupingBy(EventFormat::system, TreeMap::new, Collectors.toList()));
    number(4, systems.size());
    systems.forEach(
        (system, events) -> {
          text(system + "\0");
          number(4, events.size());
          events.forEach(event -> counted(event.text()));
        });
    number(4, 0);
    number(4, 0);
    counted(
        names.entrySet().stream()
            .map(name -> name.getKey() + " " + name.getValue() + "\n")
            .collect(Collectors.joining()));
    number(4, 1);
    text("options  \0");
    number(2, 0);
    text("flyrecord\0");
    int table = out.size() + 2 * Long.BYTES;
    int data = (table / PageRing.PAGE_SIZE + 1) * PageRing.PAGE_SIZE;
    number(8, data);
    number(8, (long) pages.size() * PageRing.PAGE_SIZE);
    out.writeBytes(new byte[data - table]);
    pages.forEach(out::writeBytes);
    return out.toByteArray();
  }

  private void counted(String text) {
    number(8, text.getBytes(StandardCharsets.UTF_8).length);
    text(text);
  }

  private void text(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private void number(int bytes, long value) {
    ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(buffer.putLong(0, value).array(), 0, bytes);
  }
}
