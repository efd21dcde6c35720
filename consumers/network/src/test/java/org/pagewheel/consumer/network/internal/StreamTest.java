package org.pagewheel.consumer.network.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Clock;
import org.pagewheel.CpuNumber;
import org.pagewheel.Page;
import org.pagewheel.consumer.testing.GivenContext;
import org.pagewheel.consumer.testing.Recorded;
import org.pagewheel.consumer.testing.TickPages;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.PageConsumer;

/** What arrives at the real listener. */
class StreamTest {
  private static final int CPUS = 2;
  private static final int PAGE_SIZE = 4096;

  @TempDir Path directory;
  private Listener listener;

  @BeforeEach
  void listen() throws Exception {
    listener = Listener.start(directory, Listener.freePort());
  }

  @AfterEach
  void endListener() throws Exception {
    listener.close();
  }

  private GivenContext context(String... more) {
    Map<String, String> settings = new HashMap<>(Map.of("port", "" + listener.port()));
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return new GivenContext(CPUS, PAGE_SIZE, settings);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v3"})
  void everythingArrivesInOrder(String protocol) throws Exception {
    GivenContext context = context("protocol", protocol);
    TickPages pages = new TickPages(CPUS, PAGE_SIZE, TickPages.TICK.id());
    try (PageConsumer consumer = new NetworkFactory().open(context)) {
      for (int i = 0; i < 300; i++) {
        consumer.accept(pages.page(i % CPUS), 0);
        consumer.accept(pages.page(0, MemorySegment.ofArray(new long[PAGE_SIZE / Long.BYTES])), 0);
      }
      consumer.flush();
    }
    assertEquals(List.of(), context.reports().stream().filter(each -> each != null).toList());
    assertEquals(1, listener.files().size());
    assertEquals(
        pages.next(0), Recorded.checkAccount(Recorded.numbers(Listener.files(directory), 0)));
    assertEquals(
        pages.next(1), Recorded.checkAccount(Recorded.numbers(Listener.files(directory), 1)));
    assertTrue(Recorded.report(listener.files().getFirst()).getLast().contains("worker-4251"));
  }

  /** The first protocol has no place for it. */
  @Test
  void countsOfTheProcessorAreShownAsTimesOfMono() throws Exception {
    Clock clock = Clock.x86Tsc();
    GivenContext context = context("protocol", "v3");
    context.buffer().config(context.buffer().config().withClock(CPUS, clock, CpuNumber.system()));
    long begin = System.nanoTime();
    try (PageConsumer consumer = new NetworkFactory().open(context)) {
      Page page = new TickPages(CPUS, PAGE_SIZE, TickPages.TICK.id()).page(0);
      page.memory().set(ValueLayout.JAVA_LONG, PageLayout.TIME, clock.now());
      consumer.accept(page, 0);
      consumer.flush();
    }
    long end = System.nanoTime();
    String line = Recorded.report(listener.files().getFirst()).getLast();
    double seconds = Double.parseDouble(line.replaceFirst(".*\\] +([\\d.]+): tick: .*", "$1"));
    assertTrue(seconds > begin / 1e9 && seconds < end / 1e9, line);
    GivenContext first = context("protocol", "v1");
    first.buffer().config(context.buffer().config());
    String refused =
        assertThrows(IllegalArgumentException.class, () -> new NetworkFactory().open(first))
            .getMessage();
    assertEquals(
        "protocol = v1 cannot say what the counts of the clock x86-tsc are: v3 would be right",
        refused);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v3"})
  void whatTheQueueMissedIsTold(String protocol) throws Exception {
    TickPages pages = new TickPages(CPUS, PAGE_SIZE, TickPages.TICK.id());
    try (PageConsumer consumer = new NetworkFactory().open(context("protocol", protocol))) {
      consumer.accept(pages.page(1), 0);
      pages.page(1);
      pages.page(1);
      consumer.accept(pages.page(1), 2L * TickPages.perPage(PAGE_SIZE));
    }
    assertEquals(
        pages.next(1), Recorded.checkAccount(Recorded.numbers(Listener.files(directory), 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v3"})
  void anEventTypeThatBecomesKnownLaterIsShownByName(String protocol) throws Exception {
    GivenContext context = context("protocol", protocol);
    TickPages pages = new TickPages(CPUS, PAGE_SIZE, TickPages.TICK.id());
    try (PageConsumer consumer = new NetworkFactory().open(context)) {
      consumer.accept(pages.page(0), 0);
      listener.awaitConnection();
      context.tell(TickPages.format(30_002, "tock"));
      consumer.accept(pages.page(0), 0);
      pages.type(30_002, TickPages.PID);
      consumer.accept(pages.page(0), 0);
      consumer.accept(pages.page(0), 0);
    }
    assertEquals(2, listener.files().size());
    assertEquals(
        pages.next(0), Recorded.checkAccount(Recorded.numbers(Listener.files(directory), 0)));
    List<String> second = Recorded.report(listener.files().getLast());
    assertTrue(second.getLast().contains(" tock: "), second.getLast());
  }

  @Test
  void threadsThatBecomeKnownLaterBeginANewFileButNotOften() throws Exception {
    GivenContext context = context("names-interval", "1 s");
    TickPages pages = new TickPages(CPUS, PAGE_SIZE, TickPages.TICK.id());
    try (PageConsumer consumer = new NetworkFactory().open(context)) {
      consumer.accept(pages.page(0), 0);
      listener.awaitConnection();
      pages.type(TickPages.TICK.id(), 77);
      context.tell(77, "late");
      consumer.accept(pages.page(0), 0);
      Thread.sleep(1200);
      consumer.accept(pages.page(0), 0);
      pages.type(TickPages.TICK.id(), 78); // has no name at all
      consumer.accept(pages.page(0), 0);
    }
    assertEquals(2, listener.files().size());
    assertEquals(
        pages.next(0), Recorded.checkAccount(Recorded.numbers(Listener.files(directory), 0)));
    List<String> second = Recorded.report(listener.files().getLast());
    assertTrue(second.stream().anyMatch(line -> line.contains("late-77")), second.getLast());
  }

  @Test
  void pagesOfAnotherSizeAndOfAnotherCpuBeginANewFile() throws Exception {
    GivenContext context = context();
    try (PageConsumer consumer = new NetworkFactory().open(context)) {
      TickPages small = new TickPages(CPUS, PAGE_SIZE, TickPages.TICK.id());
      consumer.accept(small.page(0), 0);
      consumer.accept(new TickPages(3, PAGE_SIZE, TickPages.TICK.id()).page(2), 0);
      context.buffer().pageSize(16384);
      consumer.accept(new TickPages(CPUS, 16384, TickPages.TICK.id()).page(1), 0);
    }
    assertEquals(3, listener.files().size());
    assertEquals(
        TickPages.perPage(PAGE_SIZE), Recorded.numbers(Listener.files(directory), 0).size());
    assertEquals(TickPages.perPage(16384), Recorded.numbers(Listener.files(directory), 1).size());
    assertEquals(
        TickPages.perPage(PAGE_SIZE), Recorded.numbers(Listener.files(directory), 2).size());
  }

  @Test
  void withoutPagesThereIsNoConnectionAndNobodyListensAnyMore() throws Exception {
    GivenContext context = context();
    PageConsumer consumer = new NetworkFactory().open(context);
    assertEquals(1, context.watching());
    consumer.flush();
    consumer.close();
    assertEquals(0, context.watching());
    assertEquals(List.of(), listener.files());
    assertTrue(Files.isDirectory(directory));
  }
}
