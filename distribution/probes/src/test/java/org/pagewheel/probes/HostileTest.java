package org.pagewheel.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.shop.Desk;
import com.acme.shop.Order;
import com.acme.shop.Side;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.Buffer;
import org.pagewheel.runtime.Pagewheel;

/** What an application and its other agents may do meanwhile. */
class HostileTest {
  private static final int ROUNDS = Integer.getInteger("probe.rounds", 5);
  private static final MethodTypeDesc OF_INT =
      MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int);

  private final AtomicBoolean end = new AtomicBoolean();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final List<Thread> threads = new ArrayList<>();
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

  private interface Work {
    void run() throws Exception;
  }

  private void repeat(Work work) {
    Runnable all =
        () -> {
          try {
            while (!end.get()) {
              work.run();
            }
          } catch (Throwable e) {
            failure.compareAndSet(null, e);
          }
        };
    threads.add(Thread.ofPlatform().start(all));
  }

  private void endThreads() throws InterruptedException {
    end.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertNull(failure.get());
  }

  private void rounds(String pattern, String probe) {
    for (int round = 0; round < ROUNDS && failure.get() == null; round++) {
      probes.graph("main", GraphOptions.of(pattern));
      probes.probe("main", ProbeOptions.of(probe).withReturn().withName("hostile"));
      System.gc();
      probes.ungraph("main");
      probes.unprobe("hostile");
    }
  }

  @Test
  void anotherAgentChangesTheSameClasses() throws Exception {
    Instrumentation other = ProbingAgent.instrumentation();
    byte[] bytes;
    try (InputStream in = Desk.class.getResourceAsStream("Desk.class")) {
      bytes = in.readAllBytes();
    }
    ClassFileTransformer nops =
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              Module module,
              ClassLoader loader,
              String name,
              Class<?> type,
              ProtectionDomain domain,
              byte[] given) {
            return type == Desk.class
                ? ClassFile.of()
                    .transformClass(
                        ClassFile.of().parse(given), (builder, element) -> builder.with(element))
                : null;
          }
        };
    Desk desk = new Desk();
    repeat(
        () -> assertEquals(1007, desk.place(7, "A", Side.SELL, new Order(1, Side.BUY, null), 1)));
    repeat(
        () -> {
          other.redefineClasses(new ClassDefinition(Desk.class, bytes));
          other.addTransformer(nops, true);
          other.retransformClasses(Desk.class);
          other.removeTransformer(nops);
          other.retransformClasses(Desk.class);
        });
    rounds("com.acme.shop.Desk", "com.acme.shop.Desk.place(id, order.id) if id > 3");
    endThreads();
    long events = buffer.counters().written();
    assertTrue(events > 0, "nothing was recorded");
    other.redefineClasses(new ClassDefinition(Desk.class, bytes));
    assertEquals(1007, desk.place(7, "A", Side.SELL, new Order(1, Side.BUY, null), 1));
    assertEquals(events, buffer.counters().written());
  }

  /** Classes are defined, used and dropped. */
  @Test
  void classesComeAndGo() throws Exception {
    repeat(
        () -> {
          OwnLoader loader = new OwnLoader().with("Brief", many("Brief", 3));
          assertEquals(14, call(loader.shop("Brief"), 2, 7));
        });
    rounds("com.acme.shop.Brief", "com.acme.shop.Brief.m*(arg0) if arg0 == 7");
    endThreads();
    assertTrue(buffer.counters().written() > 0, "nothing was recorded");
  }

  /** Method m2 gives twice its argument, m3 three times. */
  private static byte[] many(String name, int methods) {
    return ClassFile.of()
        .build(
            ClassDesc.of("com.acme.shop." + name),
            builder -> {
              builder.withFlags(ClassFile.ACC_PUBLIC);
              for (int i = 0; i < methods; i++) {
                int times = i;
                builder.withMethodBody(
                    "m" + i,
                    OF_INT,
                    ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                    code -> code.iload(0).loadConstant(times).imul().ireturn());
              }
            });
  }

  private static int call(Class<?> type, int method, int argument) throws Exception {
    return (int) type.getMethod("m" + method, int.class).invoke(null, argument);
  }

  @Test
  void tenThousandMethodsAtOnce() throws Exception {
    List<Class<?>> classes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      classes.add(new OwnLoader().with("Many" + i, many("Many" + i, 100)).shop("Many" + i));
    }
    byte[] before = ClassBytes.of(classes.getLast());
    GraphStatus graph = probes.graph("main", GraphOptions.of("com.acme.shop.Many*"));
    assertEquals(10_000, graph.methods());
    assertEquals(100, graph.classes());
    ProbeStatus probe =
        probes.probe("main", ProbeOptions.of("com.acme.shop.Many*.m99(arg0)").withName("many"));
    assertEquals(100, probe.methods());
    for (Class<?> type : classes) {
      assertEquals(297, call(type, 99, 3));
    }
    assertEquals(300, buffer.counters().written());
    assertEquals(100, probes.unprobe("many").hits());
    probes.ungraph("main");
    assertTrue(Arrays.equals(before, ClassBytes.of(classes.getLast())), "the bytes have changed");
    assertThrows(
        IllegalArgumentException.class,
        () -> probes.graph("main", GraphOptions.of("com.acme.shop.Many*").withLimit(9_999)));
    assertEquals(297, call(classes.getFirst(), 99, 3));
    assertEquals(300, buffer.counters().written());
  }
}
