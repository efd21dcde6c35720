package org.pagewheel.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.Buffer;
import org.pagewheel.runtime.Pagewheel;

/** An application that is undeployed goes, whatever probes and graphs there are of it. */
class UnloadedTest {
  private static final String PATH = "com.acme.shop.Stall.place(id, order.id, order.side)";

  private Pagewheel pagewheel;
  private Buffer buffer;
  private Probes probes;

  @BeforeEach
  void start() throws Exception {
    pagewheel = Pagewheel.start(Map.of());
    buffer = pagewheel.buffers().get("main");
    probes = Probes.of(ProbingAgent.instrumentation(), pagewheel.buffers(), 1);
  }

  @AfterEach
  void stop() {
    probes.close();
    pagewheel.close();
  }

  private static void place(OwnLoader application) throws ReflectiveOperationException {
    Class<?> side = application.shop("Side");
    Class<?> type = application.shop("Order");
    Object buy = side.getField("BUY").get(null);
    Object order = type.getConstructor(long.class, side, type).newInstance(3, buy, null);
    Class<?> stall = application.shop("Stall");
    Method place = stall.getMethod("place", long.class, type);
    place.invoke(stall.getConstructor().newInstance(), 7L, order);
  }

  private static WeakReference<ClassLoader> used(OwnLoader application) throws Exception {
    place(application);
    return new WeakReference<>(application);
  }

  private static void awaitGone(WeakReference<ClassLoader> loader) throws InterruptedException {
    while (loader.get() != null) { // a hang is a failure
      System.gc();
      Thread.sleep(10);
    }
  }

  private void awaitNoMethods() throws InterruptedException {
    while (probes.probes().stream().anyMatch(probe -> probe.methods() > 0)) {
      Thread.sleep(10);
    }
  }

  @Test
  void aProbeOfFieldsLeavesTheLoaderFree() throws Exception {
    probes.probe("main", ProbeOptions.of(PATH + " if order.id == 3"));
    probes.probe("main", ProbeOptions.of(PATH).withReturn().withName("returned"));
    for (int i = 1; i <= 3; i++) {
      awaitGone(used(new OwnLoader()));
      awaitNoMethods();
      assertEquals(2 * i, buffer.counters().written());
      assertEquals(i, probes.probes().getFirst().hits());
    }
  }

  /** The loaded application is used after the collector has run, too. */
  @Test
  void aProbeOfAClassThatIsLoaded() throws Exception {
    awaitGone(probedAndUsed());
    awaitNoMethods();
  }

  private WeakReference<ClassLoader> probedAndUsed() throws Exception {
    OwnLoader application = new OwnLoader();
    application.shop("Stall");
    assertEquals(1, probes.probe("main", ProbeOptions.of(PATH)).methods());
    probes.graph("main", GraphOptions.of("com.acme.shop.Stall"));
    for (int i = 1; i <= 5; i++) {
      place(application);
      System.gc();
    }
    assertEquals(5, probes.probes().getFirst().hits());
    return new WeakReference<>(application);
  }

  @Test
  void whatIsGoneIsNotCountedAgainstTheLimit() throws Exception {
    probes.probe("main", ProbeOptions.of(PATH).withLimit(1));
    for (int i = 1; i <= 3; i++) {
      awaitGone(used(new OwnLoader()));
      assertEquals(i, buffer.counters().written());
    }
  }
}
