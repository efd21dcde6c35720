package org.pagewheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.pagewheel.event.EventSet;
import org.pagewheel.spi.OwnedEventSet;
import org.pagewheel.spi.OwnedReaders;
import org.pagewheel.spi.RingConfig;
import org.pagewheel.spi.Wakeup;
import org.pagewheel.tck.reference.SimpleBackend;

/** What a buffer hands out cannot be closed, except what its user has opened. */
class ViewsTest {
  /** Readers and pauses of its own, which a user opens and closes. */
  private static final Set<Class<?>> OPENED_BY_THE_USER =
      Set.of(EventReader.class, PageReader.class, Pause.class);

  private static List<Method> methods(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(method -> method.getDeclaringClass() != Object.class)
        .toList();
  }

  @Test
  void nothingThatABufferIsMadeOfCanBeClosed() {
    Set<String> parts = new TreeSet<>();
    for (Method method : methods(Buffer.class)) {
      Class<?> part = method.getReturnType();
      if (part.getName().startsWith("org.pagewheel.") && !OPENED_BY_THE_USER.contains(part)) {
        parts.add(part.getSimpleName());
        assertFalse(AutoCloseable.class.isAssignableFrom(part), method::toString);
        for (Method of : methods(part)) {
          assertFalse(of.getName().equals("close"), of::toString);
          assertFalse(
              AutoCloseable.class.isAssignableFrom(of.getReturnType())
                  && !OPENED_BY_THE_USER.contains(of.getReturnType()),
              of::toString);
        }
      }
    }
    assertTrue(parts.containsAll(Set.of("Readers", "EventSet")), parts::toString);
    assertTrue(AutoCloseable.class.isAssignableFrom(Buffer.class));
  }

  @Test
  void noneOfThemIsAnOwnerInDisguise() throws Exception {
    BufferConfig config = BufferConfig.of("views", "simple").withPages(2, 4096);
    try (var ring = new SimpleBackend().open(RingConfig.of(config));
        OwnedReaders readers = new OwnedReaders(ring, new Wakeup());
        OwnedEventSet events = OwnedEventSet.open()) {
      for (Object view : List.of(readers.view(), events.view())) {
        assertFalse(view instanceof AutoCloseable, view::toString);
        // A container of beans also calls public methods of these names, whatever the type.
        List<String> ends =
            methods(view.getClass()).stream()
                .map(Method::getName)
                .filter(Set.of("close", "shutdown", "destroy", "stop")::contains)
                .toList();
        assertEquals(List.of(), ends);
      }
    }
  }

  @Test
  void openAndCloseOfAnEventSetAreNotForApplications() {
    List<String> names = methods(EventSet.class).stream().map(Method::getName).toList();
    assertFalse(names.contains("open"), names::toString);
    assertFalse(names.contains("bit"), names::toString);
  }
}
