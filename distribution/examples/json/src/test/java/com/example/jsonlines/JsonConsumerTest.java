package com.example.jsonlines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Page;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.CountedPage;

/** Pages made by hand go in, lines come out. */
class JsonConsumerTest {
  private static final int PID = 4251;

  /** As the kernel describes an event: each field with its place. */
  private static final EventFormat FORMAT =
      new EventFormat(
          7,
          "shop",
          "order",
          """
          name: order
          ID: 7
          format:
          \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
          \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
          \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
          \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

          \tfield:u64 id;\toffset:8;\tsize:8;\tsigned:0;
          \tfield:char venue[16];\toffset:16;\tsize:16;\tsigned:0;

          print fmt: "id=%llu venue=%s", REC->id, REC->venue
          """);

  @TempDir Path directory;

  private record Formats(List<EventFormat> formats) implements Metadata {
    @Override
    public Map<Integer, String> threadNames() {
      return Map.of();
    }
  }

  private List<String> written(long missed, Page... pages) throws IOException {
    Path file = directory.resolve("events.jsonl");
    try (JsonConsumer json = new JsonConsumer(new Formats(List.of(FORMAT)), file)) {
      for (Page page : pages) {
        json.accept(page, missed);
      }
    }
    return Files.readAllLines(file);
  }

  /** A page with one event of a type, after some that were lost. */
  private static Page page(int size, long missed, int type, long id, String venue) {
    MemorySegment memory = MemorySegment.ofArray(new long[size / Long.BYTES]);
    PageEncoder.open(memory, 0, 1000);
    byte[] text = venue.getBytes(StandardCharsets.UTF_8);
    int payload = PageEncoder.putData(memory, 0, PageLayout.DATA, 5, 32);
    memory.set(PageLayout.LONG, payload, (long) PID << 32 | type);
    memory.set(PageLayout.LONG, payload + 8, id);
    MemorySegment.copy(MemorySegment.ofArray(text), 0, memory, payload + 16, text.length);
    PageEncoder.finish(memory, 0, size, payload + 32 - PageLayout.DATA, missed, false);
    return new CountedPage(3, 0, 0, memory, done -> {});
  }

  @Test
  void anEventIsALine() throws IOException {
    assertEquals(
        List.of(
            "{\"event\":\"shop:order\",\"time\":1005,\"cpu\":3,\"pid\":4251,"
                + "\"fields\":{\"id\":18446744073709551615,"
                + "\"venue\":\"\\u0022X\\u005c\\u000a\\u00e9\\ud83d\\ude00\"}}"),
        written(0, page(4096, 0, 7, -1, "\"X\\\né😀")));
  }

  @Test
  void anEventOfAnUnknownTypeHasNoFields() throws IOException {
    assertEquals(
        List.of(
            "{\"event\":\"unknown:unknown\",\"time\":1005,\"cpu\":3,\"pid\":4251,\"fields\":{}}"),
        written(0, page(4096, 0, 9, 1, "")));
  }

  @Test
  void lossesAreLinesWhoeverHadThem() throws IOException {
    List<String> lines = written(5, page(4096, 7, 9, 1, ""), page(8192, -1, 9, 1, ""));
    assertEquals("{\"lost\":12,\"cpu\":3}", lines.get(0));
    assertEquals("{\"lost\":null,\"cpu\":3}", lines.get(2));
    assertEquals(4, lines.size());
  }

  @Test
  void numbersThatJsonLacksAreStrings() {
    assertEquals("[1.5,\"NaN\",\"-Infinity\"]", Json.of(new double[] {1.5, 0 / 0.0, -1 / 0.0}));
    assertEquals("[\"A\",\"B\"]", Json.of(List.of("A", "B")));
  }

  @Test
  void aDamagedPageIsAnErrorOfThatPageAlone() throws IOException {
    Page damaged = page(4096, 0, 7, 1, "");
    damaged.memory().set(PageLayout.INT, PageLayout.COMMIT, 4096);
    Path file = directory.resolve("damaged.jsonl");
    try (JsonConsumer json = new JsonConsumer(new Formats(List.of(FORMAT)), file)) {
      assertThrows(IOException.class, () -> json.accept(damaged, 0));
      json.accept(page(4096, 0, 7, 1, ""), -1);
    }
    assertEquals(2, Files.readAllLines(file).size());
  }
}
