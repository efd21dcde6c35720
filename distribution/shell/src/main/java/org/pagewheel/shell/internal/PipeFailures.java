package org.pagewheel.shell.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.Job;
import org.apache.felix.service.command.Job.Status;
import org.apache.felix.service.command.Process;

/**
 * What fails in a line without the line itself failing: all but the last part of a pipe, whose
 * exceptions Gogo prints by the name of their class and otherwise ignores, and writes into a file,
 * which a {@link java.io.PrintStream} keeps to itself.
 */
public final class PipeFailures {
  /** The session's variable in which Gogo leaves what the parts of the last pipe have thrown. */
  private static final String THROWN = "pipe-exception";

  private static final int OUT = 1;

  /** What the JDK's pipes say to a writer whose reader has had enough. */
  private static final Set<String> LEFT =
      Set.of("Read end dead", "Pipe closed", "Pipe broken", "Reader closed");

  private PipeFailures() {}

  /**
   * Takes what has failed in a job.
   *
   * @param job one whose status has just changed
   * @return empty unless it is done
   */
  public static List<Throwable> of(Job job) {
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

  private static boolean isEndOfReader(Throwable part) {
    return part instanceof InterruptedException
        || part instanceof IOException && LEFT.contains(String.valueOf(part.getMessage()));
  }
}
