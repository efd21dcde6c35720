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
 * Failures in a line that do not make the line fail: those of all but the last part of a pipe,
 * whose exceptions Gogo prints by class name and otherwise ignores, and those of writing to a file,
 * which a {@link java.io.PrintStream} hides.
 */
public final class PipeFailures {
  /** The session's variable in which Gogo leaves the exceptions of the last pipe's parts. */
  private static final String THROWN = "pipe-exception";

  private static final int OUT = 1;

  /** Gogo's commands print what was wrong and leave this number; it has no getter. */
  private static final String ERROR_NUMBER = "error";

  /** The messages of the JDK's pipes to a writer whose reader has gone. */
  private static final Set<String> LEFT =
      Set.of("Read end dead", "Pipe closed", "Pipe broken", "Reader closed");

  private PipeFailures() {}

  /**
   * Collects the failures of a job.
   *
   * @param job one whose status has just changed
   * @param before the previous status: nothing else sees the end of a background job
   * @return empty unless it is done
   */
  public static List<Throwable> of(Job job, Status before) {
    List<Throwable> failures = new ArrayList<>();
    if (job.status() != Status.Done) {
      return failures;
    }
    // An interrupted job leaves no new value: each is taken once.
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

  /** Whether a part of a pipe has ended with an error number; for the last one Gogo returns it. */
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
      return 0; // an unknown Gogo: the printed line must do
    }
  }

  private static boolean isEndOfReader(Throwable part) {
    return part instanceof InterruptedException
        || part instanceof IOException && LEFT.contains(String.valueOf(part.getMessage()));
  }
}
