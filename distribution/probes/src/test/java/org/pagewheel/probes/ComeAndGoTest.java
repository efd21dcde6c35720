package org.pagewheel.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.shop.Desk;
import com.acme.shop.Order;
import com.acme.shop.Orders;
import com.acme.shop.Side;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.runtime.Pagewheel;

/** Probes and graphs come and go while threads run the code and classes are defined. */
class ComeAndGoTest {
  private static final int ROUNDS = Integer.getInteger("probe.rounds", 5);
  private static final String LATER = "com.acme.shop.Later";

  private Pagewheel pagewheel;
  private Probes probes;

  @BeforeEach
  void start() throws Exception {
    pagewheel = Pagewheel.start(Map.of());
    probes = Probes.of(ProbingAgent.instrumentation(), pagewheel.buffers(), 1);
  }

  @AfterEach
  void stop() {
    probes.close();
    pagewheel.close();
  }

  /** Defines a class of its own. */
  private static final class Own extends ClassLoader {
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(LATER)) {
        return super.loadClass(name, resolve);
      }
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private static int twice(Class<?> later, int number) throws ReflectiveOperationException {
    return (int) later.getMethod("twice", int.class).invoke(null, number);
  }

  private static void use(Desk desk, Orders orders) {
    Order order = new Order(1, Side.BUY, null);
    assertEquals(1007, desk.place(7, "A", Side.SELL, order, 1));
    assertEquals("x!", desk.has("x", true));
    assertEquals(9, orders.place(3, "A"));
    assertEquals(20, orders.deep(20));
  }

  @Test
  void underLoad() throws Exception {
    List<Class<?>> classes = List.of(Desk.class, Orders.class);
    List<byte[]> before = new ArrayList<>();
    for (Class<?> type : classes) {
      before.add(ClassBytes.of(type));
    }
    AtomicBoolean end = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Runnable work =
          () -> {
            Desk desk = new Desk();
            Orders orders = new Orders();
            try {
              while (!end.get()) {
                use(desk, orders);
              }
            } catch (Throwable e) {
              failure.compareAndSet(null, e);
            }
          };
      threads.add(i % 2 == 0 ? Thread.ofVirtual().start(work) : Thread.ofPlatform().start(work));
    }
    threads.add(
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    while (!end.get()) {
                      assertEquals(8, twice(new Own().loadClass(LATER), 4));
                      Thread.sleep(50); // each class is one more to be changed
                    }
                  } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                  }
                }));
    String place = "com.acme.shop.Desk.place(id, order.id, side)";
    for (int round = 0; round < ROUNDS && failure.get() == null; round++) {
      probes.graph("main", GraphOptions.of("com.acme.shop.**"));
      probes.probe("main", ProbeOptions.of(place).withReturn());
      probes.probe("main", ProbeOptions.of("com.acme.shop.Later.twice(number) if number > 4"));
      probes.probe("main", ProbeOptions.of("com.acme.shop.Orders.*()").withName("any"));
      probes.unprobe(round % 2 == 0 ? "desk_place" : "any");
      probes.ungraph("main");
      probes.unprobe(round % 2 == 0 ? "any" : "desk_place");
      probes.unprobe("later_twice");
    }
    end.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertNull(failure.get());
    for (int i = 0; i < classes.size(); i++) {
      byte[] after = ClassBytes.of(classes.get(i));
      assertTrue(Arrays.equals(before.get(i), after), "the bytes have changed");
    }
    long events = pagewheel.buffers().get("main").counters().written();
    assertTrue(events > 0, "nothing was recorded");
    use(new Desk(), new Orders());
    assertEquals(events, pagewheel.buffers().get("main").counters().written());
  }

  @Test
  void aLoaderThatIsGoneIsCollected() throws Exception {
    WeakReference<ClassLoader> gone = probed();
    while (gone.get() != null) { // a hang is a failure
      System.gc();
      Thread.sleep(10);
    }
  }

  private WeakReference<ClassLoader> probed() throws Exception {
    Class<?> later = new Own().loadClass(LATER);
    probes.probe("main", ProbeOptions.of(LATER + ".twice(number)").withReturn());
    probes.graph("main", GraphOptions.of(LATER));
    assertEquals(2, twice(later, 1));
    assertEquals(3, pagewheel.buffers().get("main").counters().written());
    probes.unprobe("later_twice");
    probes.ungraph("main");
    return new WeakReference<>(later.getClassLoader());
  }
}
