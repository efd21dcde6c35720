package org.pagewheel.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.shop.Desk;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.Buffer;
import org.pagewheel.runtime.Pagewheel;

/** A method that cannot be changed is left out, and the rest of its class goes on. */
class LeftOutTest {
  private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);
  private static final MethodTypeDesc OF_INT =
      MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int);

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

  /** A method of so many bytes, and more or less, all of which give back their argument. */
  private static byte[] odd(String name) {
    return ClassFile.of().build(ClassDesc.of("com.acme.shop." + name), LeftOutTest::build);
  }

  private static void build(ClassBuilder builder) {
    builder.withFlags(ClassFile.ACC_PUBLIC);
    Map.of("small", 10, "almost", 7_990, "huge", 20_000, "full", 65_530)
        .forEach((name, length) -> method(builder, name, length));
    builder.withMethodBody(
        ConstantDescs.INIT_NAME,
        NOTHING,
        ClassFile.ACC_PUBLIC,
        code -> code.aconst_null().athrow());
  }

  private static void method(ClassBuilder builder, String name, int length) {
    builder.withMethodBody(
        name,
        OF_INT,
        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
        code -> {
          for (int i = 0; i < length - 2; i++) {
            code.nop();
          }
          code.iload(0).ireturn();
        });
  }

  private static int call(Class<?> odd, String name) throws ReflectiveOperationException {
    return (int) odd.getMethod(name, int.class).invoke(null, 7);
  }

  private static void callAll(Class<?> odd) throws ReflectiveOperationException {
    for (String name : List.of("small", "almost", "huge", "full")) {
      assertEquals(7, call(odd, name), name);
    }
    assertThrows(ReflectiveOperationException.class, () -> odd.getConstructor().newInstance());
  }

  private static List<String> left(List<String> lines) {
    return lines.stream()
        .map(line -> line.replaceAll("Code length.* \\(", "the JDK's words ("))
        .filter(line -> !line.contains("no argument"))
        .sorted()
        .toList();
  }

  private static final String NO_SUPER =
      "left alone: 1 methods that cannot be changed: a constructor that calls no other"
          + " (com.acme.shop.Odd.<init>)";
  private static final String SLOW =
      "left alone: 1 methods that would be longer than the 8,000 bytes that the JVM compiles"
          + " (com.acme.shop.Odd.almost)";
  private static final String FULL =
      "left alone: 1 methods that cannot be changed: the JDK's words (com.acme.shop.Odd.full)";

  @Test
  void aGraphOfAClassThatIsLoaded() throws Exception {
    Class<?> odd = new OwnLoader().with("Odd", odd("Odd")).shop("Odd");
    GraphStatus status = probes.graph("main", GraphOptions.of("com.acme.shop.Odd"));
    assertEquals(List.of(NO_SUPER, FULL, SLOW), left(status.leftAlone()));
    assertEquals(2, status.methods());
    callAll(odd);
    assertEquals(4, buffer.counters().written());
  }

  @Test
  void aProbeOfAClassThatComesLater() throws Exception {
    probes.probe("main", ProbeOptions.of("com.acme.shop.Odder(arg0)").withReturn().withName("odd"));
    callAll(new OwnLoader().with("Odder", odd("Odder")).shop("Odder"));
    assertEquals(
        Stream.of(FULL, SLOW).map(line -> line.replace("Odd", "Odder")).toList(),
        left(probes.probes().getFirst().leftAlone()));
    assertEquals(2, buffer.counters().written());
  }

  @Test
  void twoThatAreTooLongTogether() throws Exception {
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of("com.acme.shop.Even"),
                builder -> method(builder.withFlags(ClassFile.ACC_PUBLIC), "almost", 7_960));
    Class<?> odd = new OwnLoader().with("Even", bytes).shop("Even");
    int methods = probes.graph("main", GraphOptions.of("com.acme.shop.Even")).methods();
    probes.probe("main", ProbeOptions.of("com.acme.shop.Even.almost()"));
    assertEquals(1, methods);
    ProbeStatus second =
        probes.probe(
            "main", ProbeOptions.of("com.acme.shop.Even.almost()").withReturn().withName("second"));
    assertEquals(0, second.methods());
    assertEquals(List.of(SLOW.replace("Odd", "Even")), second.leftAlone());
    assertEquals(7, call(odd, "almost"));
    assertEquals(3, buffer.counters().written());
  }

  /** Which of them is like the first one is not known before their classes are looked at. */
  @Test
  void methodsWithOtherValuesThanTheFirst() throws Exception {
    byte[] before = ClassBytes.of(Desk.class);
    ProbeStatus status = probes.probe("main", ProbeOptions.of("com.acme.shop.Desk.has"));
    assertEquals(1, status.methods());
    assertEquals(
        List.of(
            "left alone: 1 methods: values of other types than those of another method: a signature"
                + " or another probe (com.acme.shop.Desk.has)"),
        status.leftAlone());
    Desk desk = new Desk();
    desk.has(7);
    desk.has("x", true);
    assertEquals(1, buffer.counters().written());
    probes.unprobe("desk_has");
    assertTrue(Arrays.equals(before, ClassBytes.of(Desk.class)), "the bytes have changed");
  }

  @Test
  void aClassOnTheWayToAFieldIsNotThere() throws Exception {
    OwnLoader loader = new OwnLoader("Side");
    loader.shop("Shelf");
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    probes.probe(
                        "main", ProbeOptions.of("com.acme.shop.Shelf.place(order.next.id)")))
            .getMessage();
    assertEquals(
        "left alone: 1 methods: there is no class com.acme.shop.Side (com.acme.shop.Shelf.place)",
        message);
  }
}
