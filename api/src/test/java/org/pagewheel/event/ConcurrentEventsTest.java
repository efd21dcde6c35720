package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.event.internal.EventFields;
import org.pagewheel.event.internal.ThreadIds;

class ConcurrentEventsTest {
  record One(int writer, int number, String text, int check) {}

  record Same(long id) {}

  static final EventType<One> ONE = EventType.of("concurrent", One.class);

  private final PageBuffer buffer = PageBuffer.of(2048);

  @AfterEach
  void close() {
    buffer.close();
  }

  private static <T> List<T> all(List<Callable<T>> tasks) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    }
  }

  @Test
  void typesDefinedAtOnceHaveOneId() throws Exception {
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      tasks.add(() -> EventType.of("concurrent", Same.class).format().id());
    }
    assertEquals(1, all(tasks).stream().distinct().count());
  }

  @Test
  void eventsAreWholeWhileTypesAreEnabledAndDisabled() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    Callable<Integer> writer = () -> write(done);
    Callable<Integer> switcher =
        () -> {
          for (int i = 0; i < 2000; i++) {
            buffer.events().disable("concurrent:*");
            assertFalse(buffer.events().isEnabled(ONE.format()));
            buffer.events().enable("*:one");
            assertTrue(ONE.isEnabled(buffer));
          }
          done.set(true);
          return 0;
        };
    int written = all(List.of(writer, writer, switcher)).stream().mapToInt(n -> n).sum();
    List<MemorySegment> events = buffer.pageRing().events();
    assertEquals(written, events.size());
    for (MemorySegment event : events) {
      int number = event.get(EventFields.INT, 12);
      assertEquals(number * 31, event.get(EventFields.INT, 20), "the event is not torn");
      assertEquals("event " + number, event.getString(24));
    }
  }

  private int write(AtomicBoolean done) {
    int pid = ThreadIds.current();
    int written = 0;
    for (int i = 0; written < 50_000 && !done.get(); i++) {
      if (ONE.record(buffer, new One(pid, i, "event " + i, i * 31))) {
        written++;
      }
    }
    return written;
  }
}
