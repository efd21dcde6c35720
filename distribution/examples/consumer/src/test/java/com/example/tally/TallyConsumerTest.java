package com.example.tally;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Page;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.CountedPage;
import org.pagewheel.spi.PageConsumer;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;
import org.pagewheel.tck.reference.SimpleBackend;

/** Pages made by hand go in, lines come out. */
class TallyConsumerTest {
  private static final int SIZE = 4096;

  @TempDir Path directory;
  private final Path file = Path.of("tally.jsonl");

  /** What Pagewheel gives to a consumer, as far as this one asks for it. */
  private record Context(Map<String, String> settings) implements ConsumerContext {
    @Override
    public String name() {
      return "tally";
    }

    @Override
    public Buffer buffer() {
      return (Buffer)
          Proxy.newProxyInstance(
              Buffer.class.getClassLoader(), new Class<?>[] {Buffer.class}, (p, m, a) -> "main");
    }

    @Override
    public Metadata metadata() {
      return new Metadata() {
        @Override
        public List<EventFormat> formats() {
          return List.of(
              new EventFormat(7, "shop", "opened", ""), new EventFormat(8, "shop", "closed", ""));
        }

        @Override
        public Map<Integer, String> threadNames() {
          return Map.of();
        }
      };
    }

    @Override
    public void report(String problem) {
      throw new AssertionError(problem);
    }
  }

  private PageConsumer open() throws IOException {
    String path = directory.resolve(file).toString();
    return new TallyFactory().open(new Context(Map.of("file", path)));
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(directory.resolve(file)).stream()
        .map(line -> line.substring(line.indexOf("\"buffer\"")))
        .toList();
  }

  /** A page with events of these types and nothing in them, after some that were lost. */
  private static Page page(long missed, int... types) {
    MemorySegment memory = MemorySegment.ofArray(new long[SIZE / Long.BYTES]);
    PageEncoder.open(memory, 0, 1000);
    int at = PageLayout.DATA;
    for (int type : types) {
      int payload = PageEncoder.putData(memory, 0, at, 0, 12);
      memory.set(PageLayout.LONG, payload, type);
      at = payload + 12;
    }
    PageEncoder.finish(memory, 0, SIZE, at - PageLayout.DATA, missed, false);
    return new CountedPage(0, 0, 0, memory, done -> {});
  }

  @Test
  void aLineTellsWhatCameSinceTheLast() throws IOException {
    try (PageConsumer tally = open()) {
      tally.accept(page(0, 7, 8, 7), 0);
      tally.accept(page(0, 7), 0);
      tally.flush();
      assertEquals(
          List.of(
              "\"buffer\":\"main\",\"lost\":0,\"events\":{\"shop:closed\":1,\"shop:opened\":3}}"),
          lines());
      tally.flush();
      assertEquals(1, lines().size(), "nothing came, nothing is told");
      tally.accept(page(0, 9), 0);
    }
    assertEquals(2, lines().size(), "what is left is told at the end");
    assertTrue(lines().get(1).endsWith("{\"unknown:9\":1}}"), lines().get(1));
  }

  @Test
  void theEventsOfARealRingAreCounted() throws IOException {
    BufferConfig config = BufferConfig.of("main", "simple").withPages(64, SIZE);
    try (PageConsumer tally = open();
        Ring ring = new SimpleBackend().open(RingConfig.of(config))) {
      for (int i = 0; i < 1000; i++) {
        long at = ring.reserve(12);
        ring.memory(at).set(PageLayout.LONG, Reservation.offset(at), 7 + i % 2);
        ring.commit(at);
      }
      for (int cpu = 0; cpu < ring.cpus(); cpu++) {
        for (Page page = ring.take(cpu, true); page != null; page = ring.take(cpu, true)) {
          tally.accept(page, 0);
          page.release();
        }
      }
    }
    assertTrue(
        lines().get(0).endsWith("\"lost\":0,\"events\":{\"shop:closed\":500,\"shop:opened\":500}}"),
        lines().get(0));
  }

  @Test
  void lossesAreToldWhoeverHadThem() throws IOException {
    try (PageConsumer tally = open()) {
      tally.accept(page(5, 7), 0);
      tally.accept(page(0, 7), 3);
      tally.flush();
      tally.accept(page(-1, 7), 3);
    }
    assertTrue(lines().get(0).contains("\"lost\":8,"), lines().get(0));
    assertTrue(lines().get(1).contains("\"lost\":-1,"), lines().get(1));
  }

  @Test
  void aDamagedPageIsAnErrorAndTheNextOneCounts() throws IOException {
    try (PageConsumer tally = open()) {
      Page damaged = page(0, 7);
      damaged.memory().set(PageLayout.INT, PageLayout.COMMIT, SIZE);
      assertThrows(IOException.class, () -> tally.accept(damaged, 0));
      tally.accept(page(0, 8), 0);
    }
    assertTrue(lines().get(0).endsWith("\"lost\":-1,\"events\":{\"shop:closed\":1}}"), "told");
  }

  @Test
  void wrongSettingsAreToldInOneLine() {
    for (Map<String, String> wrong :
        Arrays.asList(Map.of("colour", "red"), Map.<String, String>of(), Map.of("file", " "))) {
      String message =
          assertThrows(
                  IllegalArgumentException.class, () -> new TallyFactory().open(new Context(wrong)))
              .getMessage();
      assertTrue(message.startsWith("tally ") && message.lines().count() == 1, message);
    }
  }
}
