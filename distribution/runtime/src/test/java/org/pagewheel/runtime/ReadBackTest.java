package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pagewheel.Buffer;
import org.pagewheel.EventReader;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventType;

/** An application reads what it has recorded, as values and as records. */
class ReadBackTest {
  record Filled(long id, double price, String venue) {}

  record Late(int took) {}

  private static final EventType<Filled> FILLED = EventType.of("readback", Filled.class);

  @Test
  void recordsAndMarksComeOutOfABuffer() throws Exception {
    try (Pagewheel pagewheel = Pagewheel.start(Map.of("pagewheel.buffers.main.cpus", "1"))) {
      Buffer main = pagewheel.buffers().get("main");
      List<Filled> written = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        written.add(new Filled(i, i / 8.0, "X" + i));
        assertTrue(FILLED.record(main, written.getLast()));
      }
      main.mark("closing");
      List<Filled> read = new ArrayList<>();
      try (EventReader events = main.readers().events()) {
        Event event = null;
        while (events.next()) {
          assertSame(event == null ? events.event() : event, events.event());
          event = events.event();
          assertEquals(events.time(), event.time());
          assertEquals(events.cpu(), event.cpu());
          if (FILLED.is(event)) {
            read.add(FILLED.read(event));
          } else if (event.is("ftrace", "print")) {
            assertEquals("closing", event.getString("buf").strip());
          }
        }
        // A type that is defined while the reader is open is known all the same.
        EventType<Late> late = EventType.of("readback", Late.class);
        assertTrue(late.record(main, new Late(7)));
        assertTrue(events.next());
        assertEquals(7, events.event().getLong("took"));
        assertFalse(events.next());
      }
      assertEquals(written, read);
    }
  }
}
