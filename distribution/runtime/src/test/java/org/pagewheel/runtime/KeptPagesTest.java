package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.spi.CountedPage;

/** A consumer that keeps the pages it is given harms itself alone, and is named. */
@Timeout(240)
class KeptPagesTest extends WithProbes {
  private static final String[] PATIENT = {"policy", "block", "block-timeout", "60 s"};

  private final List<Page> kept = Collections.synchronizedList(new ArrayList<>());

  private void keep(Page page) {
    kept.add(page.retain());
  }

  private void releaseAll() {
    synchronized (kept) {
      kept.forEach(Page::release);
      kept.clear();
    }
  }

  @Test
  void whoKeepsAllPagesMissesTheRestAndIsNamedAndTheOthersGetEverything() throws Exception {
    try (LogLines log = new LogLines()) {
      Buffer buffer = createOne(Mode.DISCARD, 16);
      Probe bad = attach("bad", "queue", "20");
      bad.taker = this::keep;
      Probe good = attach("good", PATIENT);
      Load load = new Load(buffer, THREADS).start();
      await(() -> good.account.events() > 100_000 && status("bad").problem().isPresent());
      long written = load.stop();
      await(() -> good.account.events() == written && status("bad").queued() == 0);
      ConsumerStatus status = status("bad");
      assertEquals(20, status.held());
      assertEquals(20, status.pages());
      assertEquals(written, bad.account.events() + status.missed());
      String problem = "holds 20 pages that it has retained and not released: it misses all others";
      assertTrue(status.problem().orElseThrow().startsWith(problem), status::toString);
      assertEquals(1, log.count("consumer bad: " + problem));

      releaseAll();
      assertEquals(0, status("bad").held());
      bad.taker = page -> {};
      assertTrue(Load.write(buffer, 0, 1_000_000_000));
      await(() -> status("bad").problem().isEmpty() && status("bad").pages() == 21);
      buffer.close();
      assertEquals(written + 1, bad.account.events() + bad.missed());
      assertEquals(written + 1, good.account.events());
      assertEquals(0, good.missed() + good.account.missed());
    }
  }

  @Test
  void whatIsKeptStaysAsItIs() throws Exception {
    Buffer buffer = createOne(Mode.DISCARD, 16);
    attach("bad", PATIENT).taker = this::keep;
    Probe good = attach("good", PATIENT);
    Load load = new Load(buffer, THREADS).start();
    await(() -> kept.size() == 64);
    long written = load.stop();
    await(() -> good.account.events() == written);
    Load.Account later = new Load.Account(64, THREADS);
    for (Page page : kept) {
      later.add(page);
    }
    assertEquals(probes.get("bad").account.events(), later.events());
    releaseAll();
  }

  @Test
  void consumersThatEndWithPagesOfTheirsAreNamedAndStarveNobody() throws Exception {
    try (LogLines log = new LogLines()) {
      Buffer buffer = createOne(Mode.DISCARD, 16);
      Probe good = attach("good", PATIENT);
      long written = 0;
      for (int i = 0; i < 20; i++) { // the ring has four to spare
        attach("bad").taker = this::keep;
        assertTrue(Load.write(buffer, 0, i));
        written++;
        int pages = i + 1;
        await(() -> kept.size() == pages);
        engine.administration().detach("x", "bad");
      }
      String line = "consumer bad: has ended and still holds 1 page that it retained";
      long all = written;
      await(() -> good.account.events() == all);
      await(() -> log.count(line) >= 20); // the log has a thread of its own
      assertEquals(20, log.count(line));
      releaseAll();
    }
  }

