package org.pagewheel.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.shop.Desk;
import com.acme.shop.Later;
import com.acme.shop.Order;
import com.acme.shop.Orders;
import com.acme.shop.Side;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffer;
import org.pagewheel.EventReader;
import org.pagewheel.runtime.Pagewheel;

/** Events of methods' entries and returns. */
class ProbeTest {
  private static final String PLACE = "com.acme.shop.Desk.place";

  private final Desk desk = new Desk();
  private Pagewheel pagewheel;
  private Buffer buffer;
  private Probes probes;

  @TempDir private Path directory;

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

  /** The events since the last time, durations left out. */
  private List<String> events() throws Exception {
    List<String> events = new ArrayList<>();
    try (EventReader reader = buffer.readers().events()) {
      while (reader.next()) {
        events.add(reader.event().toString().replaceAll("took=\\d+", "took=T"));
      }
    }
    return events;
  }

  private void place(long id) {
    Order second = new Order(id + 1, Side.SELL, null);
    desk.place(id, "ACME", Side.SELL, new Order(id, Side.BUY, second), 1.5);
  }

  @Test
  void arguments() throws Exception {
    probes.probe("main", ProbeOptions.of(PLACE + "(id, symbol, side, price, this.count)"));
    place(7);
    assertEquals(
        List.of("probe:desk_place: id=7 price=1.5 symbol=ACME side=SELL this_count=0"), events());
  }

  @Test
  void fieldsByPathAreReadAndNothingIsAsked() throws Exception {
    probes.probe("main", ProbeOptions.of(PLACE + "(order.id, order.side, order.next.next.id)"));
    place(7);
    desk.place(1, "A", null, null, 0);
    assertEquals(
        List.of(
            "probe:desk_place: order_id=7 order_next_next_id=0 order_side=BUY",
            "probe:desk_place: order_id=0 order_next_next_id=0 order_side=-1"),
        events());
  }

  @Test
  void allArgumentsThatAnEventCanHold() throws Exception {
    probes.probe("main", ProbeOptions.of("com.acme.shop.Desk.small").withName("small"));
    Desk.small((byte) -1, (short) -2, 'c', true, 0.5f, null);
    assertEquals(List.of("probe:small: f=0.5 s=-2 c=99 b=-1 z=true"), events());
  }

  @Test
  void conditions() throws Exception {
    probes.probe(
        "main", ProbeOptions.of(PLACE + "(id, order.side) if id > 7 && order.side == BUY"));
    place(7);
    place(8);
    assertEquals(List.of("probe:desk_place: id=8 order_side=BUY"), events());
    assertEquals(2, probes.probes().getFirst().hits());
  }

  @Test
  void returnsHaveResultExceptionAndTheArgumentsAsTheyWere() throws Exception {
    probes.probe("main", ProbeOptions.of(PLACE + "(id)").withReturn());
    place(7);
    assertThrows(IllegalArgumentException.class, () -> desk.place(8, null, null, null, 0));
    assertEquals(
        List.of(
            "probe:desk_place: id=7 result=1007 took=T exception=",
            "probe:desk_place: id=8 result=0 took=T exception=java.lang.IllegalArgumentException"),
        events());
  }

  @Test
  void longer() throws Exception {
    Orders orders = new Orders();
    probes.probe(
        "main",
        ProbeOptions.of("com.acme.shop.Orders.slow(nanos)").withLonger(Duration.ofMillis(500)));
    orders.slow(1);
    orders.slow(300_000_000);
    assertEquals(List.of("probe:orders_slow: nanos=300000000 took=T exception="), events());
  }

  @Test
  void overloads() throws Exception {
    probes.probe(
        "main", ProbeOptions.of("com.acme.shop.Desk.has(String,boolean)(loud)").withReturn());
    desk.has(7);
    desk.has("x", true);
    assertEquals(List.of("probe:desk_has: took=T result=x! exception= loud=true"), events());
    probes.unprobe("probe:desk_has");
    assertEquals(
        "left alone: 1 methods: no argument loud: it has this, id (com.acme.shop.Desk.has)",
        probes
            .probe("main", ProbeOptions.of("com.acme.shop.Desk.has(loud)"))
            .leftAlone()
            .getFirst());
  }

