package org.pagewheel.sources.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pagewheel.event.EventType;

class JvmEventsTest {
  @Test
  void everyEventTellsWhenItBegan() {
    List<EventType<?>> types =
        List.of(
            JvmEvents.GC,
            JvmEvents.GC_PAUSE,
            JvmEvents.SAFEPOINT_BEGIN,
            JvmEvents.SAFEPOINT_END,
            JvmEvents.VM_OPERATION,
            JvmEvents.CLASS_LOAD,
            JvmEvents.THREAD_START,
            JvmEvents.THREAD_END);
    for (EventType<?> type : types) {
      assertEquals("jvm", type.format().system());
      String text = type.format().text();
      assertTrue(text.contains("s64 began;"), text);
    }
  }
}