  @Test
  void whatAGoneConsumerHoldsIsWrittenOffAndTheOthersGetTheRingsOwnPagesAgain() throws Exception {
    plugins
        .backends()
        .add("odd", 0, new OddBackend("odd", config -> OddBackend.ring(config, this::own)));
    BufferConfig config = BufferConfig.of("x", "odd").withMode(Mode.DISCARD).withPages(16, 4096);
    Buffer buffer = engine.buffers().create(config.withClock(1, config.clock(), () -> 0));
    Probe good = attach("good", PATIENT);
    attach("bad").taker = this::keep;
    assertTrue(Load.write(buffer, 0, 0));
    await(() -> kept.size() == 1 && good.account.events() == 1);
    engine.administration().detach("x", "bad");
    assertEquals(Optional.of(WRITTEN_OFF), bufferStatus().problem());

    good.taker =
        page -> fromRing += ownMemory.contains(page.memory().heapBase().orElseThrow()) ? 1 : 0;
    int written = 1;
    while (fromRing < 100) { // the first 64 pages or so are copies
      for (int end = written + 1300; written < end; written++) { // half of the ring
        assertTrue(Load.write(buffer, 0, written));
      }
      int events = written;
      await(() -> good.account.events() == events);
      assertTrue(events < 100_000, () -> fromRing + " pages of the ring");
    }
    assertTrue(status("good").pages() > 100 + 60, "who has not released many yet gets copies");

    engine.administration().replace(buffer.config());
    assertEquals(Optional.empty(), bufferStatus().problem());
    releaseAll();
    assertEquals(Optional.empty(), bufferStatus().problem());
  }

  @Test
  void whatIsKeptOfAnOlderRingIsNotWrittenOffAgainstTheNewOne() throws Exception {
    Buffer buffer = createOne(Mode.DISCARD, 16);
    attach("bad").taker = this::keep;
    assertTrue(Load.write(buffer, 0, 0));
    await(() -> kept.size() == 1);
    engine.administration().replace(buffer.config());
    engine.administration().detach("x", "bad");
    assertEquals(Optional.empty(), bufferStatus().problem());

    attach("worse").taker = this::keep;
    assertTrue(Load.write(buffer, 0, 1));
    await(() -> kept.size() == 2);
    engine.administration().detach("x", "worse");
    assertEquals(Optional.of(WRITTEN_OFF), bufferStatus().problem());
    kept.removeFirst().release(); // of the older ring: that gives the new one nothing
    assertEquals(Optional.of(WRITTEN_OFF), bufferStatus().problem());
    releaseAll();
    assertEquals(Optional.empty(), bufferStatus().problem());
  }

  private static final String WRITTEN_OFF =
      "1 page is written off that ended consumers hold: a new ring has all its pages";

  private final Set<Object> ownMemory =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
  private volatile int fromRing;

  private BufferStatus bufferStatus() {
    return engine.administration().buffers().stream()
        .filter(each -> each.name().equals("x"))
        .findFirst()
        .orElseThrow();
  }

  private Object own(String method, Object[] arguments, OddBackend.Rest rest) throws Throwable {
    Object result = rest.call();
    if (method.equals("take") && result != null) {
      ownMemory.add(((Page) result).memory().heapBase().orElseThrow());
    }
    return result;
  }

  @Test
  void whatABackendThrowsAtAReleaseIsNotTheConsumers() throws Exception {
    plugins
        .backends()
        .add("odd", 0, new OddBackend("odd", config -> OddBackend.ring(config, this::failing)));
    try (LogLines log = new LogLines()) {
      BufferConfig config = BufferConfig.of("x", "odd");
      Buffer buffer = engine.buffers().create(config.withClock(1, config.clock(), () -> 0));
      Probe good = attach("good");
      assertTrue(Load.write(buffer, 0, 0));
      await(() -> good.account.events() == 1);
      await(() -> log.count("buffer x: backend odd: release failed: it is not mine") == 1);
      assertTrue(status("good").problem().isEmpty(), () -> status("good").toString());
      assertEquals(0, log.count("consumer good"));
    }
  }

  private Object failing(String method, Object[] arguments, OddBackend.Rest rest) throws Throwable {
    Object result = rest.call();
    if (!method.equals("take") || result == null) {
      return result;
    }
    Page page = (Page) result;
    return new CountedPage(
        page.cpu(),
        page.sequence(),
        page.firstEntry(),
        page.memory(),
        done -> {
          throw new IllegalStateException("it is not mine");
        });
  }
}