  @Test
  void severalMethodsSayWhich() throws Exception {
    probes.probe("main", ProbeOptions.of("com.acme.shop.Desk.*()").withName("any"));
    desk.nothing();
    desk.has(7);
    assertEquals(
        List.of(
            "probe:any: method=com.acme.shop.Desk.nothing",
            "probe:any: method=com.acme.shop.Desk.has"),
        events());
  }

  @Test
  void classesThatComeLater() throws Exception {
    ProbeStatus status =
        probes.probe("main", ProbeOptions.of("com.acme.shop.Later.twice(number)").withReturn());
    assertEquals(0, status.methods());
    assertEquals(6, Later.twice(3));
    assertEquals(8, Later.twice(4));
    assertEquals(
        List.of(
            "probe:later_twice: took=T number=3 result=6 exception=",
            "probe:later_twice: took=T number=4 result=8 exception="),
        events());
  }

  @Test
  void classesOfTheJdkByTheirNamesAlone() throws Exception {
    assertEquals(0, probes.probe("main", ProbeOptions.of("java.io.**()")).methods());
    probes.probe("main", ProbeOptions.of("java.io.StringReader.skip(n)"));
    for (String core : List.of("java.lang.Thread.getName()", "org.pagewheel.Buffer")) {
      assertThrows(
          IllegalArgumentException.class, () -> probes.probe("main", ProbeOptions.of(core)));
    }
    new StringReader("text").skip(2);
    assertEquals(List.of("probe:string_reader_skip: n=2"), events());
  }

  @Test
  void stacksStandBehindTheirEvents() throws Exception {
    probes.probe("main", ProbeOptions.of("com.acme.shop.Desk.nothing()").withStack());
    desk.nothing();
    Path file = directory.resolve("stack.dat");
    pagewheel.buffers().save(file, "main");
    String report = TraceCmd.report(file);
    assertTrue(
        report.matches(
            "(?s).*desk_nothing: *\n.*<stack trace *>\n"
                + "=> com.acme.shop.Desk.nothing \\(4a[0-9a-f]+\\)\n"
                + "=> org.pagewheel.probes.ProbeTest.stacksStandBehindTheirEvents.*"),
        report);
  }

  @Test
  void afterwardsTheBytesAreTheOldOnes() throws Exception {
    byte[] before = ClassBytes.of(Desk.class);
    probes.probe("main", ProbeOptions.of(PLACE + "(id)").withReturn());
    probes.probe("main", ProbeOptions.of(PLACE + "(id)").withName("other"));
    probes.graph("main", GraphOptions.of("com.acme.shop.Desk"));
    place(7);
    assertEquals(4, events().size());
    probes.ungraph("main");
    probes.unprobe("desk_place");
    place(7);
    assertEquals(List.of("probe:other: id=7"), events());
    probes.unprobe("other");
    assertTrue(Arrays.equals(before, ClassBytes.of(Desk.class)), "the bytes have changed");
  }

  @Test
  void whatIsWrongIsRefusedAndChangesNothing() throws Exception {
    byte[] before = ClassBytes.of(Desk.class);
    Map.of(
            PLACE + "(nosuch)",
            "no argument nosuch: it has this, id, symbol, side, order, price",
            PLACE + "(order)",
            "order is neither a number nor a text nor an enum",
            PLACE + "(order.nosuch)",
            "no field nosuch in com.acme.shop.Order: it has id, side, next",
            PLACE + "(id.x)",
            "long has no fields",
            PLACE + "(id) if nosuch > 7",
            "event probe:desk_place has no field nosuch",
            PLACE + "(id) if id >",
            "filter 'id >'",
            PLACE + "(id",
            "is no probe",
            PLACE + "(i;d)",
            "is no name")
        .forEach(
            (text, problem) -> {
              String message =
                  assertThrows(
                          IllegalArgumentException.class,
                          () -> probes.probe("main", ProbeOptions.of(text)),
                          text)
                      .getMessage();
              assertTrue(message.contains(problem), message);
            });
    assertEquals(List.of(), probes.probes());
    assertTrue(Arrays.equals(before, ClassBytes.of(Desk.class)), "the bytes have changed");
  }
}
