package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a supervisor may name; that it hears is for {@link RunIT}. */
class NotifyTest {
  @Test
  void nobodyNeedsToListen() throws Exception {
    assertTrue(Notify.of(null).isEmpty());
    assertTrue(Notify.of("").isEmpty());
  }

  @Test
  void aNameHasToFitItsPlace() throws Exception {
    assertThrows(IOException.class, () -> Notify.of("relative"));
    assertThrows(IOException.class, () -> Notify.of("/" + "x".repeat(107)));
    Notify longest = Notify.of("/" + "x".repeat(106)).orElseThrow();
    var failed = assertThrows(IOException.class, () -> longest.send(Notify.READY));
    assertEquals(
        "nobody takes what is sent to NOTIFY_SOCKET=/" + "x".repeat(106), failed.getMessage());
  }
}
