package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.pagewheel.acceptance.load.LoadActivator;

/**
 * Bundles of backends and consumers come and go, again and again, while writers write: nothing
 * committed is lost, and nothing stays behind.
 */
class LifecycleIT {
  /** How often; {@code -Dlifecycle.rounds=1000} for the long form. */
  private static final int ROUNDS = Integer.getInteger("lifecycle.rounds", 50);

  /** Until then everything that is made once has been made. */
  private static final int WARM = 20;

  private static final Path GUEST =
      Path.of("..", "examples", "backend", "target", "turnstile-1.0.0.jar").toAbsolutePath();

  private static final Path CONSUMER =
      Path.of("..", "examples", "consumer", "target", "tally-1.0.0.jar").toAbsolutePath();

  private static final Map<String, String> CONFIGURATION =
      Map.ofEntries(
          Map.entry(
              "kept.backend", "heap"), // the account of a lock-free ring may fall for a moment
          Map.entry("kept.mode", "discard"),
          Map.entry("kept.pages", "64"),
          Map.entry("kept.fallback", "heap"),
          Map.entry("kept.consumers.book.type", "book"),
          Map.entry("kept.consumers.book.policy", "block"),
          Map.entry("kept.consumers.book.block-timeout", "30 s"),
          Map.entry("kept.consumers.copy.type", "copy"),
          Map.entry("kept.consumers.copy.policy", "block"),
          Map.entry("kept.consumers.copy.block-timeout", "30 s"),
          Map.entry("lone.backend", "turnstile"),
          Map.entry("lone.pages", "16"));

  @TempDir Path directory;
  private Container container;
  private Path newer;

  @BeforeEach
  void start() throws Exception {
    newer = FixtureBundle.version(GUEST, "1.1.0", directory.resolve("newer.jar"));
    CONFIGURATION.forEach((key, value) -> System.setProperty("pagewheel.buffers." + key, value));
    container = new Container(directory.resolve("felix"));
    CONFIGURATION.keySet().forEach(key -> System.clearProperty("pagewheel.buffers." + key));
  }

  @AfterEach
  void stop() throws Exception {
    container.close();
  }

  private Bundle install(Path jar) throws Exception {
    return container.context().installBundle(jar.toUri().toString());
  }

  /** Of a buffer's line: the backend and the state. */
  private String line(String buffer) throws Exception {
    return container
        .show("list")
        .lines()
        .filter(each -> each.startsWith(buffer + " "))
        .findFirst()
        .orElseThrow();
  }

  private void assertOn(String buffer, String backend) throws Exception {
    String line = line(buffer);
    assertTrue(line.matches(buffer + " +" + backend + " .* on .*"), line);
  }

  private void assertWaits(String buffer, String why) throws Exception {
    String line = line(buffer);
    assertTrue(line.contains(" waiting ") && line.endsWith(why), line);
    String shown = container.show("show " + buffer);
    assertTrue(shown.contains(why), shown);
  }

