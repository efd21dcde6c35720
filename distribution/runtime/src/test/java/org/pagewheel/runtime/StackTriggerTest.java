package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pagewheel.Buffer;
import org.pagewheel.Counters;
import org.pagewheel.EventReader;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventType;
import org.pagewheel.event.Metadata;
import org.pagewheel.spi.Stacks;
import org.pagewheel.spi.Symbols;

/** An event that has the stack of its thread recorded after it. */
@Timeout(60)
class StackTriggerTest {
  record Order(long id) {}

  private static final EventType<Order> ORDER = EventType.of("stacks", Order.class);
  private static final int FRAMES = 16;
  private static final String CLASS = StackTriggerTest.class.getName();

  private Pagewheel pagewheel;
  private Buffer main;

  @BeforeEach
  void start() {
    pagewheel = Pagewheel.start(Map.of());
    main = pagewheel.buffers().get("main");
  }

  @AfterEach
  void stop() {
    pagewheel.close();
  }

  /** Names of events, and of the frames of stacks. */
  private List<String> events() throws Exception {
    Map<Long, String> symbols = Metadata.process().symbols();
    List<String> lines = new ArrayList<>();
    try (EventReader events = main.readers().events()) {
      while (events.next()) {
        Event event = events.event();
        if (event.is("ftrace", "kernel_stack")) {
          List<String> frames = new ArrayList<>();
          MemorySegment payload = events.payload(); // the format knows the first frames alone
          for (long at = FRAMES; at < payload.byteSize(); at += Long.BYTES) {
            long caller = payload.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
            frames.add(symbols.get(Symbols.address(Symbols.id(caller))));
          }
          lines.add("stack " + String.join(" ", frames));
        } else {
          lines.add(event.name() + " " + event.getLong("id"));
        }
      }
    }
    return lines;
  }

  private void order(long id) {
    assertTrue(ORDER.record(main, new Order(id)));
  }

  private void deep(int depth) {
    if (depth > 0) {
      deep(depth - 1);
    } else {
      order(7);
    }
  }

  @Test
  void aStackFollowsEachEventThatIsMeant() throws Exception {
    pagewheel.administration().addTrigger("main", "stacks:order stacktrace:2 if id > 4");
    for (int id = 4; id < 8; id++) {
      order(id);
    }
    List<String> events = events();
    assertEquals(6, events.size(), () -> String.join("\n", events));
    assertEquals(List.of("order 4", "order 5"), events.subList(0, 2));
    String begin = "stack " + CLASS + ".order " + CLASS + ".aStackFollowsEachEventThatIsMeant ";
    assertTrue(events.get(2).startsWith(begin), events.get(2));
    assertEquals("order 6", events.get(3));
    assertTrue(events.get(4).startsWith(begin), events.get(4));
    assertEquals("order 7", events.get(5), "two stacks are all that was asked for");
  }

  @Test
  void aStackHasNoStackOfItsOwn() throws Exception {
    pagewheel.administration().addTrigger("main", "*:* stacktrace");
    order(1);
    assertEquals(2, events().size());
  }

  @Test
  void ofADeepStackTheInnermostFramesAreThere() throws Exception {
    pagewheel.administration().addTrigger("main", "stacks:order stacktrace");
    deep(500);
    String[] frames = events().get(1).split(" ");
    assertEquals(1 + Stacks.MAX_DEPTH, frames.length);
    assertEquals(CLASS + ".order", frames[1]);
    assertEquals(CLASS + ".deep", frames[Stacks.MAX_DEPTH]);
  }

  @Test
  void aFullStackWritesTheEventAlone() throws Exception {
    pagewheel.administration().addTrigger("main", "stacks:order stacktrace");
    order(1);
    overflow();
    order(2);
    List<String> events = events();
    Counters counters = main.totals();
    assertEquals(counters.written() - counters.overrun(), events.size(), counters::toString);
    assertEquals("order 2", events.get(events.size() - 2));
    assertTrue(events.getLast().startsWith("stack " + CLASS + ".order "), events.getLast());
  }

  /** Writes an event at each depth on the way back from a full stack. */
  private void overflow() {
    try {
      overflow();
    } catch (StackOverflowError full) {
      // on the way back there is a little more room each time
    }
    try {
      ORDER.record(main, new Order(0));
    } catch (StackOverflowError full) {
      // not written, or written without a stack
    }
  }

  @Test
  void aLatencyHasNoStack() {
    IllegalArgumentException wrong =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                pagewheel
                    .administration()
                    .addTrigger("main", "stacks:order stacktrace if latency > 50 ms"));
    assertTrue(wrong.getMessage().contains("has no stack"), wrong.getMessage());
    assertEquals(List.of(), pagewheel.administration().triggers());
  }
}
