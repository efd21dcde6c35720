package org.pagewheel.shell.internal.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import org.pagewheel.shell.internal.print.CommandFailed;
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

  /**
   * Runs commands in a process that records, and drops what they print.
   *
   * @param pid its number, as its socket has it
   * @param environment says where its socket may lie
   * @param commands as {@code pagewheel ctl} takes them
   * @throws IOException if it cannot be reached or a command fails, with the reason
   */
  public static void run(String pid, Map<String, String> environment, String commands)
      throws IOException {
    try (ControlClient client = ControlClient.connect(environment, pid);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8)) {
      new RemoteCommands(client, nowhere, false, Integer.MAX_VALUE).run(commands, () -> false);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(e.getMessage(), e);
    }
  }

  /**
   * What the environment of a process of this user's says of the place of its socket.
   *
   * @param pid its number
   * @return this process's own if it does not say
   */
  public static Map<String, String> environmentOf(String pid) {
    return ControlDirectory.environmentOf(pid).orElseGet(System::getenv);
  }
}