  private void refresh(Bundle... bundles) throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    container
        .context()
        .getBundle(0)
        .adapt(FrameworkWiring.class)
        .refreshBundles(bundles.length == 0 ? null : List.of(bundles), event -> done.countDown());
    assertTrue(done.await(120, TimeUnit.SECONDS), "refreshed");
  }

  /** In a method of its own, so that no local variable holds it. */
  private static WeakReference<ClassLoader> loader(Bundle bundle) {
    return new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
  }

  private static void assertGarbage(List<WeakReference<ClassLoader>> loaders) throws Exception {
    for (int i = 0; i < 50; i++) {
      System.gc();
      if (loaders.stream().allMatch(each -> each.get() == null)) {
        return;
      }
      Thread.sleep(20);
    }
    long left = loaders.stream().filter(each -> each.get() != null).count();
    throw new AssertionError(left + " of " + loaders.size() + " class loaders are still held");
  }

  /** What must not grow. */
  private record Footprint(
      Map<String, Integer> threads, int services, long files, long maps, int classes, long heap) {
    static Footprint now(Container container) throws Exception {
      Map<String, Integer> threads = new TreeMap<>();
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        threads.merge(thread.getName().replaceAll("[0-9]+", "#"), 1, Integer::sum);
      }
      System.gc();
      var memory = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
      return new Footprint(
          threads,
          container.context().getAllServiceReferences(null, null).length,
          count(Path.of("/proc/self/fd")),
          mappedFiles(""),
          ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
          memory.getUsed());
    }

    private static long count(Path directory) throws Exception {
      try (Stream<Path> files = Files.list(directory)) {
        return files.count();
      }
    }

    /** Mappings of files; the JVM's own memory has none. */
    static long mappedFiles(String part) throws Exception {
      return Files.readAllLines(Path.of("/proc/self/maps")).stream()
          .filter(line -> line.contains(" /") && line.contains(part))
          .count();
    }

    void assertNoMoreThan(Footprint before) {
      Map<String, Integer> more = new TreeMap<>(threads);
      more.keySet().removeIf(name -> name.contains("keep-alive") || name.contains("Compiler"));
      more.entrySet()
          .removeIf(
              thread -> {
                int were = before.threads.getOrDefault(thread.getKey(), 0);
                return were > 0 && thread.getValue() <= were + 2; // some come and go all the time
              });
      assertEquals(Map.of(), more, "new threads");
      assertEquals(before.services, services, "services");
      assertTrue(files <= before.files + 4, files + " open files, not " + before.files);
      assertTrue(maps <= before.maps + 4, maps + " mapped files, not " + before.maps);
      assertTrue(classes < before.classes + 500, classes + " classes, not " + before.classes);
      assertTrue(heap < before.heap + (24 << 20), heap + " bytes, not " + before.heap);
    }
  }

  @Test
  void aBackendComesAndGoesUnderLoadAndNothingIsLostAndNothingStays() throws Exception {
    Bundle load = install(FixtureBundle.of(directory.resolve("load.jar"), LoadActivator.class));
    load.start();
    List<WeakReference<ClassLoader>> gone = new ArrayList<>();
    Footprint warm = null;
    long begin = System.nanoTime();
    for (int round = 0; round < ROUNDS; round++) {
      round(round, gone);
      if (gone.size() >= 20 || round == ROUNDS - 1) {
        assertGarbage(gone);
        gone.clear();
      }
      if (round == WARM) {
        warm = Footprint.now(container);
      }
    }
    Footprint.now(container).assertNoMoreThan(warm);
    Supplier<?> account =
        (Supplier<?>)
            container
                .context()
                .getService(container.context().getServiceReference(Supplier.class.getName()));
    account.get(); // nothing is written from now on
    container.execute("destroy kept"); // nor read
    Map<?, ?> result = (Map<?, ?>) account.get();
    System.out.printf(
        "%d rounds in %d s: %s%n", ROUNDS, (System.nanoTime() - begin) / 1_000_000_000, result);
    Object written = result.get("written");
    assertEquals(List.of(written, written), result.get("came"));
    assertEquals(List.of(written, written, 0L, 0L), result.get("counted"));
    assertEquals(List.of(), result.get("fallen"), "counters that went down");
    assertEquals(0L, result.get("wrong"));
    assertEquals(0L, result.get("missed"));
    assertTrue((long) result.get("written") > 100L * ROUNDS, result::toString);
  }

  /** Installed, used by two buffers, and then stopped, updated or uninstalled, in turn. */
  private void round(int round, List<WeakReference<ClassLoader>> gone) throws Exception {
    Bundle guest = install(GUEST);
    guest.start();
    container.execute("swap kept turnstile");
    assertOn("kept", "turnstile");
    assertOn("lone", "turnstile");
    container.execute("mark lone round " + round);
    String stats = container.show("stats kept");
    assertTrue(stats.contains("pages read") && !stats.matches("(?s).*\\s-\\d.*"), stats);
    gone.add(loader(guest));
    switch (round % 3) {
      case 0 -> guest.stop();
      case 1 -> {
        try (var in = Files.newInputStream(newer)) {
          guest.update(in);
        }
        refresh(guest);
        gone.add(loader(guest));
        assertOn("lone", "turnstile");
        assertOn("kept", "turnstile"); // and not on its fallback any more
      }
      default -> {
        // it is uninstalled while it runs
      }
    }
    guest.uninstall();
    refresh();
    assertOn("kept", "heap");
    assertWaits("lone", "backend turnstile has gone");
    if (round % 10 == 0) {
      String recorded = container.show("cat lone");
      assertTrue(recorded.contains("round " + round), recorded);
    }
  }

  /** A consumer that goes finishes what waits for it, and begins anew when it is back. */
  @Test
  void aConsumerComesAndGoesAndEveryMarkIsCountedOnce() throws Exception {
    Path file = directory.resolve("lone.jsonl");
    container.execute("create counted pages=16 cpus=1 mode=discard");
    install(CONSUMER).start();
    container.execute("attach counted tally file=" + file);
    List<WeakReference<ClassLoader>> gone = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Bundle consumer = install(CONSUMER); // the same, if it is there
      consumer.start();
      container.execute("mark counted " + i);
      gone.add(loader(consumer));
      switch (i % 3) {
        case 0 -> consumer.stop();
        case 1 -> consumer.update();
        default -> consumer.uninstall();
      }
      refresh();
      container.execute("mark counted " + i + " again");
    }
    install(CONSUMER).start();
    container.execute("detach counted tally");
    long counted = 0;
    for (String line : Files.readAllLines(file)) {
      assertTrue(line.contains("\"lost\":0,"), line);
      Matcher marks = Pattern.compile("\"ftrace:print\":(\\d+)").matcher(line);
      counted += marks.find() ? Long.parseLong(marks.group(1)) : 0;
    }
    assertEquals(60, counted);
    install(CONSUMER).uninstall();
    refresh();
    assertGarbage(gone);
  }

  private static Class<?> held;

  @Test
  void whatHoldsAClassIsFound() throws Exception {
    Bundle guest = install(GUEST);
    guest.start();
    held = guest.loadClass("com.example.turnstile.TurnstileBackend");
    List<WeakReference<ClassLoader>> gone = List.of(loader(guest));
    guest.uninstall();
    refresh();
    AssertionError found = assertThrows(AssertionError.class, () -> assertGarbage(gone));
    assertEquals("1 of 1 class loaders are still held", found.getMessage());
    held = null;
    assertGarbage(gone);
  }

  @Test
  void twoVersionsLiveSideBySide() throws Exception {
    Bundle old = install(GUEST);
    old.start();
    container.execute("swap kept turnstile");
    Bundle young = install(newer);
    young.start();
    assertOn("kept", "turnstile");
    container.execute("swap main turnstile"); // the newer one, while kept has the older one
    container.execute("mark main in the newer");
    container.execute("mark kept in the older");
    assertTrue(container.show("backends").contains("turnstile@1.1.0"));
    container.execute("swap lone turnstile@1.0.0");
    assertOn("lone", "turnstile@1.0.0");
    container.execute("mark lone in the older");
    assertTrue(
        assertThrows(Exception.class, () -> container.execute("swap lone turnstile@2"))
            .getMessage()
            .contains("there is no backend turnstile@2"));
    List<WeakReference<ClassLoader>> gone = List.of(loader(old));
    old.uninstall();
    refresh();
    assertOn("kept", "turnstile");
    assertOn("main", "turnstile");
    assertWaits("lone", "backend turnstile@1.0.0 has gone"); // that one was meant, and no other
    container.execute("swap lone turnstile@1");
    assertOn("lone", "turnstile@1");
    assertTrue(container.show("cat lone").contains("in the older"));
    container.execute("mark kept in the newer");
    assertGarbage(gone);
    List<WeakReference<ClassLoader>> last = List.of(loader(young));
    young.uninstall();
    refresh();
    assertOn("kept", "heap");
    assertWaits("main", "backend turnstile has gone");
    assertTrue(container.show("cat main").contains("in the newer"));
    assertTrue(container.show("cat kept").contains("in the older"));
    assertTrue(container.show("cat kept").contains("in the newer"));
    assertGarbage(last);
  }

  /** Our own, as they are installed. */
  @ParameterizedTest
  @ValueSource(strings = {"heap", "lockfree", "offheap"})
  void eachOfOurBackendsIsUpdatedWhileItIsUsed(String backend) throws Exception {
    Path ring = directory.resolve("the.ring");
    String with = backend.equals("offheap") ? " file=" + ring : "";
    Bundle bundle = container.bundle("org.pagewheel.backend." + backend);
    container.execute("swap main " + backend + with);
    List<WeakReference<ClassLoader>> gone = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      assertOn("main", backend);
      container.execute("mark main update " + i);
      gone.add(loader(bundle));
      bundle.stop();
      assertWaits("main", "backend " + backend + " has gone");
      assertEquals(0, Footprint.mappedFiles(ring.toString()), "mappings of the ring");
      bundle.update();
      refresh(bundle);
      bundle.start();
      assertFalse(container.show("cat main").isEmpty());
      if (backend.equals("offheap")) {
        container.execute("swap main heap");
        Files.deleteIfExists(ring);
        container.execute("swap main offheap" + with);
      }
    }
    String recorded = container.show("cat main");
    for (int i = 0; i < 5; i++) {
      assertTrue(recorded.contains("update " + i + "\n"), recorded);
    }
    assertGarbage(gone);
  }
}
