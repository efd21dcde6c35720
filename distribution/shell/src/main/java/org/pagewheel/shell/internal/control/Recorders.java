package org.pagewheel.shell.internal.control;

import java.io.IOException;
import java.time.Duration;
import org.pagewheel.spi.Reason;

/** This user's processes that record, for code that starts one. */
public final class Recorders {
  private static final Duration LOOK = Duration.ofMillis(50);

  private Recorders() {}

  /**
   * Whether a process records and can be reached.
   *
   * @param pid its number
   * @throws IOException if the directories of sockets cannot be read
   */
  public static boolean isOne(String pid) throws IOException {
    return ControlClient.socket(System.getenv(), pid).isPresent();
  }

  /**
   * Waits until a process records.
   *
   * @param pid its number
   * @param patience how long
   * @return empty when it does, else why it does not
   * @throws InterruptedException if the thread is interrupted
   */
  public static String await(String pid, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    try {
      while (!isOne(pid)) {
        if (System.nanoTime() - end > 0) {
          return "it has no control socket";
        }
        Thread.sleep(LOOK);
      }
      return "";
    } catch (IOException e) {
      return Reason.of(e);
    }
  }
}
