package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.FrameworkFactory;

/** The checks of consumer stats, in a container that has Felix Health Checks. */
class HealthChecksIT {
  private static final String CHECK = "org.apache.felix.hc.api.HealthCheck";
  private static final String LOSING = "Pagewheel: losing events";
  private static final String BEHIND = "Pagewheel: consumer behind";
  private static final String DISABLED = "Pagewheel: ring disabled";
  private static final String DISK = "Pagewheel: disk nearly full";

  @TempDir Path storage;
  private Container container;

  @BeforeEach
  void start() throws Exception {
    List<Path> jars = new ArrayList<>(Container.extras("healthcheck"));
    jars.addAll(Container.home());
    FrameworkFactory felix = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow();
    container = new Container(felix, storage, jars);
    container.open();
    container.execute("create small pages=2 mode=overwrite");
    container.execute("attach small stats");
  }

  @AfterEach
  void stop() throws Exception {
    container.close();
  }

  /** What each check says now, by its name. */
  private TreeMap<String, String> statuses() throws Exception {
    return results("getStatus");
  }

  private TreeMap<String, String> results() throws Exception {
    return results("toString");
  }

  private TreeMap<String, String> results(String part) throws Exception {
    TreeMap<String, String> statuses = new TreeMap<>();
    ServiceReference<?>[] found = container.context().getAllServiceReferences(CHECK, null);
    for (ServiceReference<?> reference : found == null ? new ServiceReference<?>[0] : found) {
      Object check = container.context().getService(reference);
      Class<?> type = check.getClass().getClassLoader().loadClass(CHECK);
      Object result = type.getMethod("execute").invoke(check);
      Object status = result.getClass().getMethod(part).invoke(result);
      statuses.put("" + reference.getProperty("hc.name"), "" + status);
    }
    return statuses;
  }

  @Test
  void theyAreThereAndSayWhatIsWrong() throws Exception {
    TreeMap<String, String> well = statuses();
    assertEquals(List.of(BEHIND, DISK, LOSING, DISABLED), List.copyOf(well.keySet()));
    assertEquals("OK", well.get(LOSING));
    assertEquals("OK", well.get(BEHIND));
    assertEquals("OK", well.get(DISABLED));
    container.execute("off small");
    Container.await("it is off", () -> statuses().get(DISABLED).equals("CRITICAL"));
    assertTrue(results().get(DISABLED).contains("off by ring:off since "), results()::toString);
    container.execute("on small");
    Container.await("it is on", () -> statuses().get(DISABLED).equals("OK"));
  }

  @Test
  void theyGoWithTheirBundle() throws Exception {
    assertEquals(4, statuses().size());
    container.bundle("org.pagewheel.consumer.stats").stop();
    assertTrue(statuses().isEmpty());
  }
}
