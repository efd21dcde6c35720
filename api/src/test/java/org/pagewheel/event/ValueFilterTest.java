package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.event.internal.ThreadIds;

/** What a filter says of values before they are an event, and of the event. */
class ValueFilterTest {
  /** A value of each kind. */
  record Kinds(
      boolean z,
      byte b,
      short s,
      char c,
      int i,
      long l,
      float f,
      double d,
      String text,
      @Unsigned int u,
      @Unsigned long ul,
      @Symbol({"BUY", "SELL"}) int side) {}

  private static final EventType<Kinds> KINDS =
      EventType.of("shop", Kinds.class, MethodHandles.lookup());
  private static final List<Kinds> VALUES =
      List.of(
          new Kinds(false, (byte) 0, (short) 0, 'a', 0, 0, 0, 0, null, 0, 0, 0),
          new Kinds(true, (byte) -1, (short) -2, '\uffff', -3, -4, -0.0f, -5.5, "", -1, -1, 1),
          new Kinds(
              true,
              Byte.MIN_VALUE,
              Short.MAX_VALUE,
              'z',
              Integer.MIN_VALUE,
              Long.MAX_VALUE,
              Float.NaN,
              Double.NaN,
              "XETRA",
              7,
              7,
              -1),
          new Kinds(
              false,
              (byte) 7,
              (short) 7,
              '\7',
              7,
              7,
              7,
              7,
              "Größe\0\uD83D\uDE00\t\uD83D",
              0,
              1L << 63,
              5));
  private static final List<String> TEXTS =
      List.of("XETRA", "(null)", "X*A", "*", "Größe \uD83D\uDE00 ?", "*ö*", "", "Gr*", "* ?");

  private final PageBuffer buffer = PageBuffer.of(4);

  @AfterEach
  void close() {
    buffer.close();
  }

  private static List<String> filters() {
    List<String> filters = new ArrayList<>();
    for (String operator : List.of("==", "!=", "<", ">=", "&")) {
      for (String value : List.of("7", "-1", "0xffffffff")) {
        for (String field : List.of("z", "b", "s", "c", "i", "l", "u", "ul", "side")) {
          filters.add(field + " " + operator + " " + value);
        }
        if (!operator.equals("&") && !value.startsWith("0x")) {
          filters.add("f " + operator + " " + value);
          filters.add("d " + operator + " " + value);
        }
      }
    }
    for (String text : TEXTS) {
      for (String operator : List.of("==", "!=", "~")) {
        filters.add("text " + operator + " \"" + text + "\"");
      }
    }
    filters.addAll(
        List.of(
            "z == true && (side == SELL || !(text ~ \"X*\"))",
            "i == 7 || i == 0 || l == -4",
            "!(i == 7) && !(i == 0) && b < 0",
            "common_pid == " + ThreadIds.current(),
            "common_pid != " + ThreadIds.current(),
            "common_type == " + KINDS.format().id() + " && common_flags == 0"));
    return filters;
  }

  @Test
  void valuesPassWhereTheirEventDoes() throws Throwable {
    var components = Kinds.class.getRecordComponents();
    List<String> names = Arrays.stream(components).map(each -> each.getName()).toList();
    MethodType types =
        MethodType.methodType(
            void.class, Arrays.stream(components).<Class<?>>map(each -> each.getType()).toList());
    for (Kinds kinds : VALUES) {
      assertTrue(KINDS.record(buffer, kinds));
    }
    List<MemorySegment> events = buffer.pageRing().events();
    int passed = 0;
    int failed = 0;
    for (String text : filters()) {
      EventFilter filter = EventFilter.of(text);
      EventFilter.Check ofEvent = filter.compile(KINDS.format());
      MethodHandle ofValues = filter.compile(KINDS.format(), names, types);
      assertEquals(types.changeReturnType(boolean.class), ofValues.type());
      for (int i = 0; i < VALUES.size(); i++) {
        Kinds kinds = VALUES.get(i);
        boolean expected = ofEvent.test(events.get(i), 0);
        List<Object> values = new ArrayList<>();
        for (var component : components) {
          values.add(component.getAccessor().invoke(kinds));
        }
        assertEquals(expected, ofValues.invokeWithArguments(values), text + " of " + kinds);
        passed += expected ? 1 : 0;
        failed += expected ? 0 : 1;
      }
    }
    assertTrue(passed > 200 && failed > 200, passed + " and " + failed);
  }

  @Test
  void fieldsCanHaveOtherNames() throws Throwable {
    EventFilter filter = EventFilter.of("order.l > 3 && text == order.l");
    EventFilter renamed = filter.renamed(name -> name.replace("order.", ""));
    assertEquals(filter.text(), renamed.text());
    assertTrue(!filter.equals(renamed), "they are not the same");
    MethodType types = MethodType.methodType(void.class, String.class, long.class);
    MethodHandle check = renamed.compile(KINDS.format(), List.of("text", "l"), types);
    assertTrue((boolean) check.invokeExact("order.l", 4L));
    assertTrue(!(boolean) check.invokeExact("l", 4L));
  }

  @Test
  void whatIsNotGivenCannotBeCompared() {
    MethodType types = MethodType.methodType(void.class, long.class);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> EventFilter.of("i > 3").compile(KINDS.format(), List.of("l"), types))
            .getMessage();
    assertEquals("filter 'i > 3': the value of field i is not known before the event", message);
  }
}
