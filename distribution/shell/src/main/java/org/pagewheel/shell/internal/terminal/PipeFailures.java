package org.pagewheel.shell.internal.terminal;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.Job;
import org.apache.felix.service.command.Job.Status;
import org.apache.felix.service.command.Process;
import org.apache.felix.service.command.Result;
import org.pagewheel.shell.internal.print.CommandFailed;

/**
 * What fails in a line without the line itself failing: all but the last part of a pipe, whose
 * exceptions Gogo prints by the name of their class and otherwise ignores, and writes into a file,
 * which a {@link java.io.PrintStream} keeps to itself.
 */
public final class PipeFailures {
  /** The session's variable in which Gogo leaves what the parts of the last pipe have thrown. */
  private static final String THROWN = "pipe-exception";

  private static final int OUT = 1;

  /** Gogo's commands print what was wrong and leave this number; it has no getter. */
  private static final String ERROR_NUMBER = "error";

  /** What the JDK's pipes say to a writer whose reader has had enough. */
  private static final Set<String> LEFT =
      Set.of("Read end dead", "Pipe closed", "Pipe broken", "Reader closed");

  private PipeFailures() {}

  /**
   * Takes what has failed in a job.
   *
   * @param job one whose status has just changed
   * @param before the status before: of a job in the background nobody else sees how it ends
   * @return empty unless it is done
   */
  public static List<Throwable> of(Job job, Status before) {
    List<Throwable> failures = new ArrayList<>();
    if (job.status() != Status.Done) {
      return failures;
    }
    // A job that is interrupted leaves no new value: each is taken once.
    if (job.session().put(THROWN, null) instanceof Throwable thrown) {
      List.of(thrown.getSuppressed()).stream()
          .filter(part -> !isEndOfReader(part))
          .forEach(failures::add);
    }
    Result result = before == Status.Background ? job.result() : null;
    if (result != null && result.exception() != null && !isEndOfReader(result.exception())) {
      if (failures.stream().noneMatch(part -> part == result.exception())) {
        failures.add(result.exception());
      }
    }
    List<Process> parts = job.processes();
    Process last = parts.isEmpty() ? null : parts.getLast();
    boolean redirected = last != null && last.out() != null && !last.isTty(OUT);
    if (redirected && last.out().checkError()) {
      failures.add(
          new CommandFailed(
              "not all of the output of '%s' could be written".formatted(job.command())));
    }
    return failures;
  }

  /** Whether a part of a pipe has ended with an error number; of the last one Gogo returns it. */
  public static boolean hasErrorNumber(Job job) {
    return job.status() == Status.Done
        && job.processes().stream().anyMatch(part -> errorNumber(part) != 0);
  }

  private static int errorNumber(Process part) {
    try {
      Field number = part.getClass().getDeclaredField(ERROR_NUMBER);
      number.setAccessible(true);
      return number.getInt(part);
    } catch (ReflectiveOperationException | RuntimeException e) {
      return 0; // not a Gogo that we know: the line that was printed must do
    }
  }

  private static boolean isEndOfReader(Throwable part) {
    return part instanceof InterruptedException
        || part instanceof IOException && LEFT.contains(String.valueOf(part.getMessage()));
  }
}
