package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a supervisor may name; that it hears is for {@link RunIT}. */
class NotifyTest {
  @Test
  void nobodyNeedsToListen() throws Exception {
    assertTrue(Notify.of(null).isEmpty());
    assertTrue(Notify.of("").isEmpty());
  }

  /** Its queue is full: whoever ends must not wait for it. */
  @Test
  @Timeout(120)
  void aSupervisorThatDoesNotReadHoldsUpNobody() throws Exception {
    String socket = "@pagewheel-full-" + ProcessHandle.current().pid();
    Process deaf =
        new ProcessBuilder(
                "python3",
                "-c",
                "import socket, sys; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM);"
                    + " s.bind(chr(0) + sys.argv[1][1:]); print('bound', flush=True);"
                    + " sys.stdin.read()",
                socket)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertEquals("bound", deaf.inputReader().readLine());
      Notify notify = Notify.of(socket).orElseThrow();
      assertThrows(
          IOException.class,
          () -> {
            for (int i = 0; i < 100_000; i++) {
              notify.send(Notify.READY);
            }
          });
    } finally {
      deaf.destroyForcibly();
    }
  }

  @Test
  void aNameHasToFitItsPlace() throws Exception {
    assertThrows(IOException.class, () -> Notify.of("relative"));
    assertThrows(IOException.class, () -> Notify.of("/" + "x".repeat(107)));
    Notify longest = Notify.of("/" + "x".repeat(106)).orElseThrow();
    var failed = assertThrows(IOException.class, () -> longest.send(Notify.READY));
    assertEquals(
        "nothing receives what is sent to NOTIFY_SOCKET=/" + "x".repeat(106), failed.getMessage());
  }
}
