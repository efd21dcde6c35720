package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;

/** The sources framework and jvm in a real container. */
class SourcesIT {
  private static final Pattern GC =
      Pattern.compile(" gc: .*cause=System\\.gc\\(\\) began=(\\d+) ns duration=(\\d+) ns");
  private static final Pattern TIME = Pattern.compile(" \\[000] +(\\d+)\\.(\\d{6}): ");

  /** What JFR's clock may be off by. */
  private static final long TOLERANCE = 2_000_000;

  @TempDir static Path storage;
  @TempDir Path directory;
  private static Container container;

  @BeforeAll
  static void start() throws Exception {
    container = new Container(storage.resolve("felix"));
    Container.await("framework writes", () -> !cat("main", "bundle_found:").isEmpty());
  }

  @AfterAll
  static void stop() throws Exception {
    container.close();
  }

  private static List<String> cat(String buffer, String part) throws Exception {
    return container.show("cat " + buffer).lines().filter(line -> line.contains(part)).toList();
  }

  @Test
  void bundlesThatWereThereBeforeAreTold() throws Exception {
    for (Bundle bundle : container.bundles()) {
      String name = " name=" + bundle.getSymbolicName() + " ";
      assertTrue(!cat("main", name).isEmpty(), () -> "no event of" + name);
    }
  }

  @Test
  void aBundlesLifeIsTold() throws Exception {
    Bundle bundle = container.context().installBundle("test:small", small());
    bundle.start();
    var service = bundle.getBundleContext().registerService(Runnable.class, () -> {}, null);
    service.unregister();
    bundle.stop();
    bundle.uninstall();
    String name = "name=org.example.small version=1.2.3";
    for (String change : List.of("INSTALLED", "RESOLVED", "STARTED", "STOPPED", "UNINSTALLED")) {
      assertEquals(
          1,
          cat("main", "change=" + change + " ").stream()
              .filter(line -> line.contains(name))
              .count(),
          change);
    }
    for (String change : List.of("REGISTERED", "UNREGISTERING")) {
      assertEquals(
          1,
          cat("main", "change=" + change + " ").stream()
              .filter(line -> line.contains("interfaces=java.lang.Runnable"))
              .filter(line -> line.contains("provider=org.example.small"))
              .count(),
          change);
    }
  }

  private static ByteArrayInputStream small() throws Exception {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Bundle-ManifestVersion", "2");
    attributes.putValue("Bundle-SymbolicName", "org.example.small");
    attributes.putValue("Bundle-Version", "1.2.3");
    var bytes = new ByteArrayOutputStream();
    new JarOutputStream(bytes, manifest).close();
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  @Test
  void garbageCollectionsHaveTheirOwnTimes() throws Exception {
    Container.await("JFR writes", SourcesIT::isGcSeen);
    long before = System.nanoTime();
    System.gc();
    long after = System.nanoTime();
    Container.await("the collection is told", () -> isTold(before, after));

    Path file = directory.resolve("jvm.dat");
    container.execute("save " + file + " main jvm");
    List<String> report = Program.report(file);
    assertTrue(report.stream().anyMatch(line -> line.contains("gc_pause:")), report::toString);
    assertTrue(report.stream().anyMatch(line -> line.contains("vm_operation:")));
    assertTrue(report.stream().anyMatch(line -> line.contains("safepoint_end:")));
    assertTimesRise(cat("jvm", "]"));
  }

  /** The bundle of the sources, and its buffer with it, stops before the runtime or long before. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onlyWhatIsClosedAtTheEndIsSavedThen(boolean isStoppedByHand) throws Exception {
    Path last = directory.resolve("last.dat");
    System.setProperty("pagewheel.save.on-exit", last.toString());
    Container ends;
    try {
      ends = new Container(directory.resolve("felix"));
    } finally {
      System.clearProperty("pagewheel.save.on-exit");
    }
    try {
      Container.await("JFR writes", () -> ends.show("list").contains("\njvm "));
      ends.execute("mark jvm the last words");
      ends.execute("mark main in main");
      if (isStoppedByHand) {
        ends.bundle("org.pagewheel.sources").stop();
      }
    } finally {
      ends.close();
    }
    List<String> report = Program.report(last);
    assertEquals(1, report.stream().filter(line -> line.contains("in main")).count());
    assertEquals(
        isStoppedByHand ? 0 : 1,
        report.stream().filter(line -> line.contains("the last words")).count());
  }

  /** It takes JFR a while to come up; what is collected before that is not told. */
  private static boolean isGcSeen() throws Exception {
    System.gc();
    return container.show("list").contains("\njvm ") && !cat("jvm", " gc:").isEmpty();
  }

  private static boolean isTold(long before, long after) throws Exception {
    for (String line : cat("jvm", " gc:")) {
      Matcher gc = GC.matcher(line);
      if (gc.find()) {
        long began = Long.parseLong(gc.group(1));
        long ended = began + Long.parseLong(gc.group(2));
        if (began >= before - TOLERANCE && ended <= after + TOLERANCE) {
          assertTrue(line.contains("VM Thread"), line);
          return true;
        }
      }
    }
    return false;
  }

  private static void assertTimesRise(List<String> lines) {
    String last = "";
    for (String line : lines) {
      Matcher time = TIME.matcher(line);
      assertTrue(time.find(), line);
      String now = time.group(1) + time.group(2);
      assertTrue(now.compareTo(last) >= 0, line);
      last = now;
    }
  }

  @Test
  void threadsAreTold() throws Exception {
    Container.await("JFR writes", SourcesIT::isGcSeen);
    Thread thread = new Thread(() -> {}, "a-short-life");
    thread.start();
    thread.join();
    Container.await(
        "the thread is told",
        () ->
            cat("jvm", "thread_start:").stream().anyMatch(l -> l.contains("name=a-short-life"))
                && cat("jvm", "thread_end:").stream().anyMatch(l -> l.contains("a-short-life")));
  }

  @Test
  void theBundleStopsCleanlyAndStartsAgain() throws Exception {
    Bundle sources = container.bundle("org.pagewheel.sources");
    Container.await("the buffer is made", () -> container.show("list").contains("\njvm "));
    sources.stop();
    Container.await("the buffer is gone", () -> !container.show("list").contains("\njvm "));
    Container.await("JFR's threads are gone", () -> jfrStreams() == 0);
    int before = cat("main", "").size();
    container.context().installBundle("test:unseen", small()).uninstall();
    assertEquals(before, cat("main", "").size());
    sources.start();
    Container.await("the buffer is back", () -> container.show("list").contains("\njvm "));
  }

  private static long jfrStreams() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("JFR Event Stream"))
        .count();
  }
}
